"""What an overlay and its regions add to the schemes that areas are pooled by."""

from typing import Any

import pytest
from sql_inputs import Row

OVERLAY = {"overlay_id": "pathways", "state_id": "TX", "changes_groups": True}
AREAS = (
    ("US", "national", None),
    ("TX", "state", "TX"),
    ("C26420", "metro", "TX"),
    ("N4800001", "nonmetro", "TX"),
    ("48201", "county", "TX"),
    ("OK", "state", "OK"),
    ("TX:gulf", "region", "TX"),
    ("TX:empty", "region", "TX"),
)
MEMBERS = (
    ("TX:gulf", "C26420", "metro", 100.0),
    ("TX:gulf", "N4800001", "nonmetro", 25.0),
    ("TX:gulf", "48201", "county", 100.0),
    ("TX:gulf", "C10180", "metro", 0.0),
    ("TX:empty", "C26420", "metro", 0.0),
)


def areas() -> list[Row]:
    return [dict(zip(("area_id", "area_type", "state_id"), area, strict=True)) for area in AREAS]


def scheme_of_areas(run_sql, overlays: list[dict[str, Any]]) -> dict[str, str]:
    members = [
        dict(zip(("region_area_id", "area_id", "area_type", "share_pct"), member, strict=True)) for member in MEMBERS
    ]
    part = run_sql("core.area_part", {"reference.area": areas(), "reference.region_member": members})
    assert part.rows() == [
        ("C26420", "C26420", 1.0),
        ("N4800001", "N4800001", 1.0),
        ("OK", "OK", 1.0),
        ("TX", "TX", 1.0),
        # neither counties nor what is left out
        ("TX:gulf", "C26420", 1.0),
        ("TX:gulf", "N4800001", 0.25),
        ("US", "US", 1.0),
    ]
    result = run_sql(
        "core.area_group_scheme",
        {
            "reference.area": areas(),
            "core.area_part": part,
            "reference.overlay": overlays,
            "marts.area_soc_allocation": [],
        },
    )
    assert set(result["weights_of"]) == {"US"}
    return dict(result.select("area_id", "scheme").rows())


@pytest.mark.parametrize("overlays", [[], [{**OVERLAY, "changes_groups": False}]], ids=["none", "regions only"])
def test_areas_have_the_national_scheme_without_groups_of_a_state(run_sql, overlays):
    found = scheme_of_areas(run_sql, overlays)
    assert found.pop("TX:gulf") == "TX_regions"
    assert found == dict.fromkeys(("C26420", "N4800001", "OK", "TX", "US"), "national")


def test_an_overlay_gives_its_state_a_scheme_and_leaves_the_others(run_sql):
    assert scheme_of_areas(run_sql, [OVERLAY]) == {
        "C26420": "TX",
        "N4800001": "TX",
        "OK": "national",
        "TX": "TX",
        "TX:gulf": "TX_regions",
        "US": "national",
    }


def test_an_overlays_memberships_and_places_stand_beside_the_frameworks(run_sql):
    schemes = [
        {"area_id": area, "scheme": scheme, "weights_of": "US"}
        for area, scheme in (("US", "national"), ("TX", "TX"), ("TX:gulf", "TX_regions"))
    ]
    result = run_sql(
        "core.scheme_membership",
        {
            "core.area_group_scheme": schemes,
            "reference.overlay": [OVERLAY],
            "marts.area_soc_allocation": [
                {
                    "area_id": "US",
                    "soc_code": "15-1252",
                    "cluster_id": "digital",
                    "sub_cluster_id": "web",
                    "weight": 1.0,
                    "cluster_has_evidence": True,
                    "sub_cluster_has_evidence": True,
                }
            ],
            "reference.soc_sub_cluster": [{"soc_code": "15-1252", "cluster_id": "digital", "sub_cluster_id": "web"}],
            "marts.overlay_allocation": [
                {
                    "overlay_id": "pathways",
                    "area_id": "US",
                    "soc_code": "15-1252",
                    "cluster_id": cluster,
                    "sub_cluster_id": sub,
                    "weight": w,
                    "cluster_has_evidence": False,
                    "sub_cluster_has_evidence": False,
                }
                for cluster, sub, w in (("storage", "batteries", 1.0), ("digital", "web", 0.0))
            ],
        },
    )
    rows = {scheme: result.filter(scheme=scheme).drop("scheme").rows() for scheme in ("national", "TX", "TX_regions")}
    national = [
        ("duplicated", "15-1252", "digital", "web", 1.0, 1.0, 1.0),
        ("unduplicated", "15-1252", "digital", "web", 1.0, 1.0, 1.0),
    ]
    assert rows["national"] == national
    own = [
        ("duplicated:pathways", "15-1252", "digital", "web", 1.0, 1.0, 1.0),
        ("duplicated:pathways", "15-1252", "storage", "batteries", 1.0, 1.0, 1.0),
        # counted by an equal share
        ("unduplicated:pathways", "15-1252", "storage", "batteries", 1.0, 0.0, 0.0),
    ]
    assert rows["TX"] == rows["TX_regions"] == sorted([*national, *own])
    places = run_sql(
        "core.scheme_node",
        {
            "core.area_group_scheme": schemes,
            "reference.overlay": [OVERLAY],
            "reference.cluster": [{"cluster_id": "digital"}],
            "reference.sub_cluster": [],
            "reference.overlay_node": [
                {"overlay_id": "pathways", "level": "cluster", "cluster_id": "storage", "sub_cluster_id": "all"}
            ],
        },
    )
    found = places.filter(scheme="TX").select("basis", "cluster_id").rows()
    assert found == [
        ("duplicated", "digital"),
        ("duplicated:pathways", "storage"),
        ("unduplicated", "digital"),
        ("unduplicated:pathways", "storage"),
    ]
    assert places.filter(scheme="national")["cluster_id"].to_list() == ["digital", "digital"]
