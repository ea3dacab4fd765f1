from collections.abc import Sequence

import pytest
from sql_inputs import Row

BASES = ("unduplicated", "duplicated")
PLACES = [("cluster", "health", "all"), ("sub_cluster", "health", "physical"), ("sub_cluster", "health", "empty")]


def total(
    area: str, jobs: float, later: float, openings: float, *, parts=(None, None), status: str = "ok", doubt=None
) -> Row:
    years = (2024, 2034) if area == "US" else (2022, 2032)
    return {
        "area_id": area,
        "nem_code": "00-0000",
        "soc_code": "00-0000",
        "occupation_group": "total",
        "projection_period": f"{years[0]}-{years[1] % 100}",
        "base_year": years[0],
        "projected_year": years[1],
        "base_jobs": jobs,
        "projected_jobs": later,
        "annual_openings": openings,
        "annual_exits": parts[0],
        "annual_transfers": parts[1],
        "source": "projections" if area == "US" else "projections_central",
        "status": status,
        "openings_status": "doubtful" if doubt else status,
        "doubt": doubt,
    }


def summed(area: str, education: str, *, defined=1, counted=1, national=100.0, covered=100.0, **figures) -> list[Row]:
    """The same group as cluster, sub-cluster and total."""
    row = {
        "area_id": area,
        "basis": "unduplicated",
        "entry_education": education,
        "occupations_defined": defined,
        "occupations": counted,
        "national_base_jobs": national,
        "national_base_jobs_projected": covered,
        "middle_skill_openings": 0.0,
        "zone_jobs": 0.0,
        "zone_sum": 0.0,
        "openings_jobs": figures.get("base_jobs"),
        **figures,
    }
    places = [("all", "all", "all"), *PLACES[:2]]
    return [
        row | {"level": level, "cluster_id": cluster, "sub_cluster_id": sub_cluster}
        for level, cluster, sub_cluster in places
    ]


def outlook(
    run_sql, totals: list[Row], sums: list[list[Row]], nation: Sequence[Row] = ()
) -> dict[tuple[str, ...], Row]:
    result = run_sql(
        "marts.cluster_outlook",
        {
            "core.occupation_projection": totals,
            "core.area_group_scheme": [
                {"area_id": area, "scheme": "national"} for area in sorted({row["area_id"] for row in totals})
            ],
            "core.scheme_node": [
                {
                    "scheme": "national",
                    "basis": basis,
                    "level": level,
                    "cluster_id": cluster,
                    "sub_cluster_id": sub_cluster,
                }
                for basis in BASES
                for level, cluster, sub_cluster in PLACES
            ],
            "core.group_outlook": [row for rows in sums for row in rows],
            "core.group_outlook_nation": list(nation),
            "reference.source_vintage": [
                {"source": "projections", "vintage": "2024-34"},
                {"source": "projections_central", "vintage": "2022-32, bulk file"},
            ],
        },
    )
    key = ("area_id", "basis", "cluster_id", "sub_cluster_id")
    return {tuple(row[name] for name in key): row for row in result.iter_rows(named=True)}


NATION = total("US", 500.0, 525.0, 60.0, parts=(25.0, 32.5))
# 100 jobs that grow by a half and 300 that shrink by a tenth
BACHELORS = summed(
    "US",
    "Bachelor's degree",
    base_jobs=100.0,
    projected_jobs=150.0,
    annual_openings=15.0,
    annual_exits=4.0,
    annual_transfers=6.0,
    zone_jobs=100.0,
    zone_sum=400.0,
)
ASSOCIATES = summed(
    "US",
    "Associate's degree",
    base_jobs=300.0,
    projected_jobs=270.0,
    annual_openings=27.0,
    annual_exits=10.0,
    annual_transfers=20.0,
    middle_skill_openings=27.0,
    zone_jobs=200.0,
    zone_sum=600.0,
)


