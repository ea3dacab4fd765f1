import itertools
from collections.abc import Sequence

import polars as pl
import pytest
from sql_inputs import PERCENTILE_COLUMNS, PERCENTILE_STATUSES, TOP_CODE, TOP_CODED, Row, Tables, schemes, wage_cell

NODES = [
    ("all", "all", "all"),
    ("cluster", "agriculture", "all"),
    ("cluster", "digital", "all"),
    ("sub_cluster", "agriculture", "crops"),
    ("sub_cluster", "agriculture", "food"),
    ("sub_cluster", "digital", "software"),
]
BASES = ("unduplicated", "duplicated")
AREA_WAGES = (25_000, 32_000, 50_000, 75_000, 110_000)
WAGES = (30_000.0, 40_000.0, 60_000.0, 80_000.0, 100_000.0)
#: Every column that holds a figure about a cluster; counts of occupations are not figures of the labor market.
FIGURE_COLUMNS = (
    "employment",
    "employment_published",
    "modelled_pct",
    "evidence_pct",
    "employment_share_pct",
    "location_quotient",
    "wage_mean_usd",
    *PERCENTILE_COLUMNS,
    "wage_premium_pct",
    "employment_rse_pct",
    "total_error_pct",
    "reliability",
    "reliability_reason",
    "employment_low",
    "employment_high",
)
WAGE_STATUSES = ("wage_mean_status", *PERCENTILE_STATUSES)


def group(cluster: str, sub_cluster: str = "all", basis: str = "unduplicated", occupations: int = 2) -> list[Row]:
    """Rows of core.occupation_group."""
    return [
        {
            "scheme": "national",
            "group_id": f"{basis}/{cluster}/{sub_cluster}",
            "soc_code": f"15-125{number}",
            "weight": 1.0,
        }
        for number in range(occupations)
    ]


def total(area: str, cluster: str, sub_cluster: str = "all", *, basis: str = "unduplicated", **figures) -> Row:
    """A row of core.group_total; by default complete, with a standard error of 100 jobs and all of it published."""
    given = {
        "area_id": area,
        "group_id": f"{basis}/{cluster}/{sub_cluster}",
        "occupations_defined": 2,
        "occupations": 2,
        "occupations_without_employment": 0,
        "employment": 1000.0,
        "employment_rse_pct": 10.0,
        "sampling_error": 100.0,
        "modelling_error": 0.0,
        "wage_mean_usd": 62_000.0,
        "has_top_coded_mean": False,
        "wage_mean_complete_pct": 100.0,
        "wage_mean_coverage_pct": 100.0,
        "wage_coverage_pct": 100.0,
        "national_employment_published": 40_000.0,
        "national_employment": 40_000.0,
        "coverage_pct": 100.0,
    }
    given |= figures
    jobs = given["employment"]
    given = {"employment_published": jobs, "evidence_employment": jobs, **given}
    assert len(given) == 19
    return given


def percentiles(
    area: str,
    cluster: str,
    wages=WAGES,
    top_coded_from: float | None = None,
    *,
    basis: str = "unduplicated",
    jobs: float = 1000.0,
) -> Row:
    """A row of core.group_percentile; `jobs` have a distribution."""
    return {
        "area_id": area,
        "group_id": f"{basis}/{cluster}/all",
        "wage_employment": jobs,
        **dict(zip(PERCENTILE_COLUMNS, wages, strict=True)),
        "top_coded_from_usd": top_coded_from,
    }


#: Percentiles of all jobs of the two areas, pooled as those of clusters are.
ALL_JOBS = [
    percentiles(area, "00-0000", (25_000.0, 32_000.0, median, 75_000.0, 110_000.0), basis="publisher")
    for area, median in (("US", 50_000.0), ("TX", 48_000.0))
]

