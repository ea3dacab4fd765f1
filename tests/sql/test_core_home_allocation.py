import pytest
from sql_inputs import Row

CLUSTERS = {"health": False, "manufacturing": False, "digital": True, "management": True}


@pytest.fixture
def placed(run_sql):
    """By home, the share of a job of the one occupation in each sub-cluster."""

    def run(shares: dict[tuple[str, str], tuple[float, float]]) -> dict[str, dict[str, float]]:
        allocation: list[Row] = [
            {
                "soc_code": "15-1252",
                "cluster_id": cluster,
                "sub_cluster_id": sub_cluster,
                "cluster_weight": weight,
                "weight_in_cluster": within,
            }
            for (cluster, sub_cluster), (weight, within) in shares.items()
        ]
        rows = run_sql(
            "core.home_allocation",
            {
                # a code that OEWS publishes only as part of a combined one has no jobs of its own
                "marts.soc_allocation": [*allocation, *({**row, "soc_code": "15-1259"} for row in allocation)],
                "reference.cluster": [
                    {"cluster_id": cluster, "is_cross_cutting": cross_cutting}
                    for cluster, cross_cutting in CLUSTERS.items()
                ],
                "reference.oews_occupation": [{"soc_code": "15-1252", "occupation_group": "detailed"}],
            },
        )
        assert set(rows["soc_code"]) == {"15-1252"}
        found: dict[str, dict[str, float]] = {}
        for row in rows.iter_rows(named=True):
            found.setdefault(row["home_cluster_id"], {})[row["sub_cluster_id"]] = row["weight"]
        return found

    return run


def test_at_home_a_job_is_the_clusters_and_elsewhere_the_cross_cutting_ones(placed):
    found = placed(
        {
            ("manufacturing", "engineering"): (0.2, 0.7),
            ("manufacturing", "quality"): (0.2, 0.3),
            ("digital", "software"): (0.6, 1.0),
            ("management", "projects"): (0.2, 1.0),
        }
    )
    elsewhere = pytest.approx({"software": 0.75, "projects": 0.25})
    assert found == {
        "manufacturing": pytest.approx({"engineering": 0.7, "quality": 0.3}),
        "health": elsewhere,
        "digital": elsewhere,
        "management": elsewhere,
        "unassigned": elsewhere,
    }


def test_without_a_cross_cutting_cluster_jobs_elsewhere_follow_those_at_home(placed):
    found = placed({("manufacturing", "engineering"): (0.4, 1.0), ("health", "devices"): (0.6, 1.0)})
    assert found["manufacturing"] == {"engineering": 1.0}
    assert found["health"] == {"devices": 1.0}
    assert found["unassigned"] == found["digital"] == pytest.approx({"engineering": 0.4, "devices": 0.6})


def test_cross_cutting_clusters_without_weight_share_equally(placed):
    # in the nation all its people work at home, here some do not
    found = placed(
        {("health", "devices"): (1.0, 1.0), ("digital", "software"): (0.0, 1.0), ("management", "projects"): (0.0, 1.0)}
    )
    assert found["health"] == {"devices": 1.0}
    assert found["manufacturing"] == {"software": 0.5, "projects": 0.5}
