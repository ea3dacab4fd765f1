import pytest
from outlook_inputs import bridge, occupation, separations, state_row
from sql_inputs import Row, area_cell


def projections(
    run_sql, *, occupations=(), leaving=(), states=(), bridges=(), oews=(), combinations=()
) -> dict[tuple[str, str], Row]:
    published = {
        "raw.ep_occupation": list(occupations),
        "raw.ep_separations": list(leaving),
        "raw.projections_central": list(states),
        "seed.projection_combination": [{"combined_code": whole, "member_code": part} for whole, part in combinations],
    }
    expected = run_sql("core.expected_openings", published)
    result = run_sql(
        "core.occupation_projection",
        {
            **published,
            "core.expected_openings": expected,
            "seed.nem_soc": list(bridges),
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


# --- openings that cannot be right ------------------------------------------------------------------------------------

#: Thousands: of every 100 nurses 7 leave a year, of 100 teachers 8, of 100 cooks 16, of 100 drivers 12.
NATION = [
    (occupation("29-1141", 3_000.0, 3_100.0, 220.0), separations("29-1141", 100.0, 110.0)),
    (occupation("25-2021", 1_000.0, 1_000.0, 80.0), separations("25-2021", 40.0, 40.0)),
    (occupation("35-2014", 1_000.0, 1_100.0, 170.0), separations("35-2014", 60.0, 100.0)),
    (occupation("53-3032", 2_000.0, 2_000.0, 240.0), separations("53-3032", 100.0, 140.0)),
]
#: Jobs in 2022 and 2032, and openings: 7 % of 100,000 and 1,000 from growth; 8 % of 50,000 less 500; and so on.
GOOD = {
    "29-1141": (100_000, 110_000, 8_000),
    "25-2021": (50_000, 45_000, 3_500),
    "35-2014": (40_000, 44_000, 6_800),
    "53-3032": (30_000, 31_500, 3_750),
}


def judged(run_sql, openings, *, more=(), combinations=(), without="") -> dict[str, Row]:
    """One state beside the nation; `openings` makes its openings of those of a good list and the jobs."""
    rows = [
        state_row("CA", code, base, later, openings(base, later, good))
        for code, (base, later, good) in GOOD.items()
        if code != without
    ]
    rows += more
    total = [sum(row[name] for row in rows) for name in ("base_jobs", "projected_jobs", "annual_openings")]
    found = projections(
        run_sql,
        occupations=[row for row, _ in NATION],
        leaving=[row for _, row in NATION],
        states=[state_row("CA", "00-0000", *total), *rows],
        combinations=combinations,
    )
    return {code: row for (area, code), row in found.items() if area == "CA"}


def test_openings_that_fit_the_nations_separations_and_the_states_growth_stand(run_sql):
    found = judged(run_sql, lambda base, later, good: good)
    assert {(row["status"], row["openings_status"], row["doubt"]) for row in found.values()} == {("ok", "ok", None)}


@pytest.mark.parametrize(
    ("openings", "doubt"),
    [
        # totals of the decade in place of a year's openings, and a tenth of them
        pytest.param(lambda base, later, good: 10 * good, "openings_of_list", id="decade totals"),
        pytest.param(lambda base, later, good: good // 10, "openings_of_list", id="a tenth"),
        pytest.param(lambda base, later, good: base, "openings_of_list", id="all of the jobs"),
        pytest.param(lambda base, later, good: 2 * good, "openings_of_list", id="twice"),
        pytest.param(lambda base, later, good: 0, "openings_of_list", id="none"),
        # net growth alone, of a year, as printed for New York, and of the whole decade
        pytest.param(lambda base, later, good: max(later - base, 0) // 10, "openings_repeat_change", id="net growth"),
        pytest.param(lambda base, later, good: max(later - base, 0), "openings_repeat_change", id="decade's growth"),
    ],
)
def test_openings_of_a_list_that_cannot_be_right_are_doubtful_and_its_jobs_stand(run_sql, openings, doubt):
    found = judged(run_sql, openings)
    assert {(row["status"], row["openings_status"], row["doubt"]) for row in found.values()} == {
        ("ok", "doubtful", doubt)
    }
    assert found["29-1141"]["base_jobs"] == 100_000


@pytest.mark.parametrize("bound", [pytest.param(0.8, id="low"), pytest.param(1.3, id="high")])
def test_a_list_that_differs_from_the_nation_within_bounds_stands(run_sql, bound):
    found = judged(run_sql, lambda base, later, good: round(bound * good))
    assert {row["openings_status"] for row in found.values()} == {"ok"}


def test_one_occupation_far_off_is_doubtful_alone_in_its_openings(run_sql):
    found = judged(run_sql, lambda base, later, good: 10 * good if good == 6_800 else good)
    assert {code for code, row in found.items() if row["openings_status"] == "doubtful"} == {"35-2014"}
    cooks = found["35-2014"]
    assert (cooks["status"], cooks["doubt"], cooks["annual_openings"]) == ("ok", "openings_of_occupation", 68_000)


def test_openings_of_a_combination_are_held_against_its_occupations_and_named_where_they_repeat_the_change(run_sql):
    """A rest of nurses and teachers with 200 jobs more in a decade and 20 openings a year: nobody leaves it."""
    combinations = [("29-1998", "29-1141"), ("29-1998", "25-2021")]
    rest = [state_row("CA", "29-1998", 4_000, 4_200, 20)]
    found = judged(run_sql, lambda base, later, good: good, more=rest, combinations=combinations)
    row = found.pop("29-1998")
    assert (row["status"], row["openings_status"], row["doubt"]) == ("ok", "doubtful", "openings_repeat_change")
    assert {row["openings_status"] for row in found.values()} == {"ok"}


# 140 cooks: 22 leave a year, printed as 10 and as 40; 40 cooks: 6 leave, printed as 0
@pytest.mark.parametrize(("jobs", "openings"), [(140, 10), (140, 40), (40, 0)])
def test_small_occupations_are_not_judged_by_their_rounding(run_sql, jobs, openings):
    cooks = [state_row("CA", "35-2014", jobs, jobs, openings)]
    found = judged(run_sql, lambda base, later, good: good, more=cooks, without="35-2014")
    assert {row["openings_status"] for row in found.values()} == {"ok"}


def test_a_code_that_the_nation_does_not_list_is_not_judged(run_sql):
    more = [state_row("CA", "99-1111", 1_000, 1_000, 900)]
    found = judged(run_sql, lambda base, later, good: good, more=more)
    assert found["99-1111"]["openings_status"] == "ok"