AREAS = [
    wage_cell("US", "00-0000", 2_000_000, group="total", rse=0.1, mean=70_000, wages=AREA_WAGES),
    wage_cell("TX", "00-0000", 20_000, group="total", rse=0.5, mean=65_000, wages=AREA_WAGES),
    wage_cell("TX", "15-0000", 9_000, group="major"),
    wage_cell("TX", "15-1252", 12_000),
    wage_cell("TX", "15-1251", 3_000),
    wage_cell("TX", "15-1250", None),
]


def scheme_nodes(scheme: str, bases: Sequence[str]) -> list[Row]:
    """Rows of core.scheme_node."""
    return [
        {"scheme": scheme, "basis": basis, "level": level, "cluster_id": cluster, "sub_cluster_id": sub_cluster}
        for basis in bases
        for level, cluster, sub_cluster in NODES
        if level != "all"
    ]


def run_indicators(run_sql, given: Tables) -> pl.DataFrame:
    """marts.cluster_indicators by way of core.group_indicator."""
    return run_sql("marts.cluster_indicators", {"core.group_indicator": run_sql("core.group_indicator", given)})


def tables(groups: list[Row], totals: list[Row], pooled: list[Row], cells: list[Row] | None = None) -> Tables:
    cells = AREAS if cells is None else cells
    return {
        "core.occupation_wage": cells,
        "core.area_group_scheme": schemes(cells),
        "core.scheme_node": scheme_nodes("national", BASES),
        "core.occupation_group": groups,
        "core.group_total": totals,
        "core.group_percentile": [*ALL_JOBS, *pooled],
    }


@pytest.fixture
def indicators(run_sql):
    """Rows by area, cluster, sub-cluster and basis."""

    def run(*arguments) -> dict[tuple[str, str, str, str], Row]:
        result = run_indicators(run_sql, tables(*arguments))
        rows = list(result.iter_rows(named=True))
        found = {(row["area_id"], row["cluster_id"], row["sub_cluster_id"], row["basis"]): row for row in rows}
        assert len(found) == len(rows)
        return found

    return run


@pytest.fixture
def digital(indicators):
    """The unduplicated row of TX's digital cluster, from what core.group_total and core.group_percentile say of it."""

    def run(wages=WAGES, top_coded_from=None, *, jobs=1000.0, **figures) -> Row:
        pooled = [] if wages is None else [percentiles("TX", "digital", wages, top_coded_from, jobs=jobs)]
        found = indicators(group("digital"), [total("TX", "digital", **figures)], pooled)
        return found["TX", "digital", "all", "unduplicated"]

    return run


def test_every_area_has_a_row_for_every_node_and_basis(run_sql):
    result = run_indicators(run_sql, tables([], [], []))
    keys = result.select("area_id", "level", "cluster_id", "sub_cluster_id", "basis").rows()
    expected = [(area, *place, basis) for area, place, basis in itertools.product(("US", "TX"), NODES, BASES)]
    assert sorted(keys) == sorted(expected)
    assert len(keys) == 2 * 6 * 2
    assert result["period"].unique().to_list() == ["2025-05"]
    # in order: area, the unduplicated basis first, the total before clusters before sub-clusters
    assert keys[:7] == [
        *(("TX", *place, "unduplicated") for place in NODES),
        ("TX", "all", "all", "all", "duplicated"),
    ]


def test_a_group_without_occupations_has_no_figure_at_all(indicators):
    rows = indicators(group("digital"), [total("TX", "digital")], [percentiles("TX", "digital")])
    for key in [("TX", "agriculture", "all", "unduplicated"), ("US", "agriculture", "crops", "duplicated")]:
        row = rows[key]
        assert row["status"] == "no_occupations"
        assert {row[status] for status in WAGE_STATUSES} == {"no_occupations"}
        # no zero, and no top code: least() and greatest() pass over missing values
        assert [row[column] for column in FIGURE_COLUMNS] == [None] * len(FIGURE_COLUMNS)
        assert (row["coverage_pct"], row["wage_coverage_pct"]) == (None, None)
        assert (row["occupations"], row["occupations_without_employment"]) == (0, 0)


