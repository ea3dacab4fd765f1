"""A state's outlines are all its counties, and the same lines as in the whole file."""

from itertools import accumulate
from typing import Any

import polars as pl
import pytest

from pipelines.paths import CROSSWALKS
from pipelines.reports.boundaries import state_topology


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
    metro = counties.drop_nulls("cbsa_area_id").filter(~pl.col("state_fips").is_in(["09", "02"]))
    for (state_fips,), members in metro.group_by("state_fips"):
        topology = state_topology(str(state_fips))
        assert topology is not None
        drawn = {shape["id"] for shape in topology["objects"]["counties"]["geometries"]}
        assert set(members["county_fips"]) <= drawn, state_fips


def test_a_code_that_is_no_state_has_none() -> None:
    assert state_topology("99") is None
