import pytest
from qcew_inputs import core_cell, raw_cell
from sql_inputs import Row, area_cell

OPERATORS, NURSES, DEVELOPERS = "51-1011", "29-1141", "15-1252"
#: Home of the industry, then the sub-clusters that a job of each occupation is in.
PLACED = {
    (OPERATORS, "manufacturing"): {("manufacturing", "production"): 0.75, ("manufacturing", "metal"): 0.25},
    (OPERATORS, "health"): {("manufacturing", "production"): 0.75, ("manufacturing", "metal"): 0.25},
    (NURSES, "health"): {("health", "care"): 1.0},
    (NURSES, "manufacturing"): {("health", "care"): 1.0},
    (DEVELOPERS, "manufacturing"): {("digital", "software"): 1.0},
    (DEVELOPERS, "health"): {("health", "data"): 1.0},
}
#: A tenth of hospital jobs is in no occupation that OEWS shows anywhere.
PATTERNS = {
    "311000": {OPERATORS: 0.8, DEVELOPERS: 0.2},
    "622000": {NURSES: 0.5, OPERATORS: 0.2, DEVELOPERS: 0.2},
}


def staffed(area: str, code: str, industry: str | None, home: str, jobs: float, *, own: str = "5") -> Row:
    return {
        "area_id": area,
        "year": 2024,
        "own_code": own,
        "naics_code": code,
        "industry_code": industry,
        "part": None if industry is None else "whole",
        "home_cluster_id": home,
        "home_sub_cluster_id": "unassigned",
        "employment": jobs,
    }


#: Texas has 1,000 jobs: 600 in food, 300 in two hospitals, 60 on farms, and 40 that are withheld; a county has 50.
CELLS = [
    staffed("TX", "311", "311000", "manufacturing", 600.0),
    staffed("TX", "622", "622000", "health", 200.0),
    staffed("TX", "622", "622000", "health", 100.0, own="3"),
    staffed("TX", "111", None, "agriculture", 60.0),
    staffed("48201", "311", "311000", "manufacturing", 50.0),
]
AREAS = [
    {"area_id": "TX", "area_type": "state"},
    {"area_id": "48201", "area_type": "county"},
]


@pytest.fixture
def estimate(run_sql):
    def run(majors: dict[str, int | None], totals: list[Row] | None = None) -> dict[tuple[str, str, str, str], Row]:
        patterns = [
            {"industry_code": industry, "part": "whole", "soc_code": soc, "share": share}
            for industry, shares in PATTERNS.items()
            for soc, share in shares.items()
        ]
        by_home = run_sql(
            "core.area_home_employment",
            {
                "core.qcew_staffed_cell": CELLS,
                "core.oews_staffing_pattern": patterns,
                "reference.area": AREAS,
            },
        )
        assert set(by_home["area_id"]) == {"TX"}
        rows = run_sql(
            "marts.cluster_by_industry_estimate",
            {
                "core.area_home_employment": by_home,
                "core.qcew_staffed_cell": CELLS,
                "core.oews_staffing_pattern": patterns,
                "core.home_allocation": [
                    {
                        "soc_code": soc,
                        "home_cluster_id": home,
                        "cluster_id": cluster,
                        "sub_cluster_id": sub_cluster,
                        "weight": weight,
                    }
                    for (soc, home), places in PLACED.items()
                    for (cluster, sub_cluster), weight in places.items()
                ],
                "core.oews_area_occupation": [
                    area_cell("TX", code, jobs, group="major") for code, jobs in majors.items()
                ],
                "core.qcew_staffing": [{"year": 2024, "own_code": "5", "naics_code": "311"}],
                "core.qcew_cell": [
                    core_cell("10", 900.0),
                    core_cell("10", 100.0, own="3"),
                    core_cell("10", None, (50.0, 80.0), area="48201"),
                    core_cell("10", 7_777.0, year=2023),
                ],
                "raw.qcew": totals or [],
                "reference.area": AREAS,
                "reference.oews_occupation": [
                    {"soc_code": soc, "occupation_group": "detailed", "major_code": f"{soc[:2]}-0000"}
                    for soc in (OPERATORS, NURSES, DEVELOPERS)
                ],
            },
        )
        assert set(rows["year"]) == {2024}
        assert set(rows["period"]) == {"2025-05"}
        keys = ("area_id", "cluster_id", "sub_cluster_id", "home_cluster_id")
        found = {tuple(row[key] for key in keys): row for row in rows.iter_rows(named=True)}
        assert len(found) == rows.height
        return found

    return run


def jobs(
    rows: dict[tuple[str, str, str, str], Row], column: str, area: str = "TX"
) -> dict[tuple[str, str, str], float]:
    return {place[1:]: row[column] for place, row in rows.items() if place[0] == area}


