"""Which groups an area is pooled by: one national scheme, unless a state has its own."""

import pytest
from sql_inputs import Row, parts

AREAS = [
    {"area_id": area, "area_type": kind, "state_id": state}
    for area, kind, state in (
        ("US", "national", None),
        ("TX", "state", "TX"),
        ("OK", "state", "OK"),
        ("C26420", "metro", "TX"),
        ("N4800001", "nonmetro", "TX"),
        ("48201", "county", "TX"),
    )
]
LISTED = [
    {"soc_code": "15-1252", "cluster_id": "digital", "sub_cluster_id": "web"},
    {"soc_code": "15-1252", "cluster_id": "health", "sub_cluster_id": "records"},
]
#: By area, how much of the occupation is in the first of its two clusters.
SHARES = {"US": 1.0, "TX": 0.75}


def setting(weights: str) -> list[Row]:
    return [{"setting": "weights", "setting_value": weights}]


def allocation() -> list[Row]:
    return [
        {
            "area_id": area,
            **listed,
            "weight": weight,
            # in the state, the cluster of the second rests on evidence, but not its sub-cluster
            "cluster_has_evidence": True,
            "sub_cluster_has_evidence": (area, listed["sub_cluster_id"]) != ("TX", "records"),
        }
        for area, share in SHARES.items()
        for listed, weight in zip(LISTED, (share, 1 - share), strict=True)
    ]


@pytest.mark.parametrize(
    ("weights", "schemes"),
    [
        ("national", {"C26420": "national", "N4800001": "national", "TX": "national"}),
        # Oklahoma has no weights of its own
        ("state", {"C26420": "TX", "N4800001": "TX", "TX": "TX"}),
    ],
)
def test_areas_have_the_national_scheme_or_that_of_their_state(run_sql, weights, schemes):
    result = run_sql(
        "core.area_group_scheme",
        {
            "reference.area": AREAS,
            "core.area_part": parts([area for area in AREAS if area["area_type"] != "county"]),
            "marts.area_soc_allocation": allocation(),
            "reference.setting": setting(weights),
        },
    )
    assert dict(result.select("area_id", "scheme").iter_rows()) == {**schemes, "OK": "national", "US": "national"}
    own = {area for area, scheme in schemes.items() if scheme == "TX"}
    assert dict(result.select("area_id", "weights_of").iter_rows()) == {
        area: "TX" if area in own else "US" for area in (*schemes, "OK", "US")
    }


@pytest.mark.parametrize(
    ("weights_of", "in_texas"),
    [
        # a state may have groups of its own and yet the nation's weights
        ("US", {"web": 1.0}),
        ("TX", {"web": 0.75, "records": 0.25}),
    ],
)
def test_schemes_share_as_allocated_and_count_in_full_as_listed(run_sql, weights_of, in_texas):
    result = run_sql(
        "core.scheme_membership",
        {
            "core.area_group_scheme": [
                {"area_id": area, "scheme": scheme, "weights_of": weights_of if scheme == "TX" else "US"}
                for area, scheme in (("US", "national"), ("TX", "TX"), ("C26420", "TX"), ("OK", "OK"))
            ],
            "marts.area_soc_allocation": allocation(),
            "reference.soc_sub_cluster": LISTED,
        },
    )
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in result.iter_rows(named=True):
        found.setdefault((row["scheme"], row["basis"]), {})[row["sub_cluster_id"]] = row["weight"]
        has_evidence = (row["basis"], row["weight"]) != ("unduplicated", 0.25)
        assert row["evidence_weight"] == (row["weight"] if has_evidence else 0.0)
        assert row["cluster_evidence_weight"] == row["weight"]
    assert found == {
        **{(scheme, "duplicated"): {"web": 1.0, "records": 1.0} for scheme in ("national", "OK", "TX")},
        ("national", "unduplicated"): {"web": 1.0},
        ("OK", "unduplicated"): {"web": 1.0},
        ("TX", "unduplicated"): in_texas,
    }


def test_the_framework_has_its_places_on_both_bases(run_sql):
    result = run_sql(
        "core.scheme_node",
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
