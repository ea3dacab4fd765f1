import pytest
from sql_inputs import TOP_CODED, Row, Tables, schemes, wage_cell

WAGES = (30_000, 40_000, 50_000, 60_000, 70_000)


def member(soc_code: str, weight: float = 1.0) -> Row:
    return {"scheme": "national", "group_id": "unduplicated/digital/all", "soc_code": soc_code, "weight": weight}


def inputs(members: list[Row], cells: list[Row], **scheme_of_area: str) -> Tables:
    return {
        "core.occupation_group": members,
        "core.occupation_wage": cells,
        "core.area_group_scheme": schemes(cells, **scheme_of_area),
    }


@pytest.fixture
def total(run_sql):
    def run(members: list[Row], cells: list[Row]) -> dict[str, Row]:
        result = run_sql("core.group_total", inputs(members, cells))
        return {row["area_id"]: row for row in result.iter_rows(named=True)}

    return run


def test_sums_are_weighted(total):
    row = total(
        [member("15-1252", 0.5), member("15-1211")],
        [
            wage_cell("TX", "15-1252", 100, rse=10.0, mean=40_000, wages=WAGES),
            wage_cell("TX", "15-1211", 200, rse=5.0, mean=60_000, wages=WAGES),
            wage_cell("US", "15-1252", 1000),
            wage_cell("US", "15-1211", 3000),
        ],
    )["TX"]
    assert row["employment"] == 250  # 50 + 200
    # standard errors of 5 jobs (10 % of 50) and 10 jobs (5 % of 200): sqrt(25 + 100) = 11.18034 of 250
    assert row["employment_rse_pct"] == pytest.approx(4.472136)
    assert row["wage_mean_usd"] == pytest.approx(56_000)  # (50 * 40,000 + 200 * 60,000) / 250
    assert row["wage_mean_coverage_pct"] == 100
    assert row["wage_coverage_pct"] == 100
    assert row["has_top_coded_mean"] is False
    assert row["national_employment"] == 3500  # 0.5 * 1,000 + 3,000
    assert row["national_employment_published"] == 3500
    assert row["coverage_pct"] == 100
    assert (row["occupations_defined"], row["occupations"], row["occupations_without_employment"]) == (2, 2, 0)


def test_coverage_weighs_what_the_area_publishes_by_national_employment(total):
    rows = total(
        [member("15-1252", 0.5), member("15-1211"), member("15-1231")],
        [
            wage_cell("US", "15-1252", 1000),
            wage_cell("US", "15-1211", 3000),
            wage_cell("US", "15-1231", 1500),
            wage_cell("TX", "15-1252", 100),
            wage_cell("TX", "15-1211", None),
            # TX has no row at all for 15-1231
        ],
    )
    # of 500 + 3,000 + 1,500 = 5,000 weighted national jobs TX shows the occupation with 500
    assert rows["TX"]["national_employment"] == 5000
    assert rows["TX"]["national_employment_published"] == 500
    assert rows["TX"]["coverage_pct"] == pytest.approx(10)
    assert rows["TX"]["occupations_defined"] == 3
    assert rows["TX"]["occupations"] == 2
    assert rows["TX"]["occupations_without_employment"] == 1
    assert rows["US"]["coverage_pct"] == 100


def test_withheld_employment_adds_no_jobs_and_gives_its_wage_no_weight(total):
    row = total(
        [member("15-1252"), member("15-1211")],
        [
            wage_cell("TX", "15-1252", 100, rse=8.0, mean=40_000, wages=WAGES),
            wage_cell("TX", "15-1211", None, mean=200_000, wages=WAGES),
        ],
    )["TX"]
    assert row["employment"] == 100
    assert row["employment_rse_pct"] == pytest.approx(8)
    assert row["wage_mean_usd"] == pytest.approx(40_000)
    assert row["wage_mean_coverage_pct"] == 100
    assert row["wage_coverage_pct"] == 100


