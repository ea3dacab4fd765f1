"""Jobs, errors, means and coverage of groups from published and estimated cells, worked out by hand.

The interval's constant is 2 in metros and 3 in states and the nation; errors of sampling are divided by 1.1.
"""

import math

import pytest
from sql_inputs import TOP_CODED, Row, Tables, area_types, estimate_cell, parts, schemes, wage_cell

WAGES = (30_000, 40_000, 50_000, 60_000, 70_000)


def member(soc_code: str, weight: float = 1.0, evidence: float | None = None, group: str = "a") -> Row:
    return {
        "scheme": "national",
        "group_id": group,
        "soc_code": soc_code,
        "weight": weight,
        "evidence_weight": weight if evidence is None else evidence,
    }


def inputs(members: list[Row], cells: list[Row], listed: list[Row] | None = None, **scheme_of_area: str) -> Tables:
    """`cells` are rows of core.occupation_estimate; each is listed in core.occupation_wage, unless `listed` says."""
    if listed is None:
        listed = [wage_cell(cell["area_id"], cell["soc_code"], cell["employment_published"]) for cell in cells]
    areas = [*cells, *listed]
    names = sorted({str(row["area_id"]) for row in areas})
    with_total = {row["area_id"] for row in listed if row["occupation_group"] == "total"}
    totals = [wage_cell(area, "00-0000", 9_000, group="total") for area in names if area not in with_total]
    return {
        "core.occupation_group": members,
        "core.occupation_estimate": cells,
        "core.occupation_wage": [*listed, *totals],
        "core.area_part": parts(areas),
        "core.area_group_scheme": schemes(areas, **scheme_of_area),
        "reference.area": area_types(*names),
    }


@pytest.fixture
def total(run_sql):
    """Rows of the one group by area."""

    def run(members: list[Row], cells: list[Row], listed: list[Row] | None = None) -> dict[str, Row]:
        result = run_sql("core.group_total", inputs(members, cells, listed))
        return {row["area_id"]: row for row in result.iter_rows(named=True)}

    return run


def test_published_cells_are_weighted(total):
    row = total(
        [member("15-1252", 0.5, 0.25), member("15-1211")],
        [
            estimate_cell("TX", "15-1252", 100, rse=10.0, mean=40_000),
            estimate_cell("TX", "15-1211", 200, rse=5.0, mean=60_000),
            estimate_cell("US", "15-1252", 1000),
            estimate_cell("US", "15-1211", 3000),
        ],
    )["TX"]
    assert row["employment"] == row["employment_published"] == 250  # 50 + 200
    assert row["evidence_employment"] == 225  # 25 + 200
    # standard errors of 5 jobs (10 % of 50) and 10 jobs (5 % of 200): sqrt(25 + 100) = 11.18034 of 250
    assert row["employment_rse_pct"] == pytest.approx(4.472136)
    assert row["sampling_error"] == pytest.approx(11.18034 / 1.1)
    assert row["modelling_error"] == 0
    assert row["wage_mean_usd"] == pytest.approx(56_000)  # (50 * 40,000 + 200 * 60,000) / 250
    assert (row["wage_mean_complete_pct"], row["wage_mean_coverage_pct"]) == (100, 100)
    assert row["has_top_coded_mean"] is False
    assert row["national_employment"] == 3500  # 0.5 * 1,000 + 3,000
    assert (row["national_employment_published"], row["coverage_pct"]) == (3500, 100)
    assert (row["occupations_defined"], row["occupations"], row["occupations_without_employment"]) == (2, 2, 0)


def test_estimated_cells_add_jobs_and_an_error_of_their_own(total):
    row = total(
        [member("15-1252"), member("15-1211", 0.5, 0.0)],
        [
            estimate_cell("TX", "15-1252", 100, rse=8.0, mean=40_000),
            estimate_cell("TX", "15-1211", None, 64, mean=60_000),
            estimate_cell("US", "15-1252", 1000),
            estimate_cell("US", "15-1211", 3000),
        ],
    )["TX"]
    assert (row["employment"], row["employment_published"], row["evidence_employment"]) == (132, 100, 100)
    assert row["employment_rse_pct"] == pytest.approx(8)
    assert row["sampling_error"] == pytest.approx(8 / 1.1)
    # half of the cell: 0.5^2 * 64^1.5 = 128; and of 132 jobs 32 are estimated: 32^2 * 32 / 132 = 248.24; times 3^2
    assert row["modelling_error"] == pytest.approx(3 * math.sqrt(128 + 32**3 / 132) / 1.645)
    assert row["wage_mean_usd"] == pytest.approx((100 * 40_000 + 32 * 60_000) / 132)
    assert row["wage_mean_complete_pct"] == 100
    assert row["wage_mean_coverage_pct"] == pytest.approx(100 * 100 / 132)
    # of 1,000 + 1,500 national jobs the first occupation is published
    assert row["coverage_pct"] == pytest.approx(40)
    assert (row["occupations"], row["occupations_without_employment"]) == (2, 1)


