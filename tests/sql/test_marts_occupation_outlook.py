import pytest
from sql_inputs import Row

FIGURES = (
    "base_jobs",
    "projected_jobs",
    "change_jobs",
    "growth_pct",
    "cagr_pct",
    "annual_openings",
    "openings_growth",
    "openings_exits",
    "openings_transfers",
    "openings_rate_pct",
)


def projection(area: str, code: str, figures, *, parts=(None, None), status: str = "ok", **more) -> Row:
    base, projected, growth, openings = figures
    return {
        "area_id": area,
        "nem_code": code,
        "soc_code": code,
        "occupation_group": "detailed",
        "projection_period": "2024-34",
        "base_year": 2024,
        "projected_year": 2034,
        "base_jobs": base,
        "projected_jobs": projected,
        "change_jobs": projected - base,
        "growth_pct": growth,
        "annual_openings": openings,
        "annual_exits": parts[0],
        "annual_transfers": parts[1],
        "source": "projections" if area == "US" else "projections_central",
        "status": status,
        "openings_status": "ok" if status in ("ok", "partial") else status,
        "doubt": "list_against_totals" if status == "doubtful" else None,
        **more,
    }


def outlook(run_sql, rows: list[Row], preparation=(), nation=()) -> dict[tuple[str, str], Row]:
    result = run_sql(
        "marts.occupation_outlook",
        {
            "core.occupation_projection": rows,
            "core.occupation_preparation": list(preparation),
            "core.national_projection": list(nation),
            "reference.source_vintage": [
                {"source": "projections", "vintage": "2024-34"},
                {"source": "projections_central", "vintage": "2022-32, bulk file"},
            ],
        },
    )
    return {(row["area_id"], row["soc_code"]): row for row in result.iter_rows(named=True)}


def test_growth_a_year_and_openings_follow_from_the_published_figures(run_sql):
    found = outlook(
        run_sql,
        [
            projection("US", "00-0000", (9e8, 9e8, 0.0, 1e7), parts=(1e6, 1e6), occupation_group="total"),
            projection("US", "29-1141", (100_000, 121_000, 21.0, 9_000), parts=(3_000, 3_900)),
        ],
        [
            {
                "soc_code": "29-1141",
                "entry_education": "Bachelor's degree",
                "job_zone_mean": 4.25,
                "is_middle_skill": False,
            }
        ],
    )
    assert list(found) == [("US", "29-1141")]
    nurses = found["US", "29-1141"]
    # 1.21 in ten years: 1.21 ** 0.1 = 1.019245
    assert nurses["cagr_pct"] == pytest.approx(1.9245, abs=1e-4)
    assert nurses["openings_growth"] == 2_100
    assert (nurses["openings_exits"], nurses["openings_transfers"]) == (3_000, 3_900)
    assert nurses["openings_rate_pct"] == 9.0
    assert (nurses["entry_education"], nurses["job_zone_mean"]) == ("Bachelor's degree", 4.25)
    assert nurses["vintage"] == "2024-34"


def test_a_projection_of_two_years_grows_over_two_years(run_sql):
    found = outlook(run_sql, [projection("TX", "29-1141", (100, 121, 21.0, 10), base_year=2024, projected_year=2026)])
    assert found["TX", "29-1141"]["cagr_pct"] == pytest.approx(10.0)


def test_an_occupation_that_vanishes_shrinks_by_all_of_it(run_sql):
    found = outlook(run_sql, [projection("TX", "43-9022", (40, 0, -100.0, 0))])
    assert found["TX", "43-9022"]["cagr_pct"] == -100.0


def test_states_have_openings_without_their_parts(run_sql):
    (row,) = outlook(run_sql, [projection("TX", "29-1141", (100, 121, 21.0, 10))]).values()
    assert row["annual_openings"] == 10
    assert [row[name] for name in ("openings_growth", "openings_exits", "openings_transfers")] == [None] * 3
    assert row["vintage"] == "2022-32, bulk file"


@pytest.mark.parametrize("status", ["withheld", "doubtful"])
def test_figures_that_cannot_be_used_are_missing(run_sql, status):
    (row,) = outlook(run_sql, [projection("MA", "29-1141", (0, 0, 0.0, 0), status=status)]).values()
    assert [row[name] for name in FIGURES] == [None] * len(FIGURES)
    assert row["status"] == status


def test_a_base_of_zero_beside_later_jobs_is_no_growth(run_sql):
    (row,) = outlook(run_sql, [projection("VI", "43-5051", (0, 70, 0.0, 10), status="partial")]).values()
    given = {name: row[name] for name in FIGURES if row[name] is not None}
    assert given == {"projected_jobs": 70, "annual_openings": 10}


def test_a_code_of_a_state_alone_has_no_assignments(run_sql):
    found = outlook(
        run_sql,
        [projection("OH", "15-1256", (700, 800, 14.3, 70))],
        [{"soc_code": "15-1252", "entry_education": "Bachelor's degree"}],
    )
    row = found["OH", "15-1256"]
    assert (row["base_jobs"], row["entry_education"], row["is_middle_skill"]) == (700, None, None)


def test_doubtful_openings_are_missing_and_the_jobs_stand(run_sql):
    row = projection("NY", "29-1141", (100, 110, 10.0, 1), openings_status="doubtful", doubt="openings_repeat_change")
    found = outlook(run_sql, [row])["NY", "29-1141"]
    assert (found["status"], found["openings_status"], found["doubt"]) == ("ok", "doubtful", "openings_repeat_change")
    assert (found["base_jobs"], found["growth_pct"]) == (100, 10.0)
    assert (found["annual_openings"], found["openings_rate_pct"]) == (None, None)


def test_the_nation_of_the_same_period_stands_beside_a_state(run_sql):
    nation = [
        {"projection_period": period, "nem_code": code, "base_jobs": 1_000.0, "growth_pct": growth,
         "annual_openings": 70.0}
        for period, code, growth in (
            ("2022-32", "29-1141", 5.6), ("2024-34", "29-1141", 4.9), ("2022-32", "25-2021", 1.0)
        )
    ]  # fmt: skip
    older = {"projection_period": "2022-32", "base_year": 2022, "projected_year": 2032}
    rows = [
        projection("OH", "29-1141", (100, 110, 10.0, 8), **older),
        projection("OH", "15-1256", (100, 110, 10.0, 8), **older),
        projection("ID", "29-1141", (100, 110, 10.0, 8), **{**older, "projection_period": "2020-30"}),
    ]
    found = outlook(run_sql, rows, nation=nation)
    asked = ("national_growth_pct", "national_openings_rate_pct", "national_status")
    assert [found["OH", "29-1141"][name] for name in asked] == [5.6, 7.0, "ok"]
    # a code of the state's own, and a cycle of which the nation is not at hand
    assert [found["OH", "15-1256"][name] for name in asked] == [None, None, "absent"]
    assert [found["ID", "29-1141"][name] for name in asked] == [None, None, "not_in_cycle"]