def test_jobs_by_industry_times_patterns_by_home(estimate):
    rows = estimate({})
    # food: 480 operators, 120 developers; hospitals: 150 nurses, 60 operators, 60 developers, 30 in no occupation
    assert jobs(rows, "qcew_jobs") == pytest.approx(
        {
            ("all", "all", "manufacturing"): 600,
            ("all", "all", "health"): 270,
            ("manufacturing", "all", "manufacturing"): 480,
            ("manufacturing", "production", "manufacturing"): 360,
            ("manufacturing", "metal", "manufacturing"): 120,
            ("digital", "all", "manufacturing"): 120,
            ("digital", "software", "manufacturing"): 120,
            ("manufacturing", "all", "health"): 60,
            ("manufacturing", "production", "health"): 45,
            ("manufacturing", "metal", "health"): 15,
            ("health", "all", "health"): 210,
            ("health", "care", "health"): 150,
            ("health", "data", "health"): 60,
            ("no_staffing_pattern", "all", "health"): 30,
            ("no_staffing_pattern", "all", "agriculture"): 60,
        }
    )
    levels = {place[2]: row["level"] for place, row in rows.items() if place[1] != "all"}
    assert levels == {
        "all": "cluster",
        **dict.fromkeys(("production", "metal", "software", "care", "data"), "sub_cluster"),
    }


def test_without_published_major_groups_nothing_is_scaled(estimate):
    rows = estimate({"51-0000": None})
    row = rows["TX", "health", "all", "health"]
    assert (row["employment"], row["scale_factor"], row["scaled_pct"]) == (210.0, None, 0.0)
    assert row["status"] == "modelled"


def test_each_major_group_is_scaled_to_its_published_jobs(estimate):
    # 540 operators become 810, 150 nurses 120; developers are not published
    rows = estimate({"51-0000": 810, "29-0000": 120, "15-0000": None, "47-0000": 999})
    scaled = {
        place: (row["employment"], row["scale_factor"], row["scaled_pct"])
        for place, row in rows.items()
        if place[0] == "TX" and place[2] == "all" and place[1] != "no_staffing_pattern"
    }
    assert scaled == {
        ("TX", "manufacturing", "all", "manufacturing"): (720.0, 1.5, 100.0),
        ("TX", "manufacturing", "all", "health"): (90.0, 1.5, 100.0),
        ("TX", "digital", "all", "manufacturing"): (120.0, None, 0.0),
        # 120 nurses and 60 developers, 150 of 210 scaled
        ("TX", "health", "all", "health"): (180.0, pytest.approx(180 / 210, abs=1e-6), pytest.approx(100 * 150 / 210)),
        ("TX", "all", "all", "manufacturing"): (840.0, 1.4, pytest.approx(100 * 480 / 600)),
        ("TX", "all", "all", "health"): (270.0, 1.0, pytest.approx(100 * 210 / 270)),
    }


def test_jobs_without_a_pattern_are_rows_of_their_own_and_no_estimate(estimate):
    row = estimate({"51-0000": 810})["TX", "no_staffing_pattern", "all", "agriculture"]
    assert (row["level"], row["qcew_jobs"], row["employment"]) == ("cluster", 60.0, None)
    assert (row["scale_factor"], row["status"]) == (None, "no_staffing_pattern")


def test_coverage_tells_what_is_withheld_and_what_has_no_pattern(estimate):
    for row in (row for place, row in estimate({}).items() if place[0] == "TX"):
        # 870 of 1,000 have a pattern, 90 have none, 40 are withheld
        assert (row["qcew_coverage_pct"], row["qcew_without_pattern_pct"]) == (87.0, 9.0)
    published = [raw_cell("10", 1_200.0, own="0"), raw_cell("10", 8_888.0, own="0", year=2023)]
    for row in (row for place, row in estimate({}, published).items() if place[0] == "TX"):
        assert (row["qcew_coverage_pct"], row["qcew_without_pattern_pct"]) == (72.5, 7.5)


def test_a_county_has_clusters_only_and_is_not_scaled(estimate):
    rows = estimate({"51-0000": 810})
    assert jobs(rows, "employment", "48201") == pytest.approx(
        {
            ("all", "all", "manufacturing"): 50,
            ("manufacturing", "all", "manufacturing"): 40,
            ("digital", "all", "manufacturing"): 10,
        }
    )
    for place, row in rows.items():
        if place[0] == "48201":
            # its total is withheld: of at most 80 jobs, 50 are behind the estimate
            assert (row["scale_factor"], row["qcew_coverage_pct"]) == (None, 62.5)