@pytest.mark.parametrize(("area", "constant"), [("C1", 2.0), ("N1", 2.5), ("TX", 3.0), ("US", 3.0)])
def test_each_kind_of_area_has_its_constant_and_the_nation_the_states(total, area, constant):
    row = total([member("15-1252")], [estimate_cell(area, "15-1252", None, 100)])[area]
    # 100^1.5 by itself, and 100^2 for all of the group is estimated
    assert row["modelling_error"] == pytest.approx(constant * (1000 + 100**2) ** 0.5 / 1.645)


def test_an_occupation_that_is_not_listed_may_have_jobs(total):
    cells = [estimate_cell("TX", "15-1252", 100), estimate_cell("TX", "15-1211", None, 20)]
    row = total([member("15-1252"), member("15-1211")], cells, [wage_cell("TX", "15-1252", 100)])["TX"]
    assert (row["employment"], row["employment_published"]) == (120, 100)
    assert (row["occupations_defined"], row["occupations"], row["occupations_without_employment"]) == (2, 1, 0)


def test_without_room_for_jobs_nothing_is_published_and_nothing_estimated(total):
    row = total(
        [member("15-1252")],
        [estimate_cell("US", "15-1252", 1000)],
        [wage_cell("TX", "15-1252", None, mean=40_000, wages=WAGES), wage_cell("US", "15-1252", 1000)],
    )["TX"]
    assert (row["employment"], row["employment_published"]) == (0, None)
    assert (row["employment_rse_pct"], row["wage_mean_usd"]) == (None, None)
    assert row["coverage_pct"] == 0
    assert (row["occupations"], row["occupations_without_employment"]) == (1, 1)
    assert row["has_top_coded_mean"] is False


def test_published_wages_are_counted_apart_from_all_jobs(total):
    row = total(
        [member("15-1252"), member("15-1211"), member("15-1231", 0.5)],
        [
            estimate_cell("TX", "15-1252", 100, mean=40_000),
            # jobs published, the mean not
            estimate_cell("TX", "15-1211", 300, mean=60_000, is_mean_modelled=True),
            # a mean, but no percentiles
            estimate_cell("TX", "15-1231", 200, mean=80_000),
        ],
        [
            wage_cell("TX", "15-1252", 100, wages=WAGES),
            wage_cell("TX", "15-1211", 300, mean=None),
            wage_cell("TX", "15-1231", 200, wages=(30_000, None, 50_000, 60_000, 70_000)),
        ],
    )["TX"]
    assert row["employment"] == 500  # 100 + 300 + 0.5 * 200
    assert row["wage_mean_usd"] == pytest.approx(60_000)  # (100 * 40,000 + 300 * 60,000 + 100 * 80,000) / 500
    assert row["wage_mean_complete_pct"] == 100
    assert row["wage_mean_coverage_pct"] == pytest.approx(40)  # 200 of 500
    assert row["wage_coverage_pct"] == pytest.approx(20)  # 100 of 500


def test_jobs_without_any_mean_have_no_weight_in_it(total):
    cells = [
        estimate_cell("TX", "15-1252", 100, mean=40_000),
        estimate_cell("TX", "15-1211", 300, mean=None, is_mean_modelled=True),
        estimate_cell("AK", "15-1252", 100, mean=None, is_mean_modelled=True),
    ]
    rows = total([member("15-1252"), member("15-1211")], cells)
    assert rows["TX"]["wage_mean_usd"] == pytest.approx(40_000)
    assert rows["TX"]["wage_mean_complete_pct"] == pytest.approx(25)
    assert rows["AK"]["employment"] == 100
    assert (rows["AK"]["wage_mean_usd"], rows["AK"]["wage_mean_complete_pct"]) == (None, 0)


@pytest.mark.parametrize("gap", range(5))
def test_each_of_the_five_percentiles_is_needed(total, gap):
    withheld = [None if place == gap else wage for place, wage in enumerate(WAGES)]
    top_coded = [TOP_CODED if place >= gap else wage for place, wage in enumerate(WAGES)]
    rows = total(
        [member("15-1252")],
        [estimate_cell("TX", "15-1252", 100), estimate_cell("AK", "15-1252", 100)],
        [wage_cell("TX", "15-1252", 100, wages=withheld), wage_cell("AK", "15-1252", 100, wages=top_coded)],
    )
    assert rows["TX"]["wage_coverage_pct"] == 0
    assert rows["AK"]["wage_coverage_pct"] == 100


def test_a_top_coded_mean_counts_as_the_bound_and_is_flagged(total):
    rows = total(
        [member("29-1229"), member("29-1141")],
        [
            estimate_cell("TX", "29-1229", 100, mean=239_200, is_lower_bound=True),
            estimate_cell("TX", "29-1141", 300, mean=80_000),
            # without jobs it has no part in the mean
            estimate_cell("AK", "29-1229", 0, mean=239_200, is_lower_bound=True),
            estimate_cell("AK", "29-1141", 300, mean=80_000),
        ],
    )
    assert rows["TX"]["wage_mean_usd"] == pytest.approx(119_800)  # (100 * 239,200 + 300 * 80,000) / 400
    assert rows["TX"]["has_top_coded_mean"] is True
    assert rows["AK"]["wage_mean_usd"] == pytest.approx(80_000)
    assert rows["AK"]["has_top_coded_mean"] is False