@pytest.mark.parametrize("known", ["cell without figures", "no cell"])
def test_a_withheld_group_has_no_figure_and_no_coverage(indicators, known):
    withheld = total(
        "TX",
        "digital",
        occupations_without_employment=2,
        # an occupation without an estimate counts as no jobs and has no error
        employment=0.0,
        employment_published=None,
        employment_rse_pct=None,
        sampling_error=0.0,
        wage_mean_usd=None,
        wage_mean_complete_pct=None,
        wage_mean_coverage_pct=None,
        wage_coverage_pct=None,
        national_employment_published=0.0,
        coverage_pct=0.0,
    )
    rows = indicators(group("digital"), [withheld] if known == "cell without figures" else [], [])
    row = rows["TX", "digital", "all", "unduplicated"]
    assert row["status"] == "withheld"
    assert {row[status] for status in WAGE_STATUSES} == {"withheld"}
    assert [row[column] for column in FIGURE_COLUMNS] == [None] * len(FIGURE_COLUMNS)
    assert row["coverage_pct"] == 0
    counts = (row["occupations"], row["occupations_without_employment"])
    assert counts == ((2, 2) if known == "cell without figures" else (0, 0))


def test_figures_of_a_complete_group_by_hand(digital):
    row = digital()
    assert row["status"] == "ok"
    assert {row[status] for status in WAGE_STATUSES} == {"ok"}
    assert row["employment"] == row["employment_published"] == 1000
    assert (row["modelled_pct"], row["evidence_pct"]) == (0, 100)
    assert row["employment_share_pct"] == 5  # of 20,000
    # 5 % of the area's jobs against 40,000 of 2,000,000 = 2 % of the nation's
    assert row["location_quotient"] == pytest.approx(2.5)
    assert row["wage_mean_usd"] == 62_000
    assert [row[column] for column in PERCENTILE_COLUMNS] == list(WAGES)
    # 60,000 over the 48,000 of all jobs, pooled in the same way, not the published 50,000
    assert row["wage_premium_pct"] == 25
    assert (row["employment_rse_pct"], row["total_error_pct"]) == (10, 10)
    # 1,000 -/+ 1.645 * 100 jobs
    assert (row["employment_low"], row["employment_high"]) == (835.5, 1164.5)
    assert (row["occupations"], row["occupations_without_employment"]) == (2, 0)
    assert (row["coverage_pct"], row["wage_coverage_pct"]) == (100, 100)


def test_figures_of_a_group_that_is_estimated_in_part(digital):
    row = digital(
        employment=1000.0,
        employment_published=600.0,
        evidence_employment=800.0,
        employment_rse_pct=5.0,
        sampling_error=30.0,
        modelling_error=40.0,
        wage_mean_coverage_pct=60.0,
        wage_coverage_pct=60.0,
        national_employment_published=25_000.0,
        coverage_pct=62.5,
        occupations_without_employment=1,
    )
    assert row["status"] == "modelled"
    assert (row["employment"], row["employment_published"]) == (1000, 600)
    assert (row["modelled_pct"], row["evidence_pct"]) == (40, 80)
    # shares and quotients compare all jobs: 5 % against 2 %
    assert (row["employment_share_pct"], row["location_quotient"]) == (5, pytest.approx(2.5))
    # the root of 30^2 + 40^2 is 50 jobs; the sampling error of the published part stands beside it
    assert (row["employment_rse_pct"], row["total_error_pct"]) == (5, 5)
    assert (row["employment_low"], row["employment_high"]) == (917.75, 1082.25)
    assert {row[status] for status in WAGE_STATUSES} == {"modelled"}
    assert (row["reliability"], row["reliability_reason"]) == ("B", "estimated_cells")


def test_a_wage_below_the_area_median_has_a_negative_premium(digital):
    assert digital((20_000.0, 25_000.0, 30_000.0, 35_000.0, 40_000.0))["wage_premium_pct"] == -37.5