def test_nothing_published_is_missing_not_zero(total):
    row = total(
        [member("15-1252")],
        [wage_cell("TX", "15-1252", None, mean=40_000, wages=WAGES), wage_cell("US", "15-1252", 1000)],
    )["TX"]
    for figure in ("employment", "employment_rse_pct", "wage_mean_usd"):
        assert row[figure] is None, figure
    assert row["coverage_pct"] == 0
    assert (row["occupations"], row["occupations_without_employment"]) == (1, 1)
    assert row["has_top_coded_mean"] is False


def test_withheld_means_and_percentiles_lower_the_wage_coverage_only(total):
    row = total(
        [member("15-1252"), member("15-1211"), member("15-1231", 0.5)],
        [
            wage_cell("TX", "15-1252", 100, mean=40_000, wages=WAGES),
            wage_cell("TX", "15-1211", 300, mean=None),
            # one percentile withheld: no distribution, but a mean
            wage_cell("TX", "15-1231", 200, mean=80_000, wages=(30_000, None, 50_000, 60_000, 70_000)),
        ],
    )["TX"]
    assert row["employment"] == 500  # 100 + 300 + 0.5 * 200
    assert row["wage_mean_usd"] == pytest.approx(60_000)  # (100 * 40,000 + 100 * 80,000) / 200
    assert row["wage_mean_coverage_pct"] == pytest.approx(40)  # 200 of 500
    assert row["wage_coverage_pct"] == pytest.approx(20)  # 100 of 500


@pytest.mark.parametrize("gap", range(5))
def test_each_of_the_five_percentiles_is_needed(total, gap):
    withheld = [None if place == gap else wage for place, wage in enumerate(WAGES)]
    top_coded = [TOP_CODED if place >= gap else wage for place, wage in enumerate(WAGES)]
    cells = [wage_cell("TX", "15-1252", 100, wages=withheld), wage_cell("AK", "15-1252", 100, wages=top_coded)]
    rows = total([member("15-1252")], cells)
    assert rows["TX"]["wage_coverage_pct"] == 0
    assert rows["AK"]["wage_coverage_pct"] == 100


def test_wages_withheld_altogether_are_missing_not_zero(total):
    row = total([member("15-1252")], [wage_cell("TX", "15-1252", 100, mean=None)])["TX"]
    assert row["employment"] == 100
    assert row["wage_mean_usd"] is None
    assert row["wage_coverage_pct"] == 0


def test_a_top_coded_mean_counts_as_the_bound_and_is_flagged(total):
    rows = total(
        [member("29-1229"), member("29-1141")],
        [
            wage_cell("TX", "29-1229", 100, mean=TOP_CODED),
            wage_cell("TX", "29-1141", 300, mean=80_000),
            # without employment it has no part in the mean
            wage_cell("AK", "29-1229", None, mean=TOP_CODED),
            wage_cell("AK", "29-1141", 300, mean=80_000),
        ],
    )
    assert rows["TX"]["wage_mean_usd"] == pytest.approx(119_800)  # (100 * 239,200 + 300 * 80,000) / 400
    assert rows["TX"]["has_top_coded_mean"] is True
    assert rows["AK"]["wage_mean_usd"] == pytest.approx(80_000)
    assert rows["AK"]["has_top_coded_mean"] is False


def test_groups_above_the_detailed_occupations_are_not_added(total):
    cells = [
        wage_cell("TX", "15-1252", 100, mean=40_000),
        wage_cell("TX", "15-1250", 400, mean=90_000, group="broad"),
        wage_cell("TX", "15-0000", 900, mean=90_000, group="major"),
    ]
    row = total([member("15-1252"), member("15-1250"), member("15-0000")], cells)["TX"]
    assert row["employment"] == 100
    assert row["wage_mean_usd"] == pytest.approx(40_000)


