"""How much of a region its figures by occupation stand on, and which of its counties have figures by industry."""

import pytest
from sql_inputs import Row, Tables, wage_cell

REGION = "TX:plains"
#: County, metro area it lies in, first and last year of its code, and the territory of those that changed.
COUNTIES = (
    ("48001", "C1", None, None, None),
    ("48003", "C1", None, None, None),
    ("48005", "C2", None, None, None),
    ("48007", None, None, None, None),
    ("48009", None, None, 2022, "48009"),
    ("48011", None, 2023, None, "48009"),
    ("48013", None, 2023, None, "48009"),
)


def member(area: str, kind: str, share: float = 100.0, *, listed: bool = True) -> Row:
    return {
        "region_area_id": REGION,
        "area_id": area,
        "area_type": kind,
        "share_pct": share,
        "treatment": "left_out" if share == 0 else "whole" if share == 100 else "by_share",
        "is_listed": listed,
    }


def areas() -> list[Row]:
    return [
        {"area_id": REGION, "area_type": "region"},
        *(
            {
                "area_id": county,
                "area_type": "county",
                "cbsa_area_id": metro,
                "first_year": first,
                "last_year": last,
                "territory_id": territory,
            }
            for county, metro, first, last, territory in COUNTIES
        ),
    ]


def total(area: str, year: int, employment: float | None) -> Row:
    keys = {"area_id": area, "own_code": "0", "naics_code": "10", "depth": 0, "year": year}
    return {**keys, "employment": employment, "status": "withheld" if employment is None else "ok"}


def counties(run_sql, members: list[Row], qcew: list[Row]):
    codes = run_sql("core.county_code", {"raw.qcew": qcew, "reference.area": areas()})
    return run_sql("core.region_county", {"core.county_code": codes, "reference.region_member": members})


def coverage(run_sql, members: list[Row], qcew: list[Row]) -> Row:
    given: Tables = {
        "reference.region_member": members,
        "reference.area": areas(),
        "core.region_county": counties(run_sql, members, qcew),
        "core.occupation_wage": [
            wage_cell(area, "00-0000", jobs, group="total")
            for area, jobs in (("C1", 1_000), ("C2", 500), ("N4800001", 200))
        ],
    }
    (row,) = run_sql("marts.region_coverage", given).iter_rows(named=True)
    return row


COUNTY_OF_EACH = [member("48001", "county"), member("48003", "county"), member("48005", "county")]


def test_a_region_of_areas_is_those_areas(run_sql):
    members = [member("C1", "metro"), member("N4800001", "nonmetro", 25.0), member("48001", "county", listed=False)]
    row = coverage(run_sql, members, [])
    assert (row["region_coverage_pct"], row["coverage_method"]) == (100, "areas_are_the_region")
    assert (row["areas_whole"], row["areas_by_share"], row["areas_left_out"]) == (1, 1, 0)
    assert row["oews_employment"] == 1_050  # 1,000 and a quarter of 200


def test_counties_that_are_all_covered_need_no_jobs(run_sql):
    row = coverage(run_sql, [*COUNTY_OF_EACH, member("C1", "metro", listed=False), member("C2", "metro", 40.0)], [])
    assert (row["region_coverage_pct"], row["coverage_method"]) == (100, "every_county")
    assert (row["counties"], row["counties_covered"], row["qcew_employment"]) == (3, 3, None)


def test_what_is_left_out_is_weighed_by_the_jobs_of_its_counties(run_sql):
    jobs = [total("48001", 2024, 300.0), total("48003", 2024, 300.0), total("48005", 2024, 200.0)]
    # of an older year, and of another region
    jobs += [total(county, 2023, 9.0) for county in ("48001", "48003", "48005")] + [total("48007", 2024, 9_999.0)]
    row = coverage(run_sql, [*COUNTY_OF_EACH, member("C1", "metro", listed=False), member("C2", "metro", 0.0)], jobs)
    assert (row["region_coverage_pct"], row["coverage_method"]) == (75, "jobs_of_counties")  # 600 of 800
    assert (row["qcew_year"], row["qcew_employment"], row["qcew_employment_covered"]) == (2024, 800, 600)
    assert (row["areas_left_out"], row["oews_employment"]) == (1, 1_000)


@pytest.mark.parametrize(
    "jobs",
    [
        [],
        [total("48001", 2024, 300.0), total("48003", 2024, 300.0)],
        [total("48001", 2024, 300.0), total("48003", 2024, 300.0), total("48005", 2024, None)],
    ],
    ids=["no counties in the vintage", "one missing", "one withheld"],
)
def test_without_the_jobs_of_a_county_it_is_not_known(run_sql, jobs):
    row = coverage(run_sql, [*COUNTY_OF_EACH, member("C1", "metro", listed=False), member("C2", "metro", 0.0)], jobs)
    assert (row["region_coverage_pct"], row["coverage_method"]) == (None, "not_in_vintage")