@pytest.mark.parametrize(
    ("published", "status"), [(1000.0, "ok"), (995.1, "ok"), (995.0, "modelled"), (1.0, "modelled")]
)
def test_from_half_a_percent_on_a_figure_is_modelled(digital, published, status):
    assert digital(employment_published=published)["status"] == status


def test_a_group_of_which_nothing_is_published_is_modelled(digital):
    row = digital(employment_published=None, employment_rse_pct=None, sampling_error=0.0, modelling_error=300.0)
    assert (row["status"], row["employment_published"], row["modelled_pct"]) == ("modelled", 0, 100)
    assert (row["employment_rse_pct"], row["total_error_pct"]) == (None, 30)
    assert (row["reliability"], row["location_quotient"]) == ("D", None)


@pytest.mark.parametrize(("published", "given"), [(500.0, True), (499.0, False)])
def test_location_quotient_needs_half_of_the_jobs_published(digital, published, given):
    row = digital(employment_published=published)
    assert (row["location_quotient"] is not None) is given
    assert row["employment_share_pct"] == 5


def test_wages_rest_on_published_ones_on_estimated_ones_or_leave_jobs_out(digital):
    row = digital(wage_coverage_pct=99.6, wage_mean_coverage_pct=99.6)
    assert {row[status] for status in WAGE_STATUSES} == {"ok"}
    row = digital(wage_coverage_pct=99.5, wage_mean_coverage_pct=99.5)
    assert {row[status] for status in WAGE_STATUSES} == {"modelled"}
    assert (row["status"], row["wage_coverage_pct"]) == ("ok", 99.5)
    row = digital(wage_coverage_pct=80.0, wage_mean_coverage_pct=80.0, wage_mean_complete_pct=90.0, jobs=995.0)
    assert {row[status] for status in WAGE_STATUSES} == {"partial"}
    row = digital(wage_coverage_pct=80.0, jobs=900.0)
    assert (row["wage_mean_status"], row["wage_p50_status"]) == ("ok", "partial")


def test_employment_without_wages_keeps_its_figures(digital):
    row = digital(None, wage_mean_usd=None, wage_mean_coverage_pct=None, wage_coverage_pct=0.0)
    assert row["status"] == "ok"
    assert {row[status] for status in WAGE_STATUSES} == {"withheld"}
    assert [row[column] for column in PERCENTILE_COLUMNS] == [None] * 5
    assert (row["wage_mean_usd"], row["wage_premium_pct"]) == (None, None)
    assert (row["employment"], row["employment_low"], row["wage_coverage_pct"]) == (1000, 835.5, 0)


def test_from_a_top_coded_percentile_on_the_bound_is_the_answer(digital):
    row = digital((100_000.0, 150_000.0, 239_199.5, 239_199.999, 300_000.0), TOP_CODE)
    # the solver may stop a hair below the bound; what lies above it is not known
    assert [row[column] for column in PERCENTILE_COLUMNS] == [100_000, 150_000, 239_199.5, TOP_CODE, TOP_CODE]
    assert [row[column] for column in PERCENTILE_STATUSES] == ["ok", "ok", "ok", "top_coded", "top_coded"]


def test_every_percentile_is_held_to_the_bound(digital):
    row = digital((239_200.0, 240_000.0, 250_000.0, 260_000.0, 300_000.0), TOP_CODE)
    assert [row[column] for column in PERCENTILE_COLUMNS] == [TOP_CODE] * 5
    assert {row[column] for column in PERCENTILE_STATUSES} == {"top_coded"}


def test_the_bound_may_lie_above_the_top_code(digital):
    row = digital((100_000.0, 150_000.0, 200_000.0, 245_000.0, 270_000.0), 262_750.0)
    assert [row[column] for column in PERCENTILE_COLUMNS] == [100_000, 150_000, 200_000, 245_000, 262_750]
    assert [row[column] for column in PERCENTILE_STATUSES] == ["ok", "ok", "ok", "ok", "top_coded"]


