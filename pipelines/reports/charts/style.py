"""What all charts share: colours, sizes, labels, axes and fonts.

The colours are safe for colour-blind eyes and differ in lightness too. In the SVG each becomes a CSS variable, so that
a page can be light or dark.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.reports.format import form_of

Row = dict[str, Any]
#: A chart, or a part of one, in the words of Vega-Lite.
Chart = dict[str, Any]

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
#: The colour that the column `drawn` of a chart's data holds.
DRAWN: Chart = {"field": "drawn", "type": "nominal", "scale": None, "legend": None}
#: The second line of a label goes below the first, so the first goes up by half a line.
BROKEN: Chart = {"condition": {"test": "indexof(datum.value, '\\n') >= 0", "value": -7}, "value": 0}
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"


def css_variables(ground: int) -> str:
    """The palette as variables of CSS, on light (0) or dark ground (1)."""
    return ";".join(f"--{name}:{colours[ground]}" for name, colours in PALETTE.items())


@dataclass(frozen=True)
class Size:
    """Widths in pixels: the labels' column, the plot beside it; rows' height; where labels are broken."""

    label: int
    plot: int
    row: int
    wrap: int


WIDE = Size(label=200, plot=640, row=25, wrap=34)
NARROW = Size(label=126, plot=196, row=31, wrap=20)


def wrapped(text: str, width: int) -> str:
    """The text in at most two lines."""
    return "\n".join(textwrap.wrap(text, width, max_lines=2, placeholder=" ...")) or text


@dataclass(frozen=True)
class Ranked:
    """The rows of a chart in their order, with their labels (unique, wrapped), the size to draw them at, and
    whether it is that of a phone."""

    rows: list[Row]
    size: Size
    is_narrow: bool

    @property
    def labels(self) -> list[str]:
        """The labels in the order of the rows."""
        return [row["label"] for row in self.rows]

    def width(self, wide: int | None) -> int:
        """The width of a panel in pixels: the given one on a wide screen, else all the room there is."""
        return self.size.plot if wide is None or self.is_narrow else wide

    def joined(self, *panels: Chart) -> Chart:
        """The finished chart of these rows: panels side by side, or one below the other on a phone."""
        return joined(panels if self.rows else (), self.is_narrow)


def labelled(frame: pl.DataFrame, name: str, narrow: bool, wide: Size = WIDE) -> Ranked:
    """The rows of a frame with a label each, for a phone or for a wide screen."""
    rows, size = frame.to_dicts(), NARROW if narrow else wide
    seen: dict[str, int] = {}
    for row in rows:
        label = wrapped(str(row[name]), size.wrap)
        seen[label] = seen.get(label, 0) + 1
        row["label"] = label if seen[label] == 1 else f"{label} ({seen[label]})"
    return Ranked(rows, size, narrow)


def data(rows: Iterable[Mapping[str, Any]]) -> Chart:
    """Rows as the data of a chart, as they are now: panels that follow change them."""
    return {"values": [dict(row) for row in rows]}


def amount(column: str, **how: Any) -> Chart:
    """A column of figures as a channel of marks."""
    return {"field": column, "type": "quantitative", **how}


def word(column: str, **how: Any) -> Chart:
    """A column of words as a channel of marks."""
    return {"field": column, "type": "nominal", **how}


def marks(kind: str, look: Mapping[str, Any], where: str = "", /, **channels: Chart) -> Chart:
    """Marks of one kind, one for each row of the data that they are put on, or of the rows `where` something holds."""
    made: Chart = {"mark": {"type": kind, **look}, "encoding": channels}
    return {**made, "transform": [{"filter": where}]} if where else made


def layered(*layers: Chart) -> Chart:
    """Layers over each other, the last on top."""
    return {"layer": list(layers)}


def titled(chart: Chart, title: str) -> Chart:
    """The chart under a title."""
    return {**chart, "title": {"text": title}}


def rowwise(
    layers: Sequence[Chart], ranked: Ranked, shown: bool = True, data_rows: Iterable[Row] | None = None
) -> Chart:
    """Layers of the ranked rows, or of `data_rows` that have their labels, with one axis that names the rows."""
    axis = {
        "labels": shown,
        "labelExpr": "split(datum.label, '\\n')",
        "labelLimit": 0,  # they are broken into lines here, and measuring text is what takes the time
        "labelOffset": BROKEN,
        "labelPadding": 6,
        "minExtent": ranked.size.label if shown else 0,
        "ticks": False,
        "domain": False,
        "title": None,
        "grid": False,
    }
    # a band whatever the mark, or rows of bars and of dots side by side drift apart
    scale = {"type": "band", "paddingInner": 0.3, "paddingOuter": 0.2}
    names = word("label", sort=ranked.labels, scale=scale, axis=axis)
    rows = ranked.rows if data_rows is None else data_rows
    return {**layered(*layers), "data": data(rows), "encoding": {"y": names}}


def figures_axis(title: str, column: str, ticks: int) -> Chart:
    """An axis of figures, written by the unit of a column."""
    return {
        "title": title,
        "labelExpr": form_of(column).axis,
        "tickCount": ticks,
        "labelFlush": True,
        "labelOverlap": "greedy",
        "labelSeparation": 6,
    }


def joined(panels: Sequence[Chart], down: bool) -> Chart:
    """Panels below or beside each other as one finished chart, which says so where there is nothing to draw."""
    if not panels:
        said = marks("text", {"align": "left", "color": LIGHT["muted"], "fontSize": 12}, text=word("said"))
        return styled({**said, "data": data([{"said": "No figures to draw."}])})
    return styled({"vconcat" if down else "hconcat": list(panels)} if len(panels) > 1 else panels[0])


def styled(chart: Chart) -> Chart:
    """The chart with the fonts and colours of all pictures, on no ground of its own."""
    texts = {
        "labelColor": LIGHT["ink"],
        "titleColor": LIGHT["muted"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    lines = {f"{part}Color": LIGHT["grid"] for part in ("grid", "domain", "tick")}
    config = {
        "background": "transparent",
        "font": FONT,
        "aria": False,
        "padding": {"left": 2, "right": 14, "top": 4, "bottom": 2},
        "view": {"stroke": None, "continuousWidth": 300, "continuousHeight": 300},
        "axis": lines | texts | {"titlePadding": 8},
        "legend": texts | {"labelLimit": 0},
        "title": {"color": LIGHT["ink"], "fontSize": 13, "anchor": "start", "fontWeight": "bold", "offset": 6},
        "concat": {"spacing": 16},
    }
    return {**chart, "config": config}


def sized(chart: Chart, ranked: Ranked, width: int | None = None) -> Chart:
    """A chart as high as its rows need; on a wide screen of a width in pixels, else as wide as there is room."""
    return {**chart, "width": ranked.width(width), "height": {"step": ranked.size.row}}


def by_kind(kinds: Mapping[str, Sequence[str]]) -> dict[str, Chart]:
    """Channels of the column `kind`, with a legend: the shape and colour of each kind."""
    legend = {"title": None, "orient": "top"}
    shapes = {"domain": list(kinds), "range": [shape for shape, _ in kinds.values()]}
    colours = {"domain": list(kinds), "range": [LIGHT[colour] for _, colour in kinds.values()]}
    return {
        "color": word("kind", scale=colours, legend=legend),
        "shape": word("kind", scale=shapes, legend=legend),
    }


def highest(values: Iterable[float | None]) -> float:
    """The highest of the values that are there, 0 without any."""
    return max([value for value in values if value is not None], default=0.0)
