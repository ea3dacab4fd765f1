from outlook_inputs import bridge, occupation, separations, state_row
from sql_inputs import Row, area_cell


def projections(
    run_sql, *, occupations=(), leaving=(), states=(), bridges=(), oews=(), combinations=()
) -> dict[tuple[str, str], Row]:
    result = run_sql(
        "core.occupation_projection",
        {
            "raw.ep_occupation": list(occupations),
            "raw.ep_separations": list(leaving),
            "raw.projections_central": list(states),
            "seed.nem_soc": list(bridges),
            "seed.projection_combination": [
                {"combined_code": whole, "member_code": part} for whole, part in combinations
            ],
            "core.oews_area_occupation": [area_cell(*cell) for cell in oews],
        },
    )
    return {(row["area_id"], row["nem_code"]): row for row in result.iter_rows(named=True)}


def test_thousands_of_the_nation_become_jobs_and_summaries_stay_out(run_sql):
    found = projections(
        run_sql,
        occupations=[
            occupation("00-0000", 169956.1, 175167.9, 18863.3, kind="Summary"),
            occupation("29-0000", 9999.0, 9999.0, 9.0, kind="Summary"),
            occupation("29-1141", 3391.0, 3557.1, 189.1),
        ],
        leaving=[
            separations("00-0000", 8155.0, 10187.1),
            separations("29-0000", 1, 1),
            separations("29-1141", 97.9, 74.6),
        ],
        bridges=[bridge("29-1141")],
    )
    assert {key: row["occupation_group"] for key, row in found.items()} == {
        ("US", "00-0000"): "total",
        ("US", "29-1141"): "detailed",
    }
    nurses = found["US", "29-1141"]
    assert nurses["projection_period"] == "2024-34"
    assert (nurses["base_jobs"], nurses["projected_jobs"], nurses["change_jobs"]) == (3_391_000, 3_557_100, 166_100)
    assert (nurses["annual_openings"], nurses["annual_exits"], nurses["annual_transfers"]) == (189_100, 97_900, 74_600)
    assert nurses["growth_pct"] == 4.9
    assert (nurses["source"], nurses["status"]) == ("projections", "ok")


def test_the_bridge_names_the_code_and_an_unknown_code_keeps_its_own(run_sql):
    found = projections(
        run_sql,
        occupations=[occupation("51-9999", 1.0, 1.0, 0.1)],
        leaving=[separations("51-9999", 0.1, 0.0)],
        states=[
            state_row("OH", "51-9999", 500, 500, 50),
            state_row("OH", "15-1256", 700, 700, 70),
            state_row("OH", "00-0000", 1_200, 1_200, 120),
        ],
        bridges=[bridge("51-9999", "51-9198")],
    )
    assert {key: row["soc_code"] for key, row in found.items()} == {
        ("US", "51-9999"): "51-9198",
        ("OH", "51-9999"): "51-9198",
        ("OH", "15-1256"): "15-1256",
        ("OH", "00-0000"): "00-0000",
    }


def test_states_keep_their_own_years_and_say_nothing_of_parts(run_sql):
    found = projections(
        run_sql,
        states=[
            state_row("OH", "00-0000", 1_000, 1_100, 100, base_year=2024, projected_year=2034),
            state_row("OH", "29-1141", 1_000, 1_100, 100, base_year=2024, projected_year=2034),
            state_row("TX", "00-0000", 1_000, 1_100, 100),
            state_row("TX", "29-1141", 1_000, 1_100, 100),
        ],
    )
    assert {row["area_id"]: row["projection_period"] for row in found.values()} == {"OH": "2024-34", "TX": "2022-32"}
    assert {row["annual_exits"] for row in found.values()} == {None}


