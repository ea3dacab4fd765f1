"""Where a job of an occupation belongs, given the home of its industry."""

import pytest
from sql_inputs import Row

CLUSTERS = ("health", "manufacturing", "digital", "management")


@pytest.fixture
def placed(run_sql):
    """By home, the share of a job of the one occupation in each sub-cluster."""

    def run(shares: dict[tuple[str, str], tuple[float, float]], **methods: str) -> dict[str, dict[str, float]]:
        allocation: list[Row] = [
            {
                "soc_code": "15-1252",
                "cluster_id": cluster,
                "sub_cluster_id": sub_cluster,
                "cluster_weight": weight,
                "weight_in_cluster": within,
                "cluster_method": methods.get(cluster, "staffing_pattern"),
            }
            for (cluster, sub_cluster), (weight, within) in shares.items()
        ]
        rows = run_sql(
            "core.home_allocation",
            {
                # a code that OEWS publishes only as part of a combined one has no jobs of its own
                "marts.soc_allocation": [*allocation, *({**row, "soc_code": "15-1259"} for row in allocation)],
                "reference.cluster": [{"cluster_id": cluster} for cluster in CLUSTERS],
                "reference.oews_occupation": [{"soc_code": "15-1252", "occupation_group": "detailed"}],
            },
        )
        assert set(rows["soc_code"]) == {"15-1252"}
        found: dict[str, dict[str, float]] = {}
        for row in rows.iter_rows(named=True):
            found.setdefault(row["home_cluster_id"], {})[row["sub_cluster_id"]] = row["weight"]
        assert found.keys() == {*CLUSTERS, "no_home", "unassigned"}
        return found

    return run


def test_at_home_a_job_is_the_clusters_and_elsewhere_it_follows_those_at_home(placed):
    found = placed(
        {
            ("manufacturing", "engineering"): (0.4, 0.7),
            ("manufacturing", "quality"): (0.4, 0.3),
            ("digital", "software"): (0.6, 1.0),
        }
    )
    elsewhere = pytest.approx({"engineering": 0.28, "quality": 0.12, "software": 0.6})
    assert found == {
        "manufacturing": pytest.approx({"engineering": 0.7, "quality": 0.3}),
        "digital": {"software": 1.0},
        "health": elsewhere,
        "management": elsewhere,
        "no_home": elsewhere,
        "unassigned": elsewhere,
    }


@pytest.mark.parametrize("method", ["function", "equal_share", "single"])
def test_what_industries_do_not_decide_is_the_same_in_every_home(placed, method):
    methods = dict.fromkeys(("manufacturing", "digital"), method)
    found = placed({("manufacturing", "engineering"): (0.4, 1.0), ("digital", "software"): (0.6, 1.0)}, **methods)
    assert all(shares == {"engineering": 0.4, "software": 0.6} for shares in found.values())


def test_a_cluster_of_no_industry_keeps_its_share_of_jobs_at_home_too(placed):
    # industries share out two thirds of each job, half and half in the nation
    found = placed(
        {
            ("manufacturing", "engineering"): (1 / 3, 1.0),
            ("health", "devices"): (1 / 3, 1.0),
            ("management", "projects"): (1 / 3, 1.0),
        },
        management="equal_share",
    )
    assert found["manufacturing"] == pytest.approx({"engineering": 2 / 3, "projects": 1 / 3})
    assert found["health"] == pytest.approx({"devices": 2 / 3, "projects": 1 / 3})
    assert (
        found["management"]
        == found["digital"]
        == pytest.approx(dict.fromkeys(("engineering", "devices", "projects"), 1 / 3))
    )


def test_a_job_at_home_is_the_clusters_though_the_nation_has_none_there(placed):
    found = placed({("health", "devices"): (1.0, 1.0), ("digital", "software"): (0.0, 1.0)})
    assert found["digital"] == {"software": 1.0}
    assert found["unassigned"] == found["manufacturing"] == {"devices": 1.0}


def test_a_cluster_that_the_function_rules_out_has_no_jobs_at_its_home(placed):
    found = placed(
        {
            ("health", "devices"): (0.0, 1.0),
            ("manufacturing", "engineering"): (0.5, 1.0),
            ("digital", "software"): (0.5, 1.0),
        },
        health="function",
    )
    assert found["health"] == {"engineering": 0.5, "software": 0.5}
    assert found["manufacturing"] == {"engineering": 1.0}


def test_parts_of_a_job_are_never_more_than_the_job(placed):
    """Nine doubles next to a ninth, added up one after another, are more than 1 by the last bit."""
    ninth = 1 / 9
    others = {(f"cluster_{number}", f"place_{number}"): (ninth, 1.0) for number in range(8)}
    assert placed({("manufacturing", "engineering"): (ninth, 1.0), **others})["manufacturing"] == {"engineering": 1.0}
