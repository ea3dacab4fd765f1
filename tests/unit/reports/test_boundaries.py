"""A state's outlines are all its counties, and the same lines as in the whole file."""

from itertools import accumulate
from typing import Any

import polars as pl
import pytest

from pipelines.paths import CROSSWALKS
from pipelines.reports.boundaries import state_topology
from pipelines.reports.charts.style import Chart
from pipelines.reports.sections.areas import areas_map, without_map


def _corners(topology: dict[str, Any], county: str) -> list[tuple[float, float]]:
    """Longitude and latitude of the first ring of a county, decoded by hand: arcs hold differences of whole steps."""
    (shape,) = [each for each in topology["objects"]["counties"]["geometries"] if each["id"] == county]
    ring = shape["arcs"][0] if shape["type"] == "Polygon" else shape["arcs"][0][0]
    (step_x, step_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    corners: list[tuple[float, float]] = []
    for arc in ring:
        steps = topology["arcs"][arc if arc >= 0 else ~arc]
        xs, ys = accumulate(step[0] for step in steps), accumulate(step[1] for step in steps)
        points = [(x * step_x + left, y * step_y + bottom) for x, y in zip(xs, ys, strict=True)]
        corners.extend(points if arc >= 0 else points[::-1])
    return corners


@pytest.mark.parametrize(("state_fips", "counties"), [("39", 88), ("48", 254), ("11", 1), ("72", 78)])
def test_a_state_has_all_its_counties(state_fips: str, counties: int) -> None:
    topology = state_topology(state_fips)
    assert topology is not None
    ids = [shape["id"] for shape in topology["objects"]["counties"]["geometries"]]
    assert len(set(ids)) == len(ids) == counties
    assert {each[:2] for each in ids} == {state_fips}


def test_a_county_lies_where_it_is_and_its_outline_closes() -> None:
    topology = state_topology("39")
    assert topology is not None
    corners = _corners(topology, "39049")  # Franklin, around Columbus at 39.96 N, 83.00 W
    assert corners[0] == corners[-1]
    longitudes, latitudes = zip(*corners, strict=True)
    assert min(longitudes) < -83.00 < max(longitudes)
    assert min(latitudes) < 39.96 < max(latitudes)
    assert max(longitudes) - min(longitudes) < 0.6


def test_metro_counties_of_a_state_have_outlines() -> None:
    counties = pl.read_csv(CROSSWALKS / "county.csv", infer_schema_length=0)
    metro = counties.drop_nulls("cbsa_area_id").filter(pl.col("last_year").is_null())
    for (state_fips,), members in metro.group_by("state_fips"):
        topology = state_topology(str(state_fips))
        assert topology is not None
        drawn = {shape["id"] for shape in topology["objects"]["counties"]["geometries"]}
        assert set(members["county_fips"]) <= drawn, state_fips


def test_a_code_that_is_no_state_has_none() -> None:
    assert state_topology("99") is None


def _classes(chart: Chart | None) -> dict[str, str]:
    """The class of each county that a map looks up."""
    assert chart is not None
    looked_up = chart["transform"][0]["from"]["data"]["values"]
    return {row["county_fips"]: row["class"] for row in looked_up}


NO_RANGE = (None, None)


def _counties(
    wages: dict[str, tuple[str | None, float | None]], nonmetro: tuple[float | None, float | None] = NO_RANGE
) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "county_fips": county,
                "area_id": area,
                "wage_p50_usd": wage,
                "wage_low_usd": nonmetro[0],
                "wage_high_usd": nonmetro[1],
            }
            for county, (area, wage) in wages.items()
        ],
        schema_overrides=dict.fromkeys(("wage_p50_usd", "wage_low_usd", "wage_high_usd"), pl.Float64),
    )


def test_a_map_colours_counties_by_the_wage_of_their_area() -> None:
    wages: dict[str, tuple[str | None, float | None]] = {
        "39049": ("C18140", 50_000.0),
        "39041": ("C18140", 50_000.0),
        "39035": ("C17410", 48_000.0),
        "39061": ("C17140", 46_000.0),
        "39095": ("C45780", None),
        "39001": (None, None),
    }
    classes = {
        "39049": "$50,000 and over",
        "39041": "$50,000 and over",
        "39035": "$48,000 to $50,000",
        "39061": "under $48,000",
    }
    # one of several nonmetro areas, nobody says which
    chart = areas_map(_counties(wages, (41_000.0, 44_000.0)), state_topology("39"))
    assert _classes(chart) == {**classes, "39001": "nonmetro areas, $41,000 to $44,000"}
    # the state's one nonmetro area is an area as any other
    one = {**wages, "39001": ("N3900001", 44_000.0)}
    chart = areas_map(_counties(one, (44_000.0, 44_000.0)), state_topology("39"))
    assert _classes(chart) == {
        "39049": "$50,000 and over",
        "39041": "$50,000 and over",
        "39035": "$48,000 to $50,000",
        "39061": "$46,000 to $48,000",
        "39001": "under $46,000",
    }


def test_connecticut_is_drawn_by_its_planning_regions() -> None:
    regions: dict[str, tuple[str | None, float | None]] = {"09110": ("C25540", 61_000.0), "09170": ("C35300", 59_000.0)}
    assert _classes(areas_map(_counties(regions), state_topology("09"))) == {
        "09110": "$61,000 and over",
        "09170": "under $61,000",
    }
    assert "09001" not in {shape["id"] for shape in (state_topology("09") or {})["objects"]["counties"]["geometries"]}


def test_there_is_no_map_where_nothing_can_be_told_apart() -> None:
    same: dict[str, tuple[str | None, float | None]] = {"39049": ("C18140", 50_000.0), "39035": ("C17410", 50_000.0)}
    # a county of before 2022
    gone: dict[str, tuple[str | None, float | None]] = {"09001": ("C25540", 1.0), "09003": ("C35300", 2.0)}
    none = _counties(same).clear()
    for counties, state, words in (
        (_counties(same), "39", "fewer than two"),
        (_counties(gone), "09", "counties of 2023"),
        (_counties(same), None, "counties of 2023"),
        (none, "39", ""),
    ):
        outlines = state_topology(state) if state else None
        assert areas_map(counties, outlines) is None
        assert words in without_map(counties, outlines)
        assert bool(words) == bool(without_map(counties, outlines))