def test_groups_above_the_detailed_occupations_are_not_added(total):
    listed = [
        wage_cell("TX", "15-1252", 100),
        wage_cell("TX", "15-1250", 400, group="broad"),
        wage_cell("TX", "15-0000", 900, group="major"),
    ]
    row = total([member("15-1252"), member("15-1250")], [estimate_cell("TX", "15-1252", 100)], listed)["TX"]
    assert (row["employment"], row["occupations"]) == (100, 1)


def test_a_missing_error_is_not_an_error_of_zero(total):
    cells = [estimate_cell("TX", "15-1252", 100, rse=20.0), estimate_cell("TX", "15-1211", 300, rse=None)]
    row = total([member("15-1252"), member("15-1211")], cells)["TX"]
    assert (row["employment_rse_pct"], row["sampling_error"]) == (None, None)


def test_groups_and_areas_are_kept_apart(run_sql):
    members = [member("15-1252"), member("15-1252", 0.25, group="b"), member("15-1211", group="b")]
    cells = [
        estimate_cell("TX", "15-1252", 100),
        estimate_cell("AK", "15-1252", 40),
        estimate_cell("AK", "15-1211", 7),
    ]
    result = run_sql("core.group_total", inputs(members, cells))
    assert result.select("area_id", "group_id", "employment").rows() == [
        ("AK", "a", 40.0),
        ("AK", "b", 17.0),
        ("TX", "a", 100.0),
        ("TX", "b", 25.0),
    ]


def region(run_sql, totals: tuple[int | None, int | None]) -> Row:
    """The group's row in a region of one metro and half of another, whose areas have these totals."""
    cells = [
        estimate_cell("C1", "15-1252", 100, rse=10.0, mean=40_000),
        estimate_cell("C2", "15-1252", None, 80, mean=60_000),
        estimate_cell("US", "15-1252", 1000),
    ]
    listed = [
        wage_cell("C1", "15-1252", 100, wages=WAGES),
        wage_cell("US", "15-1252", 1000),
        *(wage_cell(area, "00-0000", jobs, group="total") for area, jobs in zip(("C1", "C2"), totals, strict=True)),
    ]
    given = inputs([{**member("15-1252"), "scheme": "TX_regions"}], cells, listed)
    given["core.area_group_scheme"] = [{"area_id": "TX:plains", "scheme": "TX_regions"}]
    given["core.area_part"] = parts(cells, **{"TX:plains": {"C1": 1.0, "C2": 0.5}})
    (row,) = run_sql("core.group_total", given).iter_rows(named=True)
    return row


def test_a_region_adds_up_its_areas_each_by_its_share(run_sql):
    row = region(run_sql, (750, 500))
    assert (row["employment"], row["employment_published"]) == (140, 100)
    assert row["employment_rse_pct"] == pytest.approx(10)
    # the constant of metros, 2, times half of the cell: 0.5^2 * 80^1.5, and 40 of 140 jobs are estimated
    assert row["modelling_error"] == pytest.approx(2 * math.sqrt(0.25 * 80**1.5 + 40**3 / 140) / 1.645)
    assert row["wage_mean_usd"] == pytest.approx((100 * 40_000 + 40 * 60_000) / 140)
    assert row["wage_coverage_pct"] == pytest.approx(100 * 100 / 140)
    # published by 750 of 750 + 250 jobs of the region
    assert (row["national_employment_published"], row["coverage_pct"]) == (750, 75)


def test_without_the_total_of_an_area_no_share_of_the_region_is_published(run_sql):
    row = region(run_sql, (750, None))
    assert (row["employment"], row["coverage_pct"]) == (140, 0)


def test_an_area_adds_up_by_its_own_scheme(run_sql):
    members = [
        member("15-1252"),
        {**member("15-1252", 0.5), "scheme": "TX"},
        {**member("15-1252", 0.5, group="own"), "scheme": "TX"},
        {**member("15-1211", group="own"), "scheme": "TX"},
    ]
    cells = [
        estimate_cell("US", "15-1252", 1000),
        estimate_cell("US", "15-1211", 100),
        estimate_cell("TX", "15-1252", 100),
        estimate_cell("TX", "15-1211", None, 8),
    ]
    result = run_sql("core.group_total", inputs(members, cells, TX="TX"))
    # the nation stays as it is; of the state's own group half of 1,000 national jobs of 600 is published
    assert result.select("area_id", "group_id", "employment", "national_employment", "coverage_pct").rows() == [
        ("TX", "a", 50.0, 500.0, 100.0),
        ("TX", "own", 58.0, 600.0, pytest.approx(100 * 500 / 600)),
        ("US", "a", 1000.0, 1000.0, 100.0),
    ]