def test_growth_is_change_over_base_of_the_sums_and_never_a_mean_of_rates(run_sql):
    row = outlook(run_sql, [NATION], [BACHELORS, ASSOCIATES])["US", "unduplicated", "health", "all"]
    assert (row["base_jobs"], row["projected_jobs"], row["change_jobs"]) == (400, 420, 20)
    # the mean of +50 and -10 percent would be 20
    assert row["growth_pct"] == pytest.approx(5.0)
    # 1.05 ** 0.1
    assert row["cagr_pct"] == pytest.approx(0.4891, abs=1e-4)


def test_openings_have_their_parts_and_their_rate(run_sql):
    row = outlook(run_sql, [NATION], [BACHELORS, ASSOCIATES])["US", "unduplicated", "health", "all"]
    assert (row["annual_openings"], row["openings_exits"], row["openings_transfers"]) == (42, 14, 26)
    # 20 jobs more in ten years
    assert row["openings_growth"] == pytest.approx(2)
    assert row["openings_rate_pct"] == pytest.approx(10.5)


def test_middle_skill_is_a_share_of_openings_and_the_job_zone_a_mean_over_jobs(run_sql):
    row = outlook(run_sql, [NATION], [BACHELORS, ASSOCIATES])["US", "unduplicated", "health", "all"]
    assert row["middle_skill_pct"] == pytest.approx(100 * 27 / 42, abs=1e-4)
    # 400 + 600 over 300 jobs with a zone, of 400
    assert row["job_zone_mean"] == pytest.approx(1_000 / 300, abs=1e-4)
    assert row["job_zone_coverage_pct"] == pytest.approx(75)


def test_openings_without_an_assignment_stay_out_of_the_middle_skill_share(run_sql):
    unknown = summed("US", "not assigned", base_jobs=50.0, projected_jobs=50.0, annual_openings=58.0)
    row = outlook(run_sql, [NATION], [ASSOCIATES, BACHELORS, unknown])["US", "unduplicated", "health", "all"]
    assert row["annual_openings"] == 100
    assert row["middle_skill_pct"] == pytest.approx(100 * 27 / 42, abs=1e-4)


def test_the_total_is_as_published_and_says_how_much_of_it_its_occupations_are(run_sql):
    row = outlook(run_sql, [NATION], [BACHELORS, ASSOCIATES])["US", "unduplicated", "all", "all"]
    assert (row["base_jobs"], row["projected_jobs"], row["annual_openings"]) == (500, 525, 60)
    assert (row["openings_growth"], row["openings_exits"], row["openings_transfers"]) == (2.5, 25, 32.5)
    assert row["growth_pct"] == pytest.approx(5)
    assert row["coverage_pct"] == pytest.approx(80)
    assert row["middle_skill_pct"] == pytest.approx(100 * 27 / 42, abs=1e-4)
    assert (row["status"], row["projection_period"], row["vintage"]) == ("ok", "2024-34", "2024-34")


def test_every_place_has_a_row_on_every_basis(run_sql):
    found = outlook(run_sql, [NATION], [BACHELORS])
    assert len(found) == 2 * 4
    empty = found["US", "unduplicated", "health", "empty"]
    assert (empty["status"], empty["coverage_pct"], empty["base_jobs"], empty["occupations"]) == (
        "no_occupations",
        None,
        None,
        0,
    )


def test_a_state_has_openings_as_a_whole_and_its_own_period(run_sql):
    sums = summed("OH", "Bachelor's degree", base_jobs=10.0, projected_jobs=11.0, annual_openings=1.0)
    row = outlook(run_sql, [NATION, total("OH", 50.0, 55.0, 5.0)], [BACHELORS, sums])[
        "OH", "unduplicated", "health", "all"
    ]
    assert row["annual_openings"] == 1
    assert [row[name] for name in ("openings_growth", "openings_exits", "openings_transfers")] == [None] * 3
    assert (row["projection_period"], row["vintage"], row["status"]) == ("2022-32", "2022-32, bulk file", "ok")


