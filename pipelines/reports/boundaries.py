"""Outlines of a state's counties for maps: part of the topology in `reference/boundaries`, as Vega reads it."""

import json
from functools import cache
from typing import Any

from pipelines.paths import BOUNDARIES


@cache
def _topology() -> dict[str, Any]:
    topology: dict[str, Any] = json.loads((BOUNDARIES / "counties.json").read_text(encoding="utf-8"))
    return topology


def state_topology(state_fips: str) -> dict[str, Any] | None:
    """The counties of a state as TopoJSON: object `counties`, one geometry per county with its FIPS code as `id`.

    Longitude and latitude, at 1:10,000,000, of the counties of 2023, Connecticut's planning regions among them. None
    where the file has none of the state's.
    """
    whole = _topology()
    shapes = [shape for shape in whole["objects"]["counties"]["geometries"] if shape["id"].startswith(state_fips)]
    if not shapes:
        return None
    place: dict[int, int] = {}

    def renumbered(arcs: Any) -> Any:
        if isinstance(arcs, list):
            return [renumbered(part) for part in arcs]
        # the file writes an arc that runs backwards as its complement
        number = place.setdefault(max(arcs, ~arcs), len(place))
        return number if arcs >= 0 else ~number

    counties = [{"type": shape["type"], "id": shape["id"], "arcs": renumbered(shape["arcs"])} for shape in shapes]
    return {
        "type": "Topology",
        "transform": whole["transform"],
        "objects": {"counties": {"type": "GeometryCollection", "geometries": counties}},
        "arcs": [whole["arcs"][arc] for arc in place],
    }