def test_a_missing_error_is_not_an_error_of_zero(total):
    row = total(
        [member("15-1252"), member("15-1211")],
        [wage_cell("TX", "15-1252", 100, rse=20.0), wage_cell("TX", "15-1211", 300, rse=None)],
    )["TX"]
    # 20 % of 100 jobs alone is 5 % of 400, were the other error taken for none
    assert row["employment_rse_pct"] is None or row["employment_rse_pct"] >= 20


def test_groups_and_areas_are_kept_apart(total, run_sql):
    members = [
        {"scheme": "national", "group_id": "a", "soc_code": "15-1252", "weight": 1.0},
        {"scheme": "national", "group_id": "b", "soc_code": "15-1252", "weight": 0.25},
        {"scheme": "national", "group_id": "b", "soc_code": "15-1211", "weight": 1.0},
    ]
    cells = [wage_cell("TX", "15-1252", 100), wage_cell("AK", "15-1252", 40), wage_cell("AK", "15-1211", 7)]
    result = run_sql("core.group_total", inputs(members, cells))
    assert result.select("area_id", "group_id", "employment").rows() == [
        ("AK", "a", 40.0),
        ("AK", "b", 17.0),
        ("TX", "a", 100.0),
        ("TX", "b", 25.0),
    ]


def test_in_a_region_an_occupation_is_published_by_the_share_of_its_areas(run_sql):
    members = [
        {"scheme": "TX_regions", "group_id": "a", "soc_code": code, "weight": weight}
        for code, weight in (("15-1252", 0.5), ("15-1211", 1.0))
    ]
    given = inputs(members, [wage_cell("US", "15-1252", 1000), wage_cell("US", "15-1211", 500)])
    given["core.area_group_scheme"] = [{"area_id": "TX:plains", "scheme": "TX_regions"}]
    shown = {"employment_rse_pct": 10.0, "wage_mean_usd": 50_000.0, "has_top_coded_mean": False}
    given["core.region_occupation"] = [
        {
            "area_id": "TX:plains",
            "soc_code": code,
            "occupation_group": "detailed",
            "employment": jobs,
            "published_share": share,
            "wage_mean_employment": jobs,
            "wage_percentile_employment": percentile_jobs,
            **shown,
        }
        for code, jobs, share, percentile_jobs in (("15-1252", 100.0, 0.75, 60.0), ("15-1211", None, 0.0, None))
    ]
    (row,) = run_sql("core.group_total", given).iter_rows(named=True)
    assert (row["employment"], row["occupations"], row["occupations_without_employment"]) == (50, 2, 1)
    # of half of 1,000 national jobs three quarters, of 500 none
    assert (row["national_employment_published"], row["national_employment"]) == (375, 1000)
    assert row["coverage_pct"] == 37.5
    assert (row["wage_mean_coverage_pct"], row["wage_coverage_pct"]) == (100, 60)


def test_an_area_adds_up_by_its_own_scheme(run_sql):
    members = [
        {"scheme": "national", "group_id": "a", "soc_code": "15-1252", "weight": 1.0},
        {"scheme": "TX", "group_id": "a", "soc_code": "15-1252", "weight": 0.5},
        {"scheme": "TX", "group_id": "own", "soc_code": "15-1252", "weight": 0.5},
        {"scheme": "TX", "group_id": "own", "soc_code": "15-1211", "weight": 1.0},
    ]
    cells = [
        wage_cell("US", "15-1252", 1000),
        wage_cell("US", "15-1211", 100),
        wage_cell("TX", "15-1252", 100),
        wage_cell("TX", "15-1211", None),
    ]
    result = run_sql("core.group_total", inputs(members, cells, TX="TX"))
    # the nation stays as it is; of the state's own group half of 1,000 national jobs of 600 is published
    assert result.select("area_id", "group_id", "employment", "national_employment", "coverage_pct").rows() == [
        ("TX", "a", 50.0, 500.0, 100.0),
        ("TX", "own", 50.0, 600.0, pytest.approx(100 * 500 / 600)),
        ("US", "a", 1000.0, 1000.0, 100.0),
    ]
