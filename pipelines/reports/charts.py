"""The pictures of a profile: frames of `queries` to Altair charts, and charts to SVG that follows the page's colours.

Every chart is a function of one frame (and of figures to compare with). `narrow` draws the same for a phone. Charts
carry no figure of their own: what they show is in the table beside them. Colours are the palette below, safe for
colour-blind eyes and told apart by shape or lightness too; in the SVG each becomes a CSS variable, so a page can be
light or dark.
"""

import itertools
import re
import textwrap
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import altair as alt
import polars as pl

from pipelines.reports.format import cell, dollars, is_weak

Row = dict[str, Any]
Chart = alt.LayerChart | alt.HConcatChart | alt.VConcatChart | alt.FacetChart | alt.Chart

#: name of a colour: on light and on dark ground
PALETTE = {
    "page": ("#ffffff", "#12171d"),
    "ink": ("#1c2530", "#eef2f6"),
    "muted": ("#4a5563", "#b4bfca"),
    "grid": ("#dde2e8", "#3a444f"),
    "main": ("#1b6ca8", "#62aee6"),
    "soft": ("#a8cbe4", "#2d5a7d"),
    "accent": ("#b34700", "#ff9d57"),
    "second": ("#2f7d70", "#7fd0c2"),
    "none": ("#e9ecf0", "#2c343d"),
    "unknown": ("#a7afb9", "#737e8a"),
    "step1": ("#dbe9f4", "#1f3a52"),
    "step2": ("#a6c8e2", "#2f608a"),
    "step3": ("#5d9bca", "#4a8cc4"),
    "step4": ("#2470a5", "#85bde8"),
    "step5": ("#0d4470", "#cfe5f7"),
}
LIGHT = {name: colours[0] for name, colours in PALETTE.items()}
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"


@dataclass(frozen=True)
class _Size:
    """Widths in pixels: the labels' column, the plot beside it; rows' height; where labels are broken."""

    label: int
    plot: int
    row: int
    wrap: int


_WIDE = _Size(label=200, plot=640, row=25, wrap=34)
_WIDE_AREAS = _Size(label=290, plot=550, row=21, wrap=48)
_NARROW = _Size(label=126, plot=196, row=31, wrap=20)


def _size(narrow: bool) -> _Size:
    return _NARROW if narrow else _WIDE


def _wrapped(text: str, width: int) -> str:
    """The text in at most two lines."""
    return "\n".join(textwrap.wrap(text, width, max_lines=2, placeholder=" ...")) or text


def _labelled(frame: pl.DataFrame, name: str, size: _Size) -> tuple[list[Row], list[str]]:
    """Rows with their label (unique, wrapped), and the labels in the order of the rows."""
    rows = frame.to_dicts()
    seen: dict[str, int] = {}
    for row in rows:
        label = _wrapped(str(row[name]), size.wrap)
        seen[label] = seen.get(label, 0) + 1
        row["label"] = label if seen[label] == 1 else f"{label} ({seen[label]})"
    return rows, [str(row["label"]) for row in rows]


