"""Parts that several charts are made of: a line to compare with, and panels of bars and dots, one row each."""

from collections.abc import Mapping, Sequence

from pipelines.reports.charts import style
from pipelines.reports.charts.style import LIGHT, Chart, Ranked
from pipelines.reports.format import cell, dollars, is_weak

#: How a line to compare with looks, the dots of figures, and text at the right.
LINE = {"strokeDash": [4, 3], "color": LIGHT["accent"], "strokeWidth": 1.5}
DOT = {"filled": True, "opacity": 1, "stroke": LIGHT["main"], "strokeWidth": 1.5}
TEXT = {"align": "right", "color": LIGHT["ink"], "fontSize": 12}


def reference_line(value: float | None, text: str, domain: tuple[float, float], scale: Chart) -> list[Chart]:
    """A dashed line across all rows with its meaning at the top, on the side with room; nothing without a value."""
    if value is None:
        return []
    data, at = style.data([{"at": value, "text": text}]), style.amount("at", scale=scale)
    is_right = value > domain[0] + (domain[1] - domain[0]) * 0.55
    said = {
        "align": "right" if is_right else "left",
        "dx": -5 if is_right else 5,
        "dy": -7,
        "baseline": "bottom",
        "color": LIGHT["accent"],
        "fontSize": 12,
    }
    return [
        {**style.marks("rule", LINE, x=at), "data": data},
        {**style.marks("text", said, x=at, y={"value": 4}, text=style.word("text")), "data": data},
    ]


def bars_panel(
    ranked: Ranked, column: str, title: str, *, wide: int | None = None, limit: float | None = None
) -> Chart:
    """Bars with their figures, and intervals where rows have `<column>_low` and `_high`; weak ones are pale.

    A missing figure is the word for why it is missing.
    """
    low, high, rows = f"{column}_low", f"{column}_high", ranked.rows
    for row in rows:
        row["said"] = cell(row, column)
        row["drawn"] = LIGHT["soft" if is_weak(row) else "main"]
        row["end"] = max(row[column] or 0, row.get(high) or 0)
    is_small = ranked.width(wide) < 220
    top = limit or style.highest(row["end"] for row in rows) * (1.42 if is_small else 1.28)
    scale = {"domain": [0, top or 1], "nice": False}
    axis = style.figures_axis(title, column, 3 if is_small else 5)
    layers = [style.marks("bar", {}, x=style.amount(column, scale=scale, axis=axis), color=style.DRAWN)]
    if rows and low in rows[0]:
        interval = {"color": LIGHT["ink"], "strokeWidth": 1.5}
        layers.append(style.marks("rule", interval, x=style.amount(low, scale=scale), x2={"field": high}))
    text = {"align": "left", "dx": 6, "color": LIGHT["ink"], "fontSize": 12}
    layers.append(style.marks("text", text, x=style.amount("end", scale=scale), text=style.word("said")))
    return style.sized(style.rowwise(layers, ranked), ranked, wide)


def stacked_panel(
    ranked: Ranked,
    ends: Sequence[Sequence[float]],
    kinds: Mapping[str, str],
    title: str,
    *,
    legend_columns: int,
    wide: int | None = None,
    is_first: bool = True,
) -> Chart:
    """One bar a row in parts that end at the percents `ends` of the row; `kinds` names the parts and their colours."""
    parts = [
        {"label": label, "kind": kind, "begin": begin, "end": end}
        for label, stops in zip(ranked.labels, ends, strict=True)
        for kind, begin, end in zip(kinds, [0.0, *stops], stops, strict=False)
    ]
    scale = {"domain": [0, 100], "nice": False}
    colours = {"domain": list(kinds), "range": [LIGHT[colour] for colour in kinds.values()]}
    legend = {
        "title": None,
        "orient": "top",
        "columns": legend_columns,
        "symbolStrokeColor": LIGHT["unknown"],
        "symbolStrokeWidth": 0.5,
    }
    bars = style.marks(
        "bar",
        {"stroke": LIGHT["page"], "strokeWidth": 0.5},
        x=style.amount("begin", scale=scale, axis=style.figures_axis(title, "share_pct", 4)),
        x2={"field": "end"},
        color=style.word("kind", scale=colours, legend=legend),
    )
    return style.sized(style.rowwise([bars], ranked, is_first or ranked.is_narrow, parts), ranked, wide)


def dots_panel(
    ranked: Ranked, column: str, title: str, line: tuple[float | None, str], *, wide: int, zero: bool = False
) -> Chart:
    """One dot a row with its figure, against a line; hollow where the figure is weak, the word where it is missing.

    It stands beside a panel that names the rows; on a phone it stands below that panel and names them itself.
    """
    rows, width = ranked.rows, ranked.width(wide)
    for row in rows:
        row[f"{column}_said"] = cell(row, column)
        row["drawn"] = "transparent" if is_weak(row) else LIGHT["main"]
    values = [row[column] for row in rows if row[column] is not None] + ([line[0]] if line[0] is not None else [])
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    low = 0 if zero else low - (high - low) * 0.1
    domain = (low, high + (high - low) * 0.08 or 1)
    kept = 62  # pixels kept free for the figures, which stand in a column at the right
    scale = {"domain": list(domain), "range": [0, width - kept], "nice": False, "zero": False}
    dots = style.marks(
        "point",
        {"size": 70, **DOT},
        f"isValid(datum.{column})",
        x=style.amount(column, scale=scale, axis=style.figures_axis(title, column, 3)),
        fill=style.DRAWN,
    )
    figures = style.marks("text", TEXT, x={"value": width}, text=style.word(f"{column}_said"))
    layers = [*reference_line(*line, domain, scale), style.rowwise([dots, figures], ranked, ranked.is_narrow)]
    return style.sized(style.layered(*layers), ranked, wide)


def wages_panel(
    ranked: Ranked,
    layers: Sequence[Chart],
    median: float | None,
    domain: tuple[float, float],
    scale: Chart,
    *,
    above: Sequence[Chart] = (),
) -> Chart:
    """Layers of wages in rows, with a line at the median of all jobs over them; layers `above` cover the line."""
    line = [] if median is None else reference_line(median, f"median of all jobs {dollars(median)}", domain, scale)
    covering = [style.rowwise(above, ranked)] if above else []
    return style.sized(style.layered(style.rowwise(layers, ranked), *line, *covering), ranked)


def missing_words() -> Chart:
    """The column `said` of the data as text at the left: why the figure of a row is missing."""
    text = {"align": "left", "dx": 2, "color": LIGHT["ink"], "fontSize": 12}
    return style.marks("text", text, x={"value": 0}, text=style.word("said"))
