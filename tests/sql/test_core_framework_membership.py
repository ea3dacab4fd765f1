"""The memberships that jobs are allocated by, and what functions decide among them."""

import pytest

#: An occupation of two sub-clusters, of which its function names one, and one of a single sub-cluster.
LISTED = [
    {"soc_code": "15-1254", "cluster_id": "digital", "sub_cluster_id": "web"},
    {"soc_code": "15-1254", "cluster_id": "digital", "sub_cluster_id": "software"},
    {"soc_code": "29-1141", "cluster_id": "health", "sub_cluster_id": "nursing"},
]
FUNCTION = [
    {"soc_code": "15-1254", "cluster_id": "digital", "sub_cluster_id": sub_cluster, "function_weight": weight}
    for sub_cluster, weight in (("web", 1.0), ("software", 0.0))
]
PLACES = {"web": "digital", "software": "digital", "nursing": "health", "batteries": "storage"}


@pytest.fixture
def memberships(run_sql):
    """By framework, the function and the given weight of each occupation and sub-cluster."""

    def run(own: dict[tuple[str, str], float | None]) -> dict[str, dict[tuple[str, str], tuple]]:
        result = run_sql(
            "core.framework_membership",
            {
                "reference.soc_sub_cluster": LISTED,
                "reference.soc_function": FUNCTION,
                "seed.overlay_membership": [
                    {
                        "soc_code": code,
                        "cluster_id": PLACES[sub_cluster],
                        "sub_cluster_id": sub_cluster,
                        "given_weight": weight,
                    }
                    for (code, sub_cluster), weight in own.items()
                ],
                "reference.overlay_node": [
                    {"overlay_id": "pathways", "cluster_id": cluster, "sub_cluster_id": sub_cluster}
                    for sub_cluster, cluster in PLACES.items()
                ],
            },
        )
        found: dict[str, dict[tuple[str, str], tuple]] = {}
        for row in result.iter_rows(named=True):
            key = (row["soc_code"], row["sub_cluster_id"])
            found.setdefault(row["framework"], {})[key] = (row["function_weight"], row["given_weight"])
        return found

    return run


def test_the_framework_stands_with_and_without_functions_beside_the_overlay(memberships):
    found = memberships({("29-1141", "nursing"): 0.6, ("29-1141", "batteries"): 0.4})
    assert found == {
        "national": {
            ("15-1254", "web"): (1.0, None),
            ("15-1254", "software"): (0.0, None),
            ("29-1141", "nursing"): (None, None),
        },
        "industries_only": {
            ("15-1254", "web"): (None, None),
            ("15-1254", "software"): (None, None),
            ("29-1141", "nursing"): (None, None),
        },
        "pathways": {("29-1141", "nursing"): (None, 0.6), ("29-1141", "batteries"): (None, 0.4)},
    }


@pytest.mark.parametrize(
    ("sub_clusters", "functions"),
    [
        (("web", "software"), (1.0, 0.0)),
        (("web",), (1.0,)),
        # the function does not know the one that is added
        (("web", "software", "batteries"), (None, None, None)),
        # the one that it names is gone
        (("software", "nursing"), (None, None)),
        (("software",), (None,)),
    ],
    ids=["unchanged", "one less", "one more", "another", "none of those named"],
)
def test_a_function_decides_under_an_overlay_while_it_knows_every_member(memberships, sub_clusters, functions):
    found = memberships({("15-1254", sub_cluster): None for sub_cluster in sub_clusters})["pathways"]
    assert found == {
        ("15-1254", sub_cluster): (weight, None) for sub_cluster, weight in zip(sub_clusters, functions, strict=True)
    }


def test_each_framework_has_a_table_of_its_weights(run_sql):
    rows = [
        {"framework": framework, "area_id": area, "soc_code": "15-1252", "sub_cluster_id": "web", "weight": weight}
        for framework, area, weight in (
            ("national", "US", 1.0),
            ("national", "TX", 0.5),
            ("industries_only", "US", 0.7),
            ("pathways", "US", 0.6),
        )
    ]
    by_area = run_sql("marts.area_soc_allocation", {"core.framework_allocation": rows})
    assert by_area.select("area_id", "weight").rows() == [("TX", 0.5), ("US", 1.0)]
    national = run_sql("marts.soc_allocation", {"marts.area_soc_allocation": by_area})
    assert national.select("soc_code", "weight").rows() == [("15-1252", 1.0)]
    own = run_sql("marts.overlay_allocation", {"core.framework_allocation": rows})
    assert own.select("overlay_id", "area_id", "weight").rows() == [("pathways", "US", 0.6)]