def _data(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    # a frame, because Altair copies lists of rows at every step of making a chart
    return pl.DataFrame(list(rows), infer_schema_length=None)


def _rows_axis(labels: Sequence[str], size: _Size, shown: bool = True) -> alt.Y:
    axis = alt.Axis(
        labels=shown,
        labelExpr="split(datum.label, '\\n')",
        labelLimit=0,  # they are broken into lines here, and measuring text is what takes the time
        # the second line of a label goes below the first, so the first goes up by half a line
        labelOffset={"condition": {"test": "indexof(datum.value, '\\n') >= 0", "value": -7}, "value": 0},
        labelPadding=6,
        minExtent=size.label if shown else 0,
        ticks=False,
        domain=False,
        title=None,
        grid=False,
    )
    # a band whatever the mark, or rows of bars and of dots side by side drift apart
    scale = alt.Scale(type="band", paddingInner=0.3, paddingOuter=0.2)
    return alt.Y("label:N", sort=list(labels), scale=scale, axis=axis)


#: How the marks of an axis are written, in Vega's words.
_JOBS, _DOLLARS, _PERCENT, _RATIO = (
    "format(datum.value, '~s')",
    "'$' + format(datum.value, '~s')",
    "format(datum.value, '~f') + '%'",
    "format(datum.value, '.1f')",
)


def _figures_axis(title: str, said: str, ticks: int) -> alt.Axis:
    return alt.Axis(
        title=title, labelExpr=said, tickCount=ticks, labelFlush=True, labelOverlap="greedy", labelSeparation=6
    )


def _nothing() -> Chart:
    chart = alt.Chart(_data([{"said": "No figures to draw."}]))
    return _styled(chart.mark_text(align="left", color=LIGHT["muted"], fontSize=12).encode(text="said:N"))


def _styled(chart: Chart) -> Chart:
    """The chart with the fonts and colours of all pictures, on no ground of its own."""
    styled: Chart = chart.configure(
        background="transparent",
        font=FONT,
        aria=False,
        padding={"left": 2, "right": 14, "top": 4, "bottom": 2},
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=LIGHT["ink"],
            titleColor=LIGHT["muted"],
            gridColor=LIGHT["grid"],
            domainColor=LIGHT["grid"],
            tickColor=LIGHT["grid"],
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            titlePadding=8,
        ),
        legend=alt.LegendConfig(
            labelColor=LIGHT["ink"],
            titleColor=LIGHT["muted"],
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=0,
        ),
        title=alt.TitleConfig(color=LIGHT["ink"], fontSize=13, anchor="start", fontWeight="bold", offset=6),
        concat=alt.CompositionConfig(spacing=16),
    )
    return styled


def _reference_line(value: float | None, text: str, domain: tuple[float, float], scale: alt.Scale) -> list[Chart]:
    """A dashed line across all rows with its meaning at the top, on the side with room; nothing without a value."""
    if value is None:
        return []
    line = alt.Chart(_data([{"at": value, "text": text}]))
    at = alt.X("at:Q", scale=scale)
    is_right = value > domain[0] + (domain[1] - domain[0]) * 0.55
    return [
        line.mark_rule(strokeDash=[4, 3], color=LIGHT["accent"], strokeWidth=1.5).encode(x=at),
        line.mark_text(
            align="right" if is_right else "left",
            dx=-5 if is_right else 5,
            dy=-7,
            baseline="bottom",
            color=LIGHT["accent"],
            fontSize=12,
        ).encode(x=at, y=alt.YValue(4), text="text:N"),  # type: ignore[no-untyped-call]
    ]


def _rowwise(layers: Sequence[Chart], labels: Sequence[str], size: _Size, shown: bool = True) -> Chart:
    """Layers that share the rows' labels, said once, because Altair copies every part of a chart again and again."""
    return alt.layer(*layers).encode(y=_rows_axis(labels, size, shown))


def _at_x(pixels: float) -> alt.XValue:
    return alt.XValue(pixels)  # type: ignore[no-untyped-call]


def _drawn() -> alt.Color:
    """The colour that the column `drawn` of the data holds."""
    return alt.Color("drawn:N", scale=None, legend=None)


def _top(values: Iterable[float | None], least: float = 0.0) -> float:
    return max([value for value in values if value is not None], default=least) or least


def _jobs_panel(rows: list[Row], labels: list[str], size: _Size, width: int, title: str) -> Chart:
    """Bars of jobs with their intervals and figures; weak ones pale; the word where jobs are withheld."""
    for row in rows:
        row["said"] = cell(row, "employment")
        row["drawn"] = LIGHT["soft" if is_weak(row) else "main"]
        row["end"] = max(row["employment"] or 0, row["employment_high"] or 0)
    top = _top(row["end"] for row in rows)
    scale = alt.Scale(domain=[0, top * (1.42 if width < 220 else 1.28) or 1], nice=False)
    chart = alt.Chart(_data(rows))
    axis = _figures_axis(title, _JOBS, 3 if width < 220 else 5)
    bars = chart.mark_bar().encode(x=alt.X("employment:Q", scale=scale, axis=axis), color=_drawn())
    intervals = chart.mark_rule(color=LIGHT["ink"], strokeWidth=1.5).encode(
        x=alt.X("employment_low:Q", scale=scale), x2="employment_high:Q"
    )
    figures = chart.mark_text(align="left", dx=6, color=LIGHT["ink"], fontSize=12).encode(
        x=alt.X("end:Q", scale=scale), text="said:N"
    )
    return _rowwise([bars, intervals, figures], labels, size).properties(width=width, height=alt.Step(size.row))


