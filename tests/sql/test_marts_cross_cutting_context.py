import pytest
from sql_inputs import Row, area_cell, home_employment

CLUSTERS = {"health": False, "manufacturing": False, "digital": True, "management": True}


def allocation(soc_code: str, cluster: str, sub_cluster: str, weight: float) -> Row:
    return {"soc_code": soc_code, "cluster_id": cluster, "sub_cluster_id": sub_cluster, "weight": weight}


@pytest.fixture
def context(run_sql):
    def run(allocations: list[Row], cells: list[Row], homes: list[Row]) -> dict[tuple[str, str, str], Row]:
        result = run_sql(
            "marts.cross_cutting_context",
            {
                "marts.soc_allocation": allocations,
                "reference.cluster": [
                    {"cluster_id": cluster, "is_cross_cutting": cross_cutting}
                    for cluster, cross_cutting in CLUSTERS.items()
                ],
                "core.oews_area_occupation": cells,
                "core.occupation_home_employment": homes,
            },
        )
        assert set(result["area_id"]) <= {"US"}
        rows = list(result.iter_rows(named=True))
        found = {(row["cluster_id"], row["sub_cluster_id"], row["home_cluster_id"]): row for row in rows}
        assert len(found) == len(rows)
        assert all(row["level"] == ("cluster" if row["sub_cluster_id"] == "all" else "sub_cluster") for row in rows)
        return found

    return run


def test_the_homes_of_a_cluster_sum_to_its_unduplicated_national_jobs(context):
    rows = context(
        [
            # 1,000 jobs: 200 are manufacturing's own, the other 800 are digital's, 3 to 1 between two sub-clusters
            allocation("15-1252", "manufacturing", "engineering", 0.2),
            allocation("15-1252", "digital", "software", 0.6),
            allocation("15-1252", "digital", "web", 0.2),
            # 500 jobs, all digital's
            allocation("15-1211", "digital", "software", 1.0),
        ],
        [area_cell("US", "15-1252", 1000), area_cell("US", "15-1211", 500), area_cell("TX", "15-1211", 90)],
        [
            home_employment("15-1252", "manufacturing", "unassigned", 200),
            home_employment("15-1252", "health", "care", 100, wage_employment=100.0, wages_usd=9_000_000.0),
            home_employment("15-1252", "health", "unassigned", 100, wage_employment=100.0, wages_usd=7_000_000.0),
            home_employment("15-1252", "digital", "software", 360, wage_employment=360.0, wages_usd=36_000_000.0),
            home_employment("15-1252", "unassigned", "unassigned", 240),
            home_employment("15-1211", "health", "care", 300, wage_employment=300.0, wages_usd=15_000_000.0),
            home_employment(
                "15-1211", "manufacturing", "unassigned", 200, wage_employment=200.0, wages_usd=8_000_000.0
            ),
            home_employment("00-0000", "health", "care", 99_999),
        ],
    )
    jobs = {key: row["employment"] for key, row in rows.items()}
    # Of 15-1252 the 800 jobs outside manufacturing are 200 health, 360 digital, 240 unassigned, split 0.6 to 0.2.
    assert jobs == pytest.approx(
        {
            ("digital", "all", "health"): 500,
            ("digital", "all", "digital"): 360,
            ("digital", "all", "unassigned"): 240,
            # 15-1211 is no member of manufacturing, so its jobs there are digital's
            ("digital", "all", "manufacturing"): 200,
            ("digital", "software", "health"): 450,
            ("digital", "software", "digital"): 270,
            ("digital", "software", "unassigned"): 180,
            ("digital", "software", "manufacturing"): 200,
            ("digital", "web", "health"): 50,
            ("digital", "web", "digital"): 90,
            ("digital", "web", "unassigned"): 60,
        }
    )
    # unduplicated national jobs of digital: 0.8 * 1,000 + 500; of software 0.6 * 1,000 + 500; of web 0.2 * 1,000
    for sub_cluster, expected in [("all", 1300), ("software", 1100), ("web", 200)]:
        assert sum(value for key, value in jobs.items() if key[1] == sub_cluster) == pytest.approx(expected)
    shares = {key[2]: row["employment_share_pct"] for key, row in rows.items() if key[1] == "web"}
    assert shares == pytest.approx({"health": 25, "digital": 45, "unassigned": 30})
    # wages: 15-1252 earns 16,000,000 / 200 = 80,000 in health, 15-1211 earns 50,000: (200 * 80 + 300 * 50) / 500
    assert rows["digital", "all", "health"]["wage_mean_usd"] == 62_000
    assert rows["digital", "software", "health"]["wage_mean_usd"] == 60_000  # (150 * 80 + 300 * 50) / 450
    assert rows["digital", "web", "digital"]["wage_mean_usd"] == 100_000
    assert rows["digital", "all", "manufacturing"]["wage_mean_usd"] == 40_000
    assert rows["digital", "all", "unassigned"]["wage_mean_usd"] is None
    assert rows["digital", "all", "health"]["period"] == "2025-05"


def test_jobs_without_an_open_home_are_unassigned(context):
    rows = context(
        [
            # no industry shows 11-1011 at all; 11-1021 is shown only where health, also a member, has it
            allocation("11-1011", "management", "leadership", 1.0),
            allocation("11-1021", "management", "leadership", 0.4),
            allocation("11-1021", "health", "care", 0.6),
        ],
        [area_cell("US", "11-1011", 100), area_cell("US", "11-1021", 1000)],
        [home_employment("11-1021", "health", "care", 600)],
    )
    assert {key: row["employment"] for key, row in rows.items()} == {
        ("management", "all", "unassigned"): 500,
        ("management", "leadership", "unassigned"): 500,
    }
    assert rows["management", "all", "unassigned"]["employment_share_pct"] == 100


def test_what_has_no_national_figure_or_no_weight_is_left_out(context):
    rows = context(
        [
            allocation("11-1011", "management", "leadership", 1.0),
            allocation("15-1252", "digital", "software", 1.0),
            allocation("29-1141", "digital", "software", 0.0),
            allocation("29-1141", "health", "care", 1.0),
        ],
        [area_cell("US", "11-1011", None), area_cell("US", "15-1252", 100), area_cell("US", "29-1141", 900)],
        [home_employment("15-1252", "health", "care", 100), home_employment("11-1011", "health", "care", 50)],
    )
    assert {key: row["employment"] for key, row in rows.items()} == {
        ("digital", "all", "health"): 100,
        ("digital", "software", "health"): 100,
    }
