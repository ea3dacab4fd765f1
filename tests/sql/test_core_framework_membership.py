def test_the_overlays_memberships_stand_beside_the_frameworks(run_sql):
    result = run_sql(
        "core.framework_membership",
        {
            "reference.soc_sub_cluster": [
                {"soc_code": "15-1252", "cluster_id": "digital", "sub_cluster_id": "web"},
                {"soc_code": "29-1141", "cluster_id": "health", "sub_cluster_id": "nursing"},
            ],
            "reference.cluster": [
                {"cluster_id": "digital", "is_cross_cutting": True},
                {"cluster_id": "health", "is_cross_cutting": False},
            ],
            "reference.naics_sub_cluster": [{"code_system": "naics_2022", "naics_code": "62", "cluster_id": "health"}],
            "seed.overlay_membership": [
                {"soc_code": "15-1252", "cluster_id": "storage", "sub_cluster_id": "batteries", "given_weight": 0.4},
                {"soc_code": "15-1252", "cluster_id": "digital", "sub_cluster_id": "web", "given_weight": 0.6},
            ],
            "reference.overlay_node": [
                {
                    "overlay_id": "pathways",
                    "level": level,
                    "cluster_id": cluster,
                    "sub_cluster_id": sub_cluster,
                    "is_cross_cutting": cluster == "digital",
                }
                for level, cluster, sub_cluster in (
                    ("cluster", "storage", "all"),
                    ("sub_cluster", "storage", "batteries"),
                    ("sub_cluster", "digital", "web"),
                )
            ],
        },
    )
    # framework, code, cluster, sub-cluster, cuts across, has evidence, given weight
    assert result.rows() == [
        ("national", "15-1252", "digital", "web", True, True, None),
        ("national", "29-1141", "health", "nursing", False, True, None),
        ("pathways", "15-1252", "digital", "web", True, True, 0.6),
        ("pathways", "15-1252", "storage", "batteries", False, False, 0.4),
    ]


def test_each_framework_has_a_table_of_its_weights(run_sql):
    rows = [
        {"framework": framework, "area_id": area, "soc_code": "15-1252", "sub_cluster_id": "web", "weight": weight}
        for framework, area, weight in (("national", "US", 1.0), ("national", "TX", 0.5), ("pathways", "US", 0.6))
    ]
    by_area = run_sql("marts.area_soc_allocation", {"core.framework_allocation": rows})
    assert by_area.select("area_id", "weight").rows() == [("TX", 0.5), ("US", 1.0)]
    national = run_sql("marts.soc_allocation", {"marts.area_soc_allocation": by_area})
    assert national.select("soc_code", "weight").rows() == [("15-1252", 1.0)]
    own = run_sql("marts.overlay_allocation", {"core.framework_allocation": rows})
    assert own.select("overlay_id", "area_id", "weight").rows() == [("pathways", "US", 0.6)]