def _dots_panel(
    rows: list[Row],
    labels: list[str],
    size: _Size,
    *,
    column: str,
    title: str,
    said: str,
    width: int,
    line: tuple[float | None, str],
    shown: bool,
    zero: bool,
) -> Chart:
    """One dot a row with its figure, against a line; hollow where the figure is weak, the word where it is missing."""
    for row in rows:
        row[f"{column}_said"] = cell(row, column)
        row["drawn"] = "transparent" if is_weak(row) else LIGHT["main"]
    values = [row[column] for row in rows if row[column] is not None] + ([line[0]] if line[0] is not None else [])
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    low = 0 if zero else low - (high - low) * 0.1
    domain = (low, high + (high - low) * 0.08 or 1)
    kept = 62  # pixels kept free for the figures, which stand in a column at the right
    scale = alt.Scale(domain=list(domain), range=[0, width - kept], nice=False, zero=False)
    chart = alt.Chart(_data(rows))
    dots = (
        chart.transform_filter(f"isValid(datum.{column})")
        .mark_point(size=70, filled=True, opacity=1, stroke=LIGHT["main"], strokeWidth=1.5)
        .encode(
            x=alt.X(f"{column}:Q", scale=scale, axis=_figures_axis(title, said, 3)),
            fill=alt.Fill("drawn:N", scale=None, legend=None),
        )
    )
    figures = chart.mark_text(align="right", color=LIGHT["ink"], fontSize=12).encode(
        x=_at_x(width), text=f"{column}_said:N"
    )
    layers = [*_reference_line(*line, domain, scale), _rowwise([dots, figures], labels, size, shown)]
    return alt.layer(*layers).properties(width=width, height=alt.Step(size.row))


def clusters_ranked(clusters: pl.DataFrame, wage_median: float | None, *, narrow: bool = False) -> Chart:
    """Clusters by jobs with 90 % intervals, beside location quotients and median wages against the area's."""
    if clusters.is_empty():
        return _nothing()
    size = _size(narrow)
    rows, labels = _labelled(clusters, "cluster_name", size)
    quotients: dict[str, Any] = {
        "column": "location_quotient",
        "title": "Location quotient",
        "said": _RATIO,
        "zero": True,
    }
    wages: dict[str, Any] = {"column": "wage_p50_usd", "title": "Median annual wage", "said": _DOLLARS, "zero": False}
    if narrow:
        jobs = _jobs_panel(rows, labels, size, size.plot, "Jobs")
        second = _dots_panel(rows, labels, size, **quotients, width=size.plot, line=(1, "nation"), shown=True)
        return _styled(alt.vconcat(jobs, second))
    jobs = _jobs_panel(rows, labels, size, 290, "Jobs")
    second = _dots_panel(rows, labels, size, **quotients, width=170, line=(1, "nation"), shown=False)
    third = _dots_panel(rows, labels, size, **wages, width=190, line=(wage_median, "all jobs"), shown=False)
    return _styled(alt.hconcat(jobs, second, third))


