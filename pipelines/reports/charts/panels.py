"""Parts that several charts are made of: a line to compare with, and panels of bars and dots, one row each."""

from collections.abc import Mapping, Sequence

import altair as alt

from pipelines.reports.charts import style
from pipelines.reports.charts.style import LIGHT, Chart, Row, Size
from pipelines.reports.format import cell, is_weak


def reference_line(value: float | None, text: str, domain: tuple[float, float], scale: alt.Scale) -> list[Chart]:
    """A dashed line across all rows with its meaning at the top, on the side with room; nothing without a value."""
    if value is None:
        return []
    line = alt.Chart(style.data([{"at": value, "text": text}]))
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


def bars_panel(
    rows: list[Row],
    labels: list[str],
    size: Size,
    *,
    column: str,
    title: str,
    width: int,
    limit: float | None = None,
) -> Chart:
    """Bars with their figures, and intervals where rows have `<column>_low` and `_high`; weak ones are pale.

    A missing figure is the word for why it is missing.
    """
    low, high = f"{column}_low", f"{column}_high"
    for row in rows:
        row["said"] = cell(row, column)
        row["drawn"] = LIGHT["soft" if is_weak(row) else "main"]
        row["end"] = max(row[column] or 0, row.get(high) or 0)
    is_small = width < 220
    top = limit or style.highest(row["end"] for row in rows) * (1.42 if is_small else 1.28)
    scale = alt.Scale(domain=[0, top or 1], nice=False)
    chart = alt.Chart(style.data(rows))
    axis = style.figures_axis(title, column, 3 if is_small else 5)
    layers: list[Chart] = [
        chart.mark_bar().encode(x=alt.X(f"{column}:Q", scale=scale, axis=axis), color=style.own_colour())
    ]
    if rows and low in rows[0]:
        interval = chart.mark_rule(color=LIGHT["ink"], strokeWidth=1.5)
        layers.append(interval.encode(x=alt.X(f"{low}:Q", scale=scale), x2=f"{high}:Q"))
    figures = chart.mark_text(align="left", dx=6, color=LIGHT["ink"], fontSize=12)
    layers.append(figures.encode(x=alt.X("end:Q", scale=scale), text="said:N"))
    return style.sized(style.rowwise(layers, labels, size), width, size)


def stacked_panel(
    pieces: Sequence[tuple[str, Sequence[float]]],
    kinds: Mapping[str, str],
    size: Size,
    *,
    title: str,
    width: int,
    legend_columns: int,
    shown: bool = True,
) -> Chart:
    """One bar a row in parts that end at the given percents; `kinds` names the parts and their colours."""
    parts = [
        {"label": label, "kind": kind, "begin": begin, "end": end}
        for label, ends in pieces
        for kind, begin, end in zip(kinds, [0.0, *ends], ends, strict=False)
    ]
    scale = alt.Scale(domain=[0, 100], nice=False)
    colours = alt.Scale(domain=list(kinds), range=[LIGHT[colour] for colour in kinds.values()])
    legend = alt.Legend(
        title=None,
        orient="top",
        columns=legend_columns,
        symbolStrokeColor=LIGHT["unknown"],
        symbolStrokeWidth=0.5,
    )
    bars = (
        alt.Chart(style.data(parts))
        .mark_bar(stroke=LIGHT["page"], strokeWidth=0.5)
        .encode(
            x=alt.X("begin:Q", scale=scale, axis=style.figures_axis(title, "share_pct", 4)),
            x2="end:Q",
            color=alt.Color("kind:N", scale=colours, legend=legend),
        )
    )
    labels = [label for label, _ in pieces]
    return style.sized(style.rowwise([bars], labels, size, shown), width, size)


def dots_panel(
    rows: list[Row],
    labels: list[str],
    size: Size,
    *,
    column: str,
    title: str,
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
    chart = alt.Chart(style.data(rows))
    dots = (
        chart.transform_filter(f"isValid(datum.{column})")
        .mark_point(size=70, filled=True, opacity=1, stroke=LIGHT["main"], strokeWidth=1.5)
        .encode(
            x=alt.X(f"{column}:Q", scale=scale, axis=style.figures_axis(title, column, 3)),
            fill=alt.Fill("drawn:N", scale=None, legend=None),
        )
    )
    figures = chart.mark_text(align="right", color=LIGHT["ink"], fontSize=12).encode(
        x=style.at_x(width), text=f"{column}_said:N"
    )
    layers = [*reference_line(*line, domain, scale), style.rowwise([dots, figures], labels, size, shown)]
    return style.sized(alt.layer(*layers), width, size)