def test_coverage_goes_by_the_nations_jobs_and_decides_partial_and_withheld(run_sql):
    none = dict.fromkeys(("base_jobs", "projected_jobs", "annual_openings", "annual_exits", "annual_transfers"))
    sums = [
        summed("OH", "Bachelor's degree", covered=100.0, base_jobs=9.0, projected_jobs=9.0, annual_openings=1.0),
        summed("OH", "Associate's degree", counted=0, national=60.0, covered=0.0, **none),
        summed("VI", "Associate's degree", counted=0, national=300.0, covered=0.0, **none),
    ]
    found = outlook(run_sql, [total("OH", 50.0, 55.0, 5.0), total("VI", 5.0, 5.0, 1.0)], sums)
    ohio = found["OH", "unduplicated", "health", "all"]
    assert (ohio["status"], ohio["coverage_pct"]) == ("partial", 62.5)
    assert (ohio["occupations"], ohio["occupations_without_projection"]) == (1, 1)
    islands = found["VI", "unduplicated", "health", "all"]
    assert (islands["status"], islands["coverage_pct"], islands["growth_pct"]) == ("withheld", 0.0, None)


def test_a_doubtful_state_has_no_figures_at_all(run_sql):
    none = dict.fromkeys(("base_jobs", "projected_jobs", "annual_openings", "annual_exits", "annual_transfers"))
    sums = [summed("MA", "Bachelor's degree", counted=0, covered=0.0, **none)]
    found = outlook(run_sql, [total("MA", 100_000.0, 106_000.0, 4_500.0, status="doubtful")], sums)
    for cluster in ("all", "health"):
        row = found["MA", "unduplicated", cluster, "all"]
        assert row["status"] == "doubtful"
        figures = ("base_jobs", "projected_jobs", "change_jobs", "growth_pct", "cagr_pct", "annual_openings",
                   "openings_rate_pct", "middle_skill_pct", "job_zone_mean")  # fmt: skip
        assert [row[name] for name in figures] == [None] * len(figures)


def test_a_group_that_vanishes_shrinks_by_all_of_it(run_sql):
    sums = [summed("OH", "Bachelor's degree", base_jobs=10.0, projected_jobs=0.0, annual_openings=0.0)]
    row = outlook(run_sql, [total("OH", 50.0, 40.0, 5.0)], sums)["OH", "unduplicated", "health", "all"]
    assert (row["growth_pct"], row["cagr_pct"], row["openings_rate_pct"], row["middle_skill_pct"]) == (
        -100,
        -100,
        0,
        None,
    )


def test_one_doubtful_occupation_leaves_the_rest_of_the_state_alone(run_sql):
    doubtful = {**total("OH", 9.0, 9.0, 1.0, status="doubtful"), "nem_code": "15-1252", "occupation_group": "detailed"}
    sums = [summed("OH", "Bachelor's degree", base_jobs=10.0, projected_jobs=11.0, annual_openings=1.0)]
    found = outlook(run_sql, [total("OH", 50.0, 55.0, 5.0), doubtful], sums)
    assert found["OH", "unduplicated", "health", "all"]["status"] == "ok"
    assert found["OH", "unduplicated", "all", "all"]["status"] == "ok"