def wage_ranges(
    frame: pl.DataFrame, wage_median: float | None, *, name: str = "cluster_name", narrow: bool = False
) -> Chart:
    """Annual wages from P10 to P90 with the middle half and the median, the best paid first, against a median."""
    if frame.is_empty():
        return _nothing()
    size = _size(narrow)
    frame = frame.sort("wage_p50_usd", descending=True, nulls_last=True, maintain_order=True)
    rows, labels = _labelled(frame, name, size)
    for row in rows:
        row["said"] = cell(row, "wage_p50_usd") if row["wage_p50_usd"] is None else ""
        row["open_end"] = row["wage_p90_status"] == "top_coded"
        row["drawn"] = LIGHT["soft" if is_weak(row) else "main"]
    top = _top([row["wage_p90_usd"] for row in rows] + [wage_median])
    domain = (0.0, top * (1.0 if narrow else 1.04) or 1.0)
    scale = alt.Scale(domain=list(domain), nice=False)
    chart = alt.Chart(_data(rows))
    axis = _figures_axis("Annual wage", _DOLLARS, 3 if narrow else 6)
    whole = chart.mark_rule(strokeWidth=2, color=LIGHT["main"]).encode(
        x=alt.X("wage_p10_usd:Q", scale=scale, axis=axis), x2="wage_p90_usd:Q"
    )
    middle = chart.mark_bar(height=11).encode(
        x=alt.X("wage_p25_usd:Q", scale=scale), x2="wage_p75_usd:Q", color=_drawn()
    )
    ends = (
        chart.transform_filter("datum.open_end")
        .mark_point(shape="triangle-right", filled=True, size=60, color=LIGHT["main"], opacity=1)
        .encode(x=alt.X("wage_p90_usd:Q", scale=scale))
    )
    median = (
        chart.transform_filter("isValid(datum.wage_p50_usd)")
        .mark_tick(thickness=3, height=17, color=LIGHT["ink"], opacity=1)
        .encode(x=alt.X("wage_p50_usd:Q", scale=scale))
    )
    missing = chart.mark_text(align="left", dx=2, color=LIGHT["ink"], fontSize=12).encode(x=_at_x(0), text="said:N")
    layers = [whole, middle, median]
    layers += [ends] if any(row["open_end"] for row in rows) else []
    layers += [missing] if any(row["said"] for row in rows) else []
    text = "" if wage_median is None else f"median of all jobs {dollars(wage_median)}"
    drawn = [_rowwise(layers, labels, size), *_reference_line(wage_median, text, domain, scale)]
    return _styled(alt.layer(*drawn).properties(width=size.plot, height=alt.Step(size.row)))


def against_nation(clusters: pl.DataFrame, area_name: str, *, narrow: bool = False) -> Chart:
    """Share of jobs and median wage of each cluster in the area and in the nation, joined by a line."""
    if clusters.is_empty():
        return _nothing()
    size = _size(narrow)
    rows, labels = _labelled(clusters, "cluster_name", size)
    here, nation = _wrapped(area_name, 30).replace("\n", " "), "Nation"

    def panel(column: str, title: str, said: str, width: int, shown: bool) -> Chart:
        scale = alt.Scale(
            domain=[0, _top([row[c] for row in rows for c in (column, f"us_{column}")]) * 1.06 or 1], nice=False
        )
        axis = _figures_axis(title, said, 4)
        points = [
            {"label": row["label"], "value": row[source], "who": who}
            for row in rows
            for source, who in ((f"us_{column}", nation), (column, here))
            if row[source] is not None
        ]
        lines = (
            alt.Chart(_data(rows))
            .transform_filter(f"isValid(datum.{column}) && isValid(datum.us_{column})")
            .mark_rule(color=LIGHT["unknown"], strokeWidth=2)
            .encode(x=alt.X(f"{column}:Q", scale=scale, axis=axis), x2=f"us_{column}:Q")
        )
        dots = (
            alt.Chart(_data(points))
            .mark_point(size=75, filled=True, opacity=1)
            .encode(
                x=alt.X("value:Q", scale=scale),
                color=alt.Color(
                    "who:N",
                    scale=alt.Scale(domain=[here, nation], range=[LIGHT["main"], LIGHT["accent"]]),
                    legend=alt.Legend(title=None, orient="top"),
                ),
                shape=alt.Shape(
                    "who:N",
                    scale=alt.Scale(domain=[here, nation], range=["circle", "diamond"]),
                    legend=alt.Legend(title=None, orient="top"),
                ),
            )
        )
        return _rowwise([lines, dots], labels, size, shown).properties(width=width, height=alt.Step(size.row))

    if narrow:
        return _styled(
            alt.vconcat(
                panel("employment_share_pct", "Share of all jobs", _PERCENT, size.plot, True),
                panel("wage_p50_usd", "Median annual wage", _DOLLARS, size.plot, True),
            )
        )
    return _styled(
        alt.hconcat(
            panel("employment_share_pct", "Share of all jobs", _PERCENT, 320, True),
            panel("wage_p50_usd", "Median annual wage", _DOLLARS, 320, False),
        )
    )