def test_a_base_of_zero_is_withheld_or_partial_and_stays_as_printed(run_sql):
    found = projections(
        run_sql,
        states=[
            state_row("ID", "00-0000", 1_000, 1_000, 100),
            state_row("ID", "29-1141", 1_000, 1_000, 100),
            state_row("ID", "17-2171", 0, 0, 0),
            state_row("ID", "43-5051", 0, 70, 10, status="rounded"),
        ],
    )
    assert {code: row["status"] for (_, code), row in found.items()} == {
        "00-0000": "ok",
        "29-1141": "ok",
        "17-2171": "withheld",
        "43-5051": "partial",
    }
    assert found["ID", "43-5051"]["projected_jobs"] == 70


def test_a_state_whose_jobs_and_openings_disagree_is_doubtful_as_a_whole(run_sql):
    """Occupations of 36 percent of the jobs cannot have 91 percent of the openings."""
    found = projections(
        run_sql,
        states=[
            state_row("MA", "00-0000", 100_000, 106_000, 4_500),
            state_row("MA", "29-1141", 36_000, 38_000, 4_095),
            # few occupations, yet the same share of both: 36 percent of the jobs, 40 of the openings
            state_row("VI", "00-0000", 100_000, 106_000, 10_000),
            state_row("VI", "29-1141", 36_000, 38_000, 4_000),
            # no total to hold them against
            state_row("GU", "29-1141", 36_000, 38_000, 4_000),
        ],
    )
    assert {key: row["status"] for key, row in found.items()} == {
        ("MA", "00-0000"): "doubtful",
        ("MA", "29-1141"): "doubtful",
        ("VI", "00-0000"): "ok",
        ("VI", "29-1141"): "ok",
        ("GU", "29-1141"): "ok",
    }


def test_next_to_none_of_the_jobs_that_oews_counts_is_doubtful_alone(run_sql):
    """310 software developers where OEWS finds 44,790 are a part of them under the code of all."""
    found = projections(
        run_sql,
        states=[
            state_row("OH", "00-0000", 101_310, 101_310, 10_131),
            state_row("OH", "15-1252", 310, 360, 20),
            # a twentieth and more, and an occupation that OEWS hardly finds
            state_row("OH", "25-3031", 500, 500, 50),
            state_row("OH", "51-9199", 40, 40, 10),
            state_row("OH", "29-1141", 100_460, 100_410, 10_051),
        ],
        oews=[
            ("OH", "15-1252", 44_790),
            ("OH", "25-3031", 10_000),
            ("OH", "51-9199", 990),
            ("OH", "29-1141", 120_000),
            # the same occupation elsewhere
            ("TX", "29-1141", 9_000_000),
        ],
    )
    assert {code for (_, code), row in found.items() if row["status"] == "doubtful"} == {"15-1252"}
    assert found["OH", "15-1252"]["base_jobs"] == 310


def test_a_combination_is_held_against_its_occupations_together_with_them(run_sql):
    combinations = [("15-1256", "15-1252"), ("15-1256", "15-1253")]
    oews = [(area, code, 20_000) for area in ("MI", "OH", "NY") for code in ("15-1252", "15-1253")]
    found = projections(
        run_sql,
        states=[
            # a rest beside its occupations
            state_row("MI", "15-1252", 20_000, 20_000, 2_000),
            state_row("MI", "15-1253", 20_000, 20_000, 2_000),
            state_row("MI", "15-1256", 180, 180, 18),
            # a rest where they should be
            state_row("OH", "15-1256", 180, 180, 18),
            # in their place
            state_row("NY", "15-1256", 38_000, 38_000, 3_800),
        ],
        oews=oews,
        combinations=combinations,
    )
    assert {key: row["status"] for key, row in found.items() if key[1] == "15-1256"} == {
        ("MI", "15-1256"): "ok",
        ("OH", "15-1256"): "doubtful",
        ("NY", "15-1256"): "ok",
    }


def test_what_oews_withholds_says_nothing_of_a_projection(run_sql):
    found = projections(run_sql, states=[state_row("OH", "15-1252", 310, 360, 20)], oews=[("OH", "15-1252", None)])
    assert found["OH", "15-1252"]["status"] == "ok"