def test_wages_above_the_top_code_stand_where_none_is_top_coded(digital):
    wages = [100_000.0, 150_000.0, 200_000.0, 245_000.0, 300_000.0]
    row = digital(wages)
    assert [row[column] for column in PERCENTILE_COLUMNS] == wages
    assert {row[column] for column in PERCENTILE_STATUSES} == {"ok"}


def test_a_top_coded_median_is_at_least_so_far_above_the_areas(digital):
    row = digital((100_000.0, 150_000.0, 250_000.0, 260_000.0, 300_000.0), TOP_CODE)
    assert (row["wage_p50_usd"], row["wage_p50_status"]) == (TOP_CODE, "top_coded")
    assert row["wage_premium_pct"] == pytest.approx(398.3333)  # 239,200 over 48,000


def test_a_mean_with_a_top_coded_part_says_so(digital):
    row = digital(has_top_coded_mean=True, wage_mean_usd=150_000.0)
    assert (row["wage_mean_usd"], row["wage_mean_status"]) == (150_000, "top_coded")
    assert row["wage_p50_status"] == "ok"


@pytest.mark.parametrize(
    ("error", "grade"),
    [(0.0, "A"), (99.9, "A"), (100.0, "B"), (199.9, "B"), (200.0, "C"), (299.9, "C"), (300.0, "D"), (800.0, "D")],
)
def test_reliability_grades_the_total_error(digital, error, grade):
    row = digital(sampling_error=error)
    assert row["reliability"] == grade
    assert row["reliability_reason"] == (None if grade == "A" else "sampling")
    # it may be the error of estimated cells as well
    row = digital(sampling_error=0.0, modelling_error=error)
    assert row["reliability"] == grade
    assert row["reliability_reason"] == (None if grade == "A" else "estimated_cells")


@pytest.mark.parametrize(
    ("figures", "grade", "reason"),
    [
        ({"evidence_employment": 750.0}, "A", None),
        ({"evidence_employment": 749.0}, "B", "sharing"),
        ({"evidence_employment": 500.0}, "B", "sharing"),
        ({"evidence_employment": 499.0}, "C", "sharing"),
        ({"evidence_employment": 249.0}, "D", "sharing"),
        ({"employment_published": 750.0}, "A", None),
        ({"employment_published": 749.0}, "B", "estimated_cells"),
        ({"employment_published": 499.0}, "C", "estimated_cells"),
        ({"employment_published": 249.0}, "D", "estimated_cells"),
        ({"coverage_pct": 50.0}, "A", None),
        ({"coverage_pct": 49.9}, "B", "estimated_cells"),
        # the worst decides, and sharing is named before estimated cells
        ({"employment_published": 499.0, "evidence_employment": 749.0}, "C", "estimated_cells"),
        ({"employment_published": 499.0, "evidence_employment": 499.0}, "C", "sharing"),
        ({"employment_published": 749.0, "sampling_error": 250.0}, "C", "sampling"),
        ({"employment_published": 749.0, "sampling_error": 10.0, "modelling_error": 250.0}, "C", "estimated_cells"),
    ],
)
def test_a_grade_is_capped_by_sharing_estimated_cells_and_coverage(digital, figures, grade, reason):
    row = digital(**{"sampling_error": 10.0, **figures})
    assert (row["reliability"], row["reliability_reason"]) == (grade, reason)


def test_the_interval_does_not_fall_below_no_jobs(digital):
    row = digital(sampling_error=700.0)
    # 1 - 1.645 * 0.70 = -0.1515
    assert row["employment_low"] == 0
    assert row["employment_high"] == pytest.approx(2151.5)


def test_without_an_error_there_is_no_interval_and_no_grade(digital):
    row = digital(employment_rse_pct=None, sampling_error=None, evidence_employment=100.0)
    assert row["employment"] == 1000
    assert (row["total_error_pct"], row["reliability"], row["reliability_reason"]) == (None, None, None)
    assert (row["employment_low"], row["employment_high"]) == (None, None)