def areas_ranked(
    frame: pl.DataFrame, wage_median: float | None, *, here: str | None = None, narrow: bool = False
) -> Chart:
    """Areas by median wage with the middle half of wages; the shape tells metro from nonmetro; `here` stands out."""
    if frame.is_empty():
        return _nothing()
    kinds = {"metro": "Metro area", "nonmetro": "Nonmetro area", "state": "State", "territory": "Territory"}
    size = _NARROW if narrow else _WIDE_AREAS
    # the mark's shape tells what the end of the name does
    shortened = frame.with_columns(pl.col("area_name").str.replace(" nonmetropolitan area", "", literal=True))
    rows, labels = _labelled(shortened, "area_name", size)
    for row in rows:
        kind = "territory" if row.get("is_territory") and row["area_type"] == "state" else row["area_type"]
        row["kind"] = kinds.get(kind, str(kind).capitalize())
        row["said"] = cell(row, "wage_p50_usd") if row["wage_p50_usd"] is None else ""
        row["size"] = 190 if row["area_id"] == here else 75
    present = [kind for kind in kinds.values() if any(row["kind"] == kind for row in rows)]
    shapes = {"Metro area": "circle", "State": "circle", "Nonmetro area": "diamond", "Territory": "diamond"}
    colours = {"Metro area": "main", "State": "main", "Nonmetro area": "second", "Territory": "second"}
    known = [row[column] for row in rows for column in ("wage_p25_usd", "wage_p50_usd", "wage_p75_usd") if row[column]]
    low, high = (min(known), max(known)) if known else (0, 1)
    if wage_median is not None:
        low, high = min(low, wage_median), max(high, wage_median)
    domain = (low * 0.95, high * 1.02)
    scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    chart = alt.Chart(_data(rows))
    axis = _figures_axis("Annual wage, all jobs", _DOLLARS, 3 if narrow else 6)
    legend = alt.Legend(title=None, orient="top")
    middle = chart.mark_rule(strokeWidth=3, color=LIGHT["soft"]).encode(
        x=alt.X("wage_p25_usd:Q", scale=scale, axis=axis), x2="wage_p75_usd:Q"
    )
    ranges = {"colour": [LIGHT[colours[kind]] for kind in present], "shape": [shapes[kind] for kind in present]}
    dots = (
        chart.transform_filter("isValid(datum.wage_p50_usd)")
        .mark_point(filled=True, opacity=1)
        .encode(
            x=alt.X("wage_p50_usd:Q", scale=scale),
            size=alt.Size("size:Q", scale=None, legend=None),
            color=alt.Color("kind:N", scale=alt.Scale(domain=present, range=ranges["colour"]), legend=legend),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=present, range=ranges["shape"]), legend=legend),
        )
    )
    missing = chart.mark_text(align="left", dx=2, color=LIGHT["ink"], fontSize=12).encode(x=_at_x(0), text="said:N")
    text = "" if wage_median is None else f"median of all jobs {dollars(wage_median)}"
    layers = [
        _rowwise([middle], labels, size),
        *_reference_line(wage_median, text, domain, scale),
        _rowwise([dots, missing], labels, size),
    ]
    return _styled(alt.layer(*layers).properties(width=size.plot, height=alt.Step(size.row)))


#: Classes of the map: each takes an equal number of metro areas, as far as their wages differ.
_CLASSES = ("step1", "step2", "step3", "step4", "step5")