def test_growth_and_openings_of_a_quarter_of_a_cluster_are_not_given(run_sql):
    none = dict.fromkeys(("base_jobs", "projected_jobs", "annual_openings", "annual_exits", "annual_transfers"))
    sums = [
        summed(
            "OH",
            "Bachelor's degree",
            base_jobs=9.0,
            projected_jobs=12.0,
            annual_openings=1.0,
            middle_skill_openings=1.0,
            zone_jobs=9.0,
            zone_sum=36.0,
        ),
        summed("OH", "Associate's degree", counted=0, national=300.0, covered=0.0, **none),
    ]
    found = outlook(run_sql, [total("OH", 50.0, 55.0, 5.0)], sums)
    row = found["OH", "unduplicated", "health", "all"]
    assert (row["status"], row["openings_status"], row["coverage_pct"]) == ("low_coverage", "low_coverage", 25.0)
    assert (row["base_jobs"], row["occupations"], row["occupations_without_projection"]) == (9.0, 1, 1)
    figures = ("projected_jobs", "change_jobs", "growth_pct", "cagr_pct", "annual_openings", "openings_rate_pct",
               "middle_skill_pct", "job_zone_mean", "job_zone_coverage_pct")  # fmt: skip
    assert [row[name] for name in figures] == [None] * len(figures)
    # the total is as published; what comes from the 9 of its 50 jobs that have an occupation is not given
    whole = found["OH", "unduplicated", "all", "all"]
    assert (whole["growth_pct"], whole["annual_openings"], whole["middle_skill_pct"]) == (pytest.approx(10), 5, None)


@pytest.mark.parametrize(("covered", "status"), [(49.9, "low_coverage"), (50.0, "partial")])
def test_half_of_a_cluster_is_enough(run_sql, covered, status):
    sums = [summed("OH", "Bachelor's degree", covered=covered, base_jobs=9.0, projected_jobs=12.0, annual_openings=1.0)]
    found = outlook(run_sql, [total("OH", 50.0, 55.0, 5.0)], sums)
    assert found["OH", "unduplicated", "health", "all"]["status"] == status


def test_doubtful_openings_of_a_list_leave_its_growth(run_sql):
    figures = {"annual_openings": None, "openings_jobs": None}
    sums = [summed("NY", "Bachelor's degree", base_jobs=40.0, projected_jobs=44.0, **figures)]
    found = outlook(run_sql, [total("NY", 50.0, 55.0, 1.0, doubt="openings_repeat_change")], sums)
    for cluster in ("all", "health"):
        row = found["NY", "unduplicated", cluster, "all"]
        assert (row["status"], row["openings_status"], row["doubt"]) == ("ok", "doubtful", "openings_repeat_change")
        assert row["growth_pct"] == pytest.approx(10)
        assert [row[name] for name in ("annual_openings", "openings_rate_pct", "middle_skill_pct")] == [None] * 3


def test_openings_without_some_occupations_are_partial_and_their_rate_is_of_the_rest(run_sql):
    figures = {"base_jobs": 60.0, "projected_jobs": 60.0, "annual_openings": 5.0, "openings_jobs": 50.0}
    row = outlook(run_sql, [total("WA", 90.0, 90.0, 9.0)], [summed("WA", "Bachelor's degree", **figures)])[
        "WA", "unduplicated", "health", "all"
    ]
    assert (row["status"], row["openings_status"], row["openings_rate_pct"]) == ("ok", "partial", pytest.approx(10))


def test_a_state_has_the_nation_of_its_own_period_beside_it(run_sql):
    place = {"scheme": "national", "basis": "unduplicated", "level": "cluster", "cluster_id": "health"}
    nation = [
        place | {"projection_period": period, "sub_cluster_id": "all", "base_jobs": 1_000.0, "projected_jobs": later,
                 "annual_openings": 120.0}
        for period, later in (("2022-32", 1_100.0), ("2024-34", 1_300.0))
    ]  # fmt: skip
    sums = [summed("OH", "Bachelor's degree", base_jobs=10.0, projected_jobs=11.0, annual_openings=1.0)]
    row = outlook(run_sql, [total("OH", 50.0, 55.0, 5.0)], sums, nation)["OH", "unduplicated", "health", "all"]
    assert row["national_growth_pct"] == pytest.approx(10)
    assert (row["national_openings_rate_pct"], row["national_status"]) == (pytest.approx(12), "ok")
    # without the nation of 2022-32 nothing is compared
    row = outlook(run_sql, [total("OH", 50.0, 55.0, 5.0)], sums, nation[1:])["OH", "unduplicated", "health", "all"]
    assert (row["national_growth_pct"], row["national_status"]) == (None, "not_in_cycle")
