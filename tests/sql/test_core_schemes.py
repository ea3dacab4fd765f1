"""Which groups an area is pooled by: one national scheme, unless a state has its own."""


def test_every_area_but_counties_has_the_national_scheme(run_sql):
    areas = (("US", "national"), ("TX", "state"), ("C26420", "metro"), ("N4800001", "nonmetro"), ("48201", "county"))
    result = run_sql(
        "core.area_group_scheme",
        {"reference.area": [{"area_id": area, "area_type": kind} for area, kind in areas]},
    )
    assert result.rows() == [(area, "national") for area in ("C26420", "N4800001", "TX", "US")]


def test_the_national_scheme_shares_as_allocated_and_counts_in_full_as_listed(run_sql):
    result = run_sql(
        "core.scheme_membership",
        {
            "core.area_group_scheme": [{"area_id": area, "scheme": "national"} for area in ("US", "TX")],
            "marts.soc_allocation": [
                {"soc_code": "15-1252", "cluster_id": "digital", "sub_cluster_id": "web", "weight": 1.0},
                {"soc_code": "15-1252", "cluster_id": "health", "sub_cluster_id": "records", "weight": 0.0},
            ],
            "reference.soc_sub_cluster": [
                {"soc_code": "15-1252", "cluster_id": "digital", "sub_cluster_id": "web"},
                {"soc_code": "15-1252", "cluster_id": "health", "sub_cluster_id": "records"},
            ],
        },
    )
    assert result.rows() == [
        ("national", "duplicated", "15-1252", "digital", "web", 1.0),
        ("national", "duplicated", "15-1252", "health", "records", 1.0),
        ("national", "unduplicated", "15-1252", "digital", "web", 1.0),
    ]


def test_the_framework_has_its_places_on_both_bases(run_sql):
    result = run_sql(
        "core.scheme_place",
        {
            "core.area_group_scheme": [{"area_id": area, "scheme": "national"} for area in ("US", "TX")],
            "reference.cluster": [{"cluster_id": "digital"}],
            "reference.sub_cluster": [{"cluster_id": "digital", "sub_cluster_id": "web"}],
        },
    )
    assert result.rows() == [
        ("national", basis, level, "digital", sub_cluster)
        for basis in ("duplicated", "unduplicated")
        for level, sub_cluster in (("cluster", "all"), ("sub_cluster", "web"))
    ]