def areas_map(
    metro_counties: pl.DataFrame, topology: Mapping[str, Any] | None, *, narrow: bool = False
) -> Chart | None:
    """A state's counties, each in the colour of its metro area's median wage; others have none.

    `metro_counties` is of one state, `topology` its counties (`boundaries.state_topology`). None where there is nothing
    to tell apart: without outlines, or where they have no county of a metro area.
    """
    if topology is None:
        return None
    drawn = {shape["id"] for shape in topology["objects"]["counties"]["geometries"]}
    counties = metro_counties.filter(pl.col("county_fips").is_in(drawn), pl.col("wage_p50_usd").is_not_null())
    wages: list[float] = sorted(counties.unique("area_id")["wage_p50_usd"].to_list())
    if len(set(wages)) < 2:
        return None
    # metro areas of one class have wages of their own, so a limit lies at a published wage
    places = (len(wages) * number // len(_CLASSES) for number in range(1, len(_CLASSES)))
    limits = sorted({wages[place] for place in places} - {wages[0]})
    colours = [LIGHT[_CLASSES[number * (len(_CLASSES) - 1) // len(limits)]] for number in range(len(limits) + 1)]
    between = [f"{dollars(low)} to {dollars(high)}" for low, high in itertools.pairwise(limits)]
    names = [f"under {dollars(limits[0])}", *between, f"{dollars(limits[-1])} and over"]
    outside = "outside metro areas"
    class_of = {wage: names[bisect_right(limits, wage)] for wage in wages}
    classed = counties.with_columns(
        pl.col("wage_p50_usd").replace_strict(class_of, return_dtype=pl.String).alias("class")
    )
    outlines = alt.InlineData(values=dict(topology), format=alt.TopoDataFormat(type="topojson", feature="counties"))
    of_county = alt.LookupData(data=_data(classed.to_dicts()), key="county_fips", fields=["class"])
    size = 300 if narrow else 460
    chart = (
        alt.Chart(outlines)
        .mark_geoshape(stroke=LIGHT["unknown"], strokeWidth=0.5)
        .transform_lookup(lookup="id", from_=of_county, default=outside)
        .encode(
            color=alt.Color(
                "class:N",
                scale=alt.Scale(domain=[*names, outside], range=[*colours, LIGHT["page"]]),
                legend=alt.Legend(
                    title="Median annual wage, all jobs",
                    orient="bottom",
                    columns=2,
                    symbolType="square",
                    symbolStrokeColor=LIGHT["unknown"],
                    symbolStrokeWidth=0.5,
                ),
            )
        )
        # Alaska reaches over the date line, which only the composite projection draws in one piece
        .project("albersUsa" if "02020" in drawn else "mercator")
        .properties(width=size, height=round(size * 0.75))
    )
    return _styled(chart)


def industry_jobs(industries: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """Jobs by the cluster of the employers' industry, with the bounds of what is withheld."""
    if industries.is_empty():
        return _nothing()
    size = _size(narrow)
    frame = industries.filter(pl.col("level") == "cluster", pl.col("cluster_id") != "unassigned")
    rows, labels = _labelled(frame, "cluster_name", size)
    return _styled(_jobs_panel(rows, labels, size, size.plot, "Jobs, annual average"))


def cross_cutting_homes(context: pl.DataFrame, *, shown: int = 8, narrow: bool = False) -> Chart:
    """For each cross-cutting cluster, the home clusters whose industries employ most of its people, in percent."""
    if context.is_empty():
        return _nothing()
    size = _size(narrow)
    panels: list[Chart] = []
    for name in context["cluster_name"].unique(maintain_order=True):
        part = context.filter(pl.col("cluster_name") == name).head(5 if narrow else shown)
        rows, labels = _labelled(part, "home_cluster_name", size)
        for row in rows:
            row["said"] = cell(row, "employment_share_pct")
        scale = alt.Scale(domain=[0, 70], nice=False)
        chart = alt.Chart(_data(rows))
        axis = _figures_axis("Share of the cluster's jobs", _PERCENT, 4)
        bars = chart.mark_bar(color=LIGHT["main"]).encode(x=alt.X("employment_share_pct:Q", scale=scale, axis=axis))
        said = chart.mark_text(align="left", dx=6, color=LIGHT["ink"], fontSize=12).encode(
            x=alt.X("employment_share_pct:Q", scale=scale), text="said:N"
        )
        panel = _rowwise([bars, said], labels, size)
        panels.append(panel.properties(width=size.plot, height=alt.Step(size.row), title=alt.TitleParams(name)))
    return _styled(alt.vconcat(*panels))


#: Flags of a policy and how they are called.
FLAGS = {"high_wage": "High-wage", "high_skill": "High-skill", "in_demand": "In-demand"}


def flag_shares(shares: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """For each flag, the share of every cluster's jobs that has it, that cannot be judged, and that does not have it.

    `shares` is of one area and policy (`queries.flag_shares`), its clusters in the order they are drawn in.
    """
    size = _size(narrow)
    clusters = shares.filter(pl.col("level") == "cluster")
    kinds = {"jobs_flagged_pct": "Yes", "jobs_unknown_pct": "Unknown", "jobs_not_flagged_pct": "No"}
    colours = [LIGHT[name] for name in ("main", "unknown", "none")]
    panels: list[Chart] = []
    for flag, called in FLAGS.items():
        part = clusters.filter(pl.col("flag") == flag, pl.col("jobs_flagged_pct").is_not_null())
        if part.is_empty():
            continue
        rows, labels = _labelled(part, "cluster_name", size)
        pieces = []
        for row in rows:
            end = 0.0
            row["said"] = cell(row, "jobs_flagged_pct")
            for column, kind in kinds.items():
                begin, end = end, end + (row[column] or 0)
                pieces.append({"label": row["label"], "kind": kind, "begin": begin, "end": end})
        scale = alt.Scale(domain=[0, 100], nice=False)
        width = size.plot if narrow else 225
        bars = (
            alt.Chart(_data(pieces))
            .mark_bar()
            .encode(
                x=alt.X("begin:Q", scale=scale, axis=_figures_axis("Share of jobs", _PERCENT, 3)),
                x2="end:Q",
                color=alt.Color(
                    "kind:N",
                    scale=alt.Scale(domain=list(kinds.values()), range=colours),
                    legend=alt.Legend(
                        title=None, orient="top", symbolStrokeColor=LIGHT["unknown"], symbolStrokeWidth=0.5
                    ),
                ),
            )
        )
        shown = narrow or not panels
        panel = _rowwise([bars], labels, size, shown)
        panels.append(panel.properties(width=width, height=alt.Step(size.row), title=alt.TitleParams(called)))
    if not panels:
        return _nothing()
    return _styled(alt.vconcat(*panels) if narrow else alt.hconcat(*panels))


def outlook_ranked(outlook: pl.DataFrame, growth_of_all: float | None, *, narrow: bool = False) -> Chart:
    """Clusters by annual openings, beside their growth over the period against that of all jobs."""
    frame = outlook.filter(pl.col("level") == "cluster").sort(
        "annual_openings", descending=True, nulls_last=True, maintain_order=True
    )
    if frame.is_empty():
        return _nothing()
    size = _size(narrow)
    rows, labels = _labelled(frame, "cluster_name", size)
    for row in rows:
        row["said"] = cell(row, "annual_openings")
        row["drawn"] = LIGHT["soft" if is_weak(row) else "main"]
        row["at"] = row["annual_openings"] or 0
    width = size.plot if narrow else 360
    scale = alt.Scale(domain=[0, _top(row["at"] for row in rows) * (1.42 if narrow else 1.25) or 1], nice=False)
    chart = alt.Chart(_data(rows))
    axis = _figures_axis("Openings a year", _JOBS, 3 if narrow else 5)
    bars = chart.mark_bar().encode(x=alt.X("annual_openings:Q", scale=scale, axis=axis), color=_drawn())
    said = chart.mark_text(align="left", dx=6, color=LIGHT["ink"], fontSize=12).encode(
        x=alt.X("at:Q", scale=scale), text="said:N"
    )
    openings = _rowwise([bars, said], labels, size).properties(width=width, height=alt.Step(size.row))
    growth = _dots_panel(
        rows,
        labels,
        size,
        column="growth_pct",
        title="Growth over the period",
        said=_PERCENT,
        width=size.plot if narrow else 260,
        line=(growth_of_all, "all jobs"),
        shown=narrow,
        zero=False,
    )
    return _styled(alt.vconcat(openings, growth) if narrow else alt.hconcat(openings, growth))


#: Levels of education in the picture: the last of BLS's ranks (1 to 8) in each, its name and colour.
_EDUCATION = (
    (2, "High school or less", "step1"),
    (4, "Some college or award", "step2"),
    (5, "Associate's degree", "step3"),
    (6, "Bachelor's degree", "step4"),
    (8, "Master's or doctoral", "step5"),
)


def education_mix(mix: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """The typical entry education of each cluster's openings, in five levels that add up to all whose level is known.

    `mix` is of one area (`queries.education_mix`), its clusters in the order they are drawn in.
    """
    clusters = mix.filter(pl.col("level") == "cluster", pl.col("openings_pct").is_not_null())
    if clusters.is_empty():
        return _nothing()
    size = _size(narrow)
    rows, labels = _labelled(clusters.unique("cluster_id", maintain_order=True), "cluster_name", size)
    label_of = {row["cluster_id"]: row["label"] for row in rows}
    pieces = []
    for cluster_id, label in label_of.items():
        levels = clusters.filter(pl.col("cluster_id") == cluster_id)
        end = 0.0
        for last, name, _ in _EDUCATION:
            begin, end = end, float(levels.filter(pl.col("education_rank") <= last)["openings_pct"].sum())
            pieces.append({"label": label, "level": name, "begin": begin, "end": end})
    bars = (
        alt.Chart(_data(pieces))
        .mark_bar(stroke=LIGHT["page"], strokeWidth=0.5)
        .encode(
            x=alt.X(
                "begin:Q",
                scale=alt.Scale(domain=[0, 100], nice=False),
                axis=_figures_axis("Share of openings", _PERCENT, 4),
            ),
            x2="end:Q",
            color=alt.Color(
                "level:N",
                scale=alt.Scale(
                    domain=[name for _, name, _ in _EDUCATION], range=[LIGHT[colour] for _, _, colour in _EDUCATION]
                ),
                legend=alt.Legend(title=None, orient="top", columns=2 if narrow else 5),
            ),
        )
    )
    return _styled(_rowwise([bars], labels, size).properties(width=size.plot, height=alt.Step(size.row)))


# --- to SVG -----------------------------------------------------------------------------------------------------------


def svg(chart: Chart, *, title: str, description: str, identity: str, classes: str = "") -> str:
    """The chart as an SVG element for a page: named for screen readers, in the page's colours.

    `identity` is unique on the page. Text from data is escaped. Needs no network.
    """
    import vl_convert  # noqa: PLC0415  (starts a JavaScript engine)

    return themed(
        vl_convert.vegalite_to_svg(chart.to_dict(validate=False)),
        title=title,
        description=description,
        identity=identity,
        classes=classes,
    )


_ROOT = re.compile(r"<svg\b[^>]*?\bwidth=\"(?P<width>[\d.]+)\" height=\"(?P<height>[\d.]+)\"[^>]*>")
_GROUND = re.compile(r"^<rect width=\"[\d.]+\" height=\"[\d.]+\" fill=\"[^\"]*\"/>")
_ROLES = re.compile(r" (?:role|aria-[a-z]+|pointer-events|class)=\"[^\"]*\"")
_COLOUR = re.compile("|".join(LIGHT.values()))
_NAMES = {colour: name for name, colour in LIGHT.items()}


def themed(drawn: str, *, title: str, description: str, identity: str, classes: str = "") -> str:
    """An SVG of Vega made part of a page: an image with a name, colours as CSS variables, ids of its own."""
    root = _ROOT.match(drawn)
    if root is None:
        raise ValueError(f"no SVG of known size: {drawn[:200]!r}")
    width, height = root["width"], root["height"]
    body = _GROUND.sub("", drawn[root.end() :], count=1)
    body = _ROLES.sub("", body)
    body = _COLOUR.sub(lambda found: f"var(--{_NAMES[found[0]]}, {found[0]})", body)
    body = re.sub(r"\b(id=\"|url\(#)(clip|gradient)", rf"\1{identity}-\2", body)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{escape(f"chart {classes}".strip())}" role="img" '
        f'aria-labelledby="{identity}-t {identity}-d" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<title id="{identity}-t">{escape(title)}</title><desc id="{identity}-d">{escape(description)}</desc>'
    )
    return opening + body
