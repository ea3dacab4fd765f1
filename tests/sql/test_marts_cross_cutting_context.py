import pytest
from sql_inputs import Row, area_cell, home_employment

CLUSTERS = {"health": False, "manufacturing": False, "digital": True, "management": True}


def allocation(soc_code: str, cluster: str, sub_cluster: str, weight: float) -> Row:
    return {"soc_code": soc_code, "cluster_id": cluster, "sub_cluster_id": sub_cluster, "weight": weight}


def everywhere(allocations: list[Row], but: dict[tuple[str, str], dict[str, float]]) -> list[Row]:
    """Rows of core.home_allocation: as allocated in every home, but for the occupations and homes named."""
    return [
        {**row, "home_cluster_id": home, "weight": but.get((row["soc_code"], home), {}).get(name, row["weight"])}
        for row in allocations
        for home in (*CLUSTERS, "no_home", "unassigned")
        for name in (row["sub_cluster_id"],)
        if (row["soc_code"], home) not in but or name in but[row["soc_code"], home]
    ]


@pytest.fixture
def context(run_sql):
    def run(
        allocations: list[Row],
        cells: list[Row],
        homes: list[Row],
        at_home: dict[tuple[str, str], dict[str, float]] | None = None,
    ) -> dict[tuple[str, str, str], Row]:
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
                "core.home_allocation": everywhere(allocations, at_home or {}),
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
            # 1,000 jobs: by 150 and 450 in their own industries, manufacturing has a quarter and digital three, which
            # two sub-clusters share 2 to 1
            allocation("15-1252", "manufacturing", "engineering", 0.25),
            allocation("15-1252", "digital", "software", 0.5),
            allocation("15-1252", "digital", "web", 0.25),
            # 500 jobs, all digital's
            allocation("15-1211", "digital", "software", 1.0),
        ],
        [area_cell("US", "15-1252", 1000), area_cell("US", "15-1211", 500), area_cell("TX", "15-1211", 90)],
        [
            home_employment("15-1252", "manufacturing", "unassigned", 150),
            home_employment("15-1252", "health", "care", 100, wage_employment=100.0, wages_usd=9_000_000.0),
            home_employment("15-1252", "health", "unassigned", 100, wage_employment=100.0, wages_usd=7_000_000.0),
            home_employment("15-1252", "digital", "software", 450, wage_employment=450.0, wages_usd=45_000_000.0),
            home_employment("15-1252", "no_home", "unassigned", 200),
            home_employment("15-1211", "health", "care", 300, wage_employment=300.0, wages_usd=15_000_000.0),
            home_employment(
                "15-1211", "manufacturing", "unassigned", 200, wage_employment=200.0, wages_usd=8_000_000.0
            ),
            home_employment("00-0000", "health", "care", 99_999),
        ],
        {
            ("15-1252", "manufacturing"): {"engineering": 1.0},
            ("15-1252", "digital"): {"software": 2 / 3, "web": 1 / 3},
        },
    )
    jobs = {key: row["employment"] for key, row in rows.items()}
    # of 15-1252 digital has its 450, and three quarters of the 200 in health and of the 200 in industries of no home
    assert jobs == pytest.approx(
        {
            ("digital", "all", "health"): 150 + 300,
            ("digital", "all", "digital"): 450,
            ("digital", "all", "no_home"): 150,
            # 15-1211 is no member of manufacturing, so its jobs there are digital's
            ("digital", "all", "manufacturing"): 200,
            ("digital", "software", "health"): 100 + 300,
            ("digital", "software", "digital"): 300,
            ("digital", "software", "no_home"): 100,
            ("digital", "software", "manufacturing"): 200,
            ("digital", "web", "health"): 50,
            ("digital", "web", "digital"): 150,
            ("digital", "web", "no_home"): 50,
        }
    )
    # unduplicated national jobs of digital: 0.75 * 1,000 + 500; of software 0.5 * 1,000 + 500; of web 0.25 * 1,000
    for sub_cluster, expected in [("all", 1250), ("software", 1000), ("web", 250)]:
        assert sum(value for key, value in jobs.items() if key[1] == sub_cluster) == pytest.approx(expected)
    shares = {key[2]: row["employment_share_pct"] for key, row in rows.items() if key[1] == "web"}
    assert shares == pytest.approx({"health": 20, "digital": 60, "no_home": 20})
    # wages: 15-1252 earns 16,000,000 / 200 = 80,000 in health, 15-1211 earns 50,000: (150 * 80 + 300 * 50) / 450
    assert rows["digital", "all", "health"]["wage_mean_usd"] == 60_000
    assert rows["digital", "software", "health"]["wage_mean_usd"] == 57_500  # (100 * 80 + 300 * 50) / 400
    assert rows["digital", "web", "digital"]["wage_mean_usd"] == 100_000
    assert rows["digital", "all", "manufacturing"]["wage_mean_usd"] == 40_000
    assert rows["digital", "all", "no_home"]["wage_mean_usd"] is None
    assert rows["digital", "all", "health"]["period"] == "2025-05"


def test_jobs_that_no_industry_shows_for_the_cluster_are_unassigned(context):
    rows = context(
        [
            # no industry shows 11-1011 at all; 11-1021 is shown only where every job is health's
            allocation("11-1011", "management", "leadership", 1.0),
            allocation("11-1021", "management", "leadership", 0.4),
            allocation("11-1021", "health", "care", 0.6),
        ],
        [area_cell("US", "11-1011", 100), area_cell("US", "11-1021", 1000)],
        [home_employment("11-1021", "health", "care", 600)],
        {("11-1021", "health"): {"care": 1.0}},
    )
    assert {key: row["employment"] for key, row in rows.items()} == {
        ("management", "all", "unassigned"): 500,
        ("management", "leadership", "unassigned"): 500,
    }
    assert rows["management", "all", "unassigned"]["employment_share_pct"] == 100


def test_a_function_is_the_same_work_in_every_home(context):
    rows = context(
        [allocation("13-1082", "management", "projects", 0.5), allocation("13-1082", "health", "care", 0.5)],
        [area_cell("US", "13-1082", 1000)],
        [home_employment("13-1082", "health", "care", 600), home_employment("13-1082", "no_home", "unassigned", 400)],
    )
    assert {key[2]: row["employment"] for key, row in rows.items() if key[1] == "all"} == {
        "health": 300,
        "no_home": 200,
    }


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
