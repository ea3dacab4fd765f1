"""Clusters of areas beside each other: what a page's script draws and tells, as text and as numbers."""

import json
from collections.abc import Iterable
from importlib.metadata import distribution
from typing import Any

from markupsafe import Markup

from pipelines.reports.blocks import HEADINGS
from pipelines.reports.charts.style import BROKEN, LIGHT, Chart, amount, figures_axis, layered, marks, styled, word
from pipelines.reports.charts.svg import in_css
from pipelines.reports.profile import Profile
from pipelines.reports.rows import Row
from pipelines.reports.site.places import State, report_file

#: The columns that are told of a cluster; of them, those that can be drawn. Jobs of areas of different sizes are not.
TOLD = ("employment", "employment_share_pct", "location_quotient", "wage_p50_usd", "reliability")
DRAWN = ("location_quotient", "employment_share_pct", "wage_p50_usd")
HEADED = {column: HEADINGS[column].replace("\u00ad", "") for column in TOLD}
#: What the file of the libraries says of them, as their licences ask.
_LIBRARIES = (
    "Vega, Vega-Lite, Vega-Embed and Vega-Tooltip, copyright University of Washington Interactive Data Lab; D3 and "
    "TopoJSON, copyright Mike Bostock. As packed by vl-convert, under its terms (BSD-3-Clause); D3 and TopoJSON under "
    "the ISC licence, which asks for this notice."
)


def cells(row: Row) -> list[Any]:
    """The texts of what is told, the numbers of what is drawn (None where there is none), and 1 where it is weak."""
    texts = [row.grade if column == "reliability" else row.said(column) for column in TOLD]
    numbers = [None if row[column] is None else round(row[column], 3) for column in DRAWN]
    return [texts, numbers, int(row.is_weak)]


def compared(states: Iterable[State], profiles: dict[str, Profile]) -> dict[str, Any]:
    """The clusters by name in the framework's order, and every area of a site: title, report, state, figures.

    The figures are `cells` of all jobs, then of each cluster; null where an area has no row of it.
    """
    release = next(iter(profiles.values())).release
    nodes = release.ask("nodes").filter(level="cluster").sort("sort_order")
    areas = {}
    for state in states:
        for area in state.areas:
            profile = profiles[area.area_id]
            found = {row["cluster_id"]: cells(row) for row in profile.clusters}
            figures = [cells(profile.total), *(found.get(cluster) for cluster in nodes["cluster_id"])]
            areas[area.area_id] = [area.title, report_file(area), state.area.title, figures]
    return {"clusters": nodes["node_name"].to_list(), "areas": areas}


def script_file(data: dict[str, Any]) -> str:
    """The data as a script file: a page that was opened from a folder can load no other file."""
    return f"window.lmiAreas = {json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def _dots(column: str) -> Chart:
    """A measure of rows as dots, one above the other, without the data: `row`, `area`, `value`, `weak` and texts."""
    axis = figures_axis(HEADED[column], column, 6)
    names = {
        "title": None,
        "labelExpr": "split(datum.label, '\\n')",
        "labelLimit": 0,
        "ticks": False,
        "domain": False,
        "labelOffset": BROKEN,
    }
    tips = [word("name", title="Name"), word("area", title="Area")]
    tips += [word(told, title=title) for told, title in HEADED.items()]
    pale: Chart = {"condition": {"test": "datum.weak", "value": 0.45}, "value": 1}
    points = marks(
        "point",
        {"filled": True, "size": 90, "aria": False, "color": LIGHT["main"]},
        color=word("area"),
        shape=word("area"),
    )
    points["encoding"] |= {"opacity": pale, "tooltip": tips}
    spread = marks("line", {"color": LIGHT["grid"], "strokeWidth": 3, "aria": False}, detail=word("row"))
    drawn = layered(spread, points)
    drawn["encoding"] = {
        "y": word("row", sort=None, axis={**names, "grid": True}),
        "x": amount("value", axis=axis, scale={"zero": column != "wage_p50_usd"}),
    }
    legend: Chart = {"title": None, "orient": "top"}
    pair = [LIGHT["main"], LIGHT["accent"]]
    points["encoding"]["color"] |= {"scale": {"range": pair}, "legend": legend}
    points["encoding"]["shape"] |= {"scale": {"range": ["circle", "diamond"]}, "legend": legend}
    return styled({**drawn, "width": "container", "height": {"step": 34}})


def as_json(value: object) -> Markup:
    """A value as the text of a script element of JSON, which nothing in it can end."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))


def charts() -> Markup:
    """The measures that can be drawn: of each its name and its chart, as JSON of a page."""
    return Markup(in_css(as_json([{"title": HEADED[column], "chart": _dots(column)} for column in DRAWN])))


def library() -> str:
    """The libraries that draw in the browser as a script file, from the package that draws the charts of reports."""
    from vl_convert import javascript_bundle  # noqa: PLC0415  (starts a JavaScript engine)

    terms = distribution("vl-convert-python").read_text("licenses/LICENSE")
    return f"/*!\n{_LIBRARIES}\n\n{terms}\n*/\n{javascript_bundle('window.vegaEmbed = vegaEmbed;')}"