@pytest.mark.parametrize(
    ("areas_of_region", "covered"),
    [([], False), ([member("N4800001", "nonmetro", 30.0)], True), ([member("C2", "metro", 0.0, listed=False)], False)],
)
def test_a_county_outside_metro_areas_is_covered_by_a_nonmetro_area(run_sql, areas_of_region, covered):
    row = coverage(run_sql, [member("48007", "county"), *areas_of_region], [])
    assert row["region_coverage_pct"] == (100 if covered else 0)
    assert row["coverage_method"] == ("every_county" if covered else "no_areas")


def test_areas_elsewhere_cover_nothing(run_sql):
    row = coverage(run_sql, [member("48007", "county"), member("C1", "metro", 10.0)], [])
    assert (row["region_coverage_pct"], row["coverage_method"]) == (0, "no_county")


def test_a_region_is_whole_in_years_with_figures_for_every_county(run_sql):
    members = [member(county, "county") for county in ("48007", "48009", "48011")]
    jobs = [
        # 48009 gave way to 48011 in 2023
        total("48007", 2022, 10.0),
        total("48009", 2022, 5.0),
        total("48007", 2023, 11.0),
        total("48011", 2023, None),
        total("48007", 2024, 12.0),
        total("48001", 2024, 99.0),
    ]
    found = counties(run_sql, members, jobs)
    assert found.select("area_id", "year", "employment", "has_figures", "is_whole_region").rows() == [
        ("48007", 2022, 10.0, True, True),
        ("48007", 2023, 11.0, True, True),
        ("48007", 2024, 12.0, True, False),
        ("48009", 2022, 5.0, True, True),
        # withheld is in the vintage, its bounds count
        ("48011", 2023, None, True, True),
        ("48011", 2024, None, False, False),
    ]


LAND = ("48009", "48011", "48013")


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        # all codes of the territory: one whole before and after, also when the publisher changes a year late
        (LAND, {2022: "territory 48009", 2023: "territory 48009", 2024: "territory 48009"}),
        # one of the two that followed is other land than the one before
        (("48009", "48011"), {2022: "territory 48009", 2023: "territory 48009", 2024: "48011"}),
        (("48011",), {2024: "48011"}),
        (("48007",), {}),
    ],
)
def test_land_is_the_same_when_all_codes_of_a_territory_are_there(run_sql, listed, expected):
    """48009 gave way to 48011 and 48013, in the figures a year later than its last year says."""
    jobs = [
        total(code, year, 5.0) for code, year in (("48009", 2022), ("48009", 2023), ("48011", 2024), ("48013", 2024))
    ]
    codes = run_sql("core.county_code", {"raw.qcew": jobs, "reference.area": areas()})
    members = [member(county, "county") for county in listed]
    regions = run_sql("core.region_county", {"core.county_code": codes, "reference.region_member": members})
    land = run_sql("core.area_territory", {"core.county_code": codes, "core.region_county": regions})
    found = land.filter(area_id=REGION)
    assert dict(found.select("year", "territory").rows()) == expected
    # a county code is its own region
    alone = land.filter(area_id="48013")
    assert alone.select("year", "territory").rows() == [(2024, "48013")]
    if listed == LAND:
        assert regions.select("area_id", "year", "is_whole_region").rows() == [
            ("48009", 2022, True),
            ("48009", 2023, True),
            ("48011", 2024, True),
            ("48013", 2024, True),
        ]


def test_a_regions_cells_are_those_of_its_counties_in_whole_years(run_sql):
    cells = [
        {"area_id": county, "year": year, "own_code": "5", "naics_code": "21", "employment": 7.0, "status": "ok"}
        for county in ("48001", "48003", "48005")
        for year in (2023, 2024)
    ]
    given = [
        {"region_area_id": REGION, "area_id": county, "year": year, "is_whole_region": year == 2024}
        for county in ("48001", "48003")
        for year in (2023, 2024)
    ]
    found = run_sql("core.qcew_region_cell", {"core.region_county": given, "core.qcew_cell": cells})
    assert found.select("area_id", "county_fips", "year", "employment").rows() == [
        (REGION, "48001", 2024, 7.0),
        (REGION, "48003", 2024, 7.0),
    ]
    estimates = [
        {**{name: cell[name] for name in ("area_id", "year", "own_code", "naics_code")}, "employment_estimate": 5.0}
        for cell in cells
        if cell["area_id"] == "48003"
    ]
    filled = run_sql("core.qcew_region_fill", {"core.region_county": given, "core.qcew_fill": estimates})
    assert filled.rows() == [(REGION, "48003", 2024, "5", "21", 5.0)]