def test_each_basis_area_and_level_has_its_own_group(indicators):
    rows = indicators(
        [*group("digital"), *group("digital", "software"), *group("digital", basis="duplicated")],
        [
            total("TX", "digital", employment=1000.0),
            total("TX", "digital", "software", employment=600.0),
            total("TX", "digital", basis="duplicated", employment=3000.0),
            total("US", "digital", employment=40_000.0),
        ],
        [percentiles("TX", "digital", basis="duplicated")],
    )
    found = {key: row["employment"] for key, row in rows.items() if row["level"] != "all" and row["employment"]}
    assert found == {
        ("TX", "digital", "all", "unduplicated"): 1000,
        ("TX", "digital", "software", "unduplicated"): 600,
        ("TX", "digital", "all", "duplicated"): 3000,
        ("US", "digital", "all", "unduplicated"): 40_000,
    }
    assert rows["TX", "digital", "all", "duplicated"]["wage_p50_usd"] == 60_000
    assert rows["TX", "digital", "all", "unduplicated"]["wage_p50_usd"] is None
    # 40,000 of 2,000,000 in the nation itself
    assert rows["US", "digital", "all", "unduplicated"]["location_quotient"] == 1
    assert rows["US", "digital", "all", "unduplicated"]["employment_share_pct"] == 2
    assert rows["TX", "digital", "software", "duplicated"]["status"] == "no_occupations"


@pytest.mark.parametrize("basis", BASES)
def test_the_area_total_is_as_published(indicators, basis):
    row = indicators([], [], [])["TX", "all", "all", basis]
    assert row["status"] == "ok"
    assert row["employment"] == 20_000
    assert (row["employment_share_pct"], row["location_quotient"], row["wage_premium_pct"]) == (100, 1, 0)
    assert row["wage_mean_usd"] == 65_000
    assert [row[column] for column in PERCENTILE_COLUMNS] == list(AREA_WAGES)
    assert {row[status] for status in WAGE_STATUSES} == {"ok"}
    assert (row["employment_published"], row["modelled_pct"], row["evidence_pct"]) == (20_000, 0, 100)
    # as published: errors are made smaller only where many are added up
    assert (row["employment_rse_pct"], row["total_error_pct"], row["reliability"]) == (0.5, 0.5, "A")
    # 20,000 -/+ 1.645 * 0.5 %
    assert (row["employment_low"], row["employment_high"]) == (19_835.5, 20_164.5)
    # 15,000 of 20,000 jobs are published in detail; the major group is not added to them
    assert row["coverage_pct"] == 75
    assert row["wage_coverage_pct"] == 100
    assert (row["occupations"], row["occupations_without_employment"]) == (3, 1)


def test_a_top_coded_total_stands_at_the_bound_and_a_withheld_one_is_missing(indicators):
    cells = [
        AREAS[0],
        wage_cell("TX", "00-0000", 500, group="total", mean=TOP_CODED, wages=(None, 32_000, 50_000, 75_000, TOP_CODED)),
        wage_cell("TX", "15-1252", 500),
    ]
    row = indicators([], [], [], cells)["TX", "all", "all", "unduplicated"]
    assert (row["wage_mean_usd"], row["wage_mean_status"]) == (TOP_CODE, "top_coded")
    assert (row["wage_p90_usd"], row["wage_p90_status"]) == (TOP_CODE, "top_coded")
    assert (row["wage_p10_usd"], row["wage_p10_status"]) == (None, "withheld")
    assert (row["wage_p25_usd"], row["wage_p25_status"]) == (32_000, "ok")


def test_a_withheld_area_total_gives_no_shares(indicators):
    cells = [
        AREAS[0],
        wage_cell("TX", "00-0000", None, group="total", mean=None),
        wage_cell("TX", "15-1252", 1000),
    ]
    rows = indicators(group("digital"), [total("TX", "digital")], [percentiles("TX", "digital")], cells)
    row = rows["TX", "all", "all", "unduplicated"]
    assert row["status"] == "withheld"
    for column in ("employment", "employment_low", "employment_high", "wage_mean_usd", "wage_p50_usd", "coverage_pct"):
        assert row[column] is None, column
    row = rows["TX", "digital", "all", "unduplicated"]
    assert (row["employment"], row["employment_share_pct"], row["location_quotient"]) == (1000, None, None)
    assert (row["wage_p50_usd"], row["wage_premium_pct"]) == (60_000, 25)


