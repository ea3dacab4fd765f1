import pytest
from sql_inputs import Row

#: By area whose weights are used and sub-cluster: the weight of this release, and by industries alone. The first
#: occupation is in two clusters, the second in one.
WEIGHTS: dict[str, dict[tuple[str, str, str], tuple[float, float]]] = {
    "US": {
        ("15-1252", "digital", "software"): (1.0, 0.5),
        ("15-1252", "digital", "web"): (0.0, 0.25),
        ("15-1252", "health", "records"): (0.0, 0.25),
        ("29-1141", "health", "nursing"): (1.0, 1.0),
    },
    "TX": {
        ("15-1252", "digital", "software"): (0.9, 0.8),
        ("15-1252", "digital", "web"): (0.0, 0.0),
        ("15-1252", "health", "records"): (0.1, 0.2),
        ("29-1141", "health", "nursing"): (1.0, 1.0),
    },
}


@pytest.fixture
def ranges(run_sql):
    """By area and place: jobs by this release, by industries, by equal shares, in full."""

    def run(weights_of: str) -> dict[tuple[str, str], tuple]:
        rows = [(area, place, *weights) for area, of_area in WEIGHTS.items() for place, weights in of_area.items()]
        keyed = [
            dict(zip(("area_id", "soc_code", "cluster_id", "sub_cluster_id"), (area, *place), strict=True))
            for area, place, _, _ in rows
        ]
        framework: list[Row] = [
            {**key, "framework": framework, "weight": weight}
            for key, (_, _, ours, industries) in zip(keyed, rows, strict=True)
            for framework, weight in (("national", ours), ("industries_only", industries))
        ]
        result = run_sql(
            "marts.cluster_range",
            {
                "core.occupation_estimate": [
                    {"area_id": area, "soc_code": code, "employment_estimate": jobs}
                    for area, code, jobs in (
                        ("TX", "15-1252", 1000.0),
                        ("TX", "29-1141", 100.0),
                        ("C26420", "15-1252", 400.0),
                    )
                ],
                "marts.area_soc_allocation": [
                    {**key, "weight": ours} for key, (_, _, ours, _) in zip(keyed, rows, strict=True)
                ],
                "core.framework_allocation": framework,
                "core.area_group_scheme": [
                    {"area_id": area, "scheme": "national", "weights_of": weights_of}
                    for area in ("TX", "C26420", "TX:half")
                ],
                "core.area_part": [
                    {"area_id": "TX", "part_area_id": "TX", "share": 1.0},
                    {"area_id": "C26420", "part_area_id": "C26420", "share": 1.0},
                    {"area_id": "TX:half", "part_area_id": "C26420", "share": 0.5},
                ],
            },
        )
        return {(row[0], row[2] if row[1] == "cluster" else row[3]): row[4:] for row in result.iter_rows()}

    return run


def test_each_cluster_stands_under_four_rules(ranges):
    found = ranges("US")
    assert {place: figures for (area, place), figures in found.items() if area == "TX"} == {
        "digital": (1000, 750, 500, 1000),
        "health": (100, 350, 600, 1100),
        # half of a job is digital's by equal shares, and a quarter each of its two sub-clusters
        "software": (1000, 500, 250, 1000),
        "web": (0, 250, 250, 1000),
        "records": (0, 250, 500, 1000),
        "nursing": (100, 100, 100, 100),
    }


def test_an_occupation_without_a_figure_and_a_place_without_occupations_have_none(ranges):
    found = {place: figures for (area, place), figures in ranges("US").items() if area == "C26420"}
    assert "nursing" not in found
    assert found["health"] == (0, 100, 200, 400)


def test_a_region_has_the_jobs_of_its_parts_and_a_state_its_own_weights(ranges):
    found = ranges("TX")
    assert found["TX:half", "digital"] == (180, 160, 100, 200)
    assert found["TX", "records"] == (100, 200, 500, 1000)