def test_an_area_of_another_scheme_has_that_schemes_rows(run_sql):
    own = "unduplicated:pathways"
    given = tables(
        [*group("digital"), *({**row, "scheme": "TX"} for row in group("digital", basis=own))],
        [total("TX", "digital", basis=own)],
        [],
    )
    given["core.area_group_scheme"] = schemes(AREAS, TX="TX")
    given["core.scheme_node"] = [*scheme_nodes("national", BASES), *scheme_nodes("TX", [*BASES, own])]
    result = run_indicators(run_sql, given)
    keys = result.select("area_id", "level", "cluster_id", "sub_cluster_id", "basis").rows()
    bases = [("US", basis) for basis in BASES] + [("TX", basis) for basis in (*BASES, own)]
    assert sorted(keys) == sorted((area, *place, basis) for (area, basis), place in itertools.product(bases, NODES))
    rows = {
        (row["area_id"], row["cluster_id"], row["basis"]): row
        for row in result.iter_rows(named=True)
        if row["sub_cluster_id"] == "all"
    }
    assert rows["TX", "all", own]["employment"] == 20_000
    assert rows["TX", "digital", own]["employment"] == 1000
    # the state's scheme places nobody in the framework's cluster here
    assert rows["TX", "digital", "unduplicated"]["status"] == "no_occupations"
    assert rows["US", "digital", "unduplicated"]["status"] == "withheld"


@pytest.mark.parametrize(
    ("covered", "employment_status", "status", "coverage"),
    [
        (100.0, "ok", "ok", 60.0),
        (80.0, "ok", "partial", 48.0),
        (80.0, "modelled", "partial", 48.0),
        (100.0, "modelled", "modelled", 60.0),
    ],
)
def test_a_region_stands_on_the_share_that_its_areas_cover(run_sql, covered, employment_status, status, coverage):
    region = "TX:gulf"
    # 600 of the region's 1,000 jobs are published in detail
    figures = [("00-0000", "total", 1000.0), ("15-1252", "detailed", 600.0)]
    given = tables(
        [{**row, "scheme": "TX_regions"} for row in group("digital")],
        [total(region, "digital", employment=600.0, coverage_pct=90.0)],
        [percentiles(region, "digital")],
    )
    given["core.region_wage"] = [
        {
            "area_id": region,
            "soc_code": soc_code,
            "occupation_group": kind,
            "period": "2025-05",
            "employment": employment,
            "employment_status": employment_status,
            "wage_mean_status": "ok",
            **dict.fromkeys(PERCENTILE_STATUSES, "ok"),
        }
        for soc_code, kind, employment in figures
    ]
    given["marts.region_coverage"] = [{"area_id": region, "region_coverage_pct": covered}]
    given["core.area_group_scheme"] = [{"area_id": region, "scheme": "TX_regions"}]
    given["core.scheme_node"] = scheme_nodes("TX_regions", ["unduplicated"])
    given["reference.legacy_cluster"] = [{"legacy_cluster_id": "finance"}]
    indicators = run_sql("core.group_indicator", given)
    # regions have no legacy clusters
    assert set(indicators["level"]) == {"all", "cluster", "sub_cluster"}
    rows = {row["cluster_id"]: row for row in indicators.iter_rows(named=True) if row["sub_cluster_id"] == "all"}
    assert (rows["all"]["status"], rows["all"]["coverage_pct"]) == (status, coverage)
    # 90 % of the cluster's occupations, times the share of the region
    assert rows["digital"]["coverage_pct"] == pytest.approx(0.9 * covered)
    assert rows["digital"]["status"] == status
    assert rows["agriculture"]["status"] == "no_occupations"
