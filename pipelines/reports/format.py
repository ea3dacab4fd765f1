"""How figures are written: the same in text, in cells of Excel and at the axes of charts.

Jobs and openings are rounded to tens as their publishers do, "fewer than 10" below; other counts have thousands
separators, and awards a year under one are "fewer than 1". Dollars have no cents, percents one decimal, ratios two. A
top-coded wage is written `>= $239,200`. A missing figure is written as the word for why it is missing, never as zero or
a blank.
"""

import calendar
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: What is written where a figure is missing, by the status that says why.
WORDS = {
    "withheld": "withheld",
    "no_occupations": "no occupations",
    "not_in_vintage": "not in this vintage",
    "not_applicable": "not applicable",
    "absent": "not listed",
    "doubtful": "contradictory",
    "mostly_modelled": "too little published",
    "no_jobs": "no jobs to compare",
    "not_comparable": "not comparable",
    "low_coverage": "too little projected",
    "few_covered": "too few covered",
    "hourly_only": "hourly only",
    "not_in_cycle": "not in this cycle",
    "no_award_level": "no award at this level",
    "other_horizon": "not at four years",
}
#: Written where a figure is missing although what it is made from is there.
MISSING = "not available"
#: A location quotient that is missing because too little of the cluster is published (lq_min_published_pct).
TOO_LITTLE = "too little published"

#: Grades and shares that are marked as weak wherever they appear: total errors of 20 % and more, figures with less than
#: half of their jobs published, and figures of which less than half stands on evidence.
WEAK_GRADES = ("C", "D")
WEAK_BELOW_PCT = 50


#: What the reason of a grade is called.
REASONS = {"sampling": "sampling", "estimated_cells": "estimated cells", "sharing": "sharing"}


def count(value: float) -> str:
    """Establishments, programs: `1,234`."""
    return f"{value:z,.0f}"


def jobs(value: float) -> str:
    """Jobs or openings, rounded to tens: `1,230`; under ten `fewer than 10`, and none is `0`."""
    if value < 10:
        return "fewer than 10" if value > 0 else "0"
    return f"{math.floor(value / 10 + 0.5) * 10:,}"


def awards(value: float) -> str:
    """Awards a year, a mean or a share: `1,234`; under one `fewer than 1`, and none is `0`."""
    return "fewer than 1" if 0 < value < 1 else count(value)


def dollars(value: float) -> str:
    """Dollars without cents: `$54,321`; a negative amount is `-$54,321`."""
    text = f"{abs(value):,.0f}"
    return f"-${text}" if value < 0 and text != "0" else f"${text}"


def hourly(value: float) -> str:
    """Dollars an hour: `$36.06 an hour`."""
    return f"${value:,.2f} an hour"


def percent(value: float) -> str:
    """A percentage: `15.2%`."""
    return f"{value:z,.1f}%"


def _signed(text: str, zero: str) -> str:
    return zero if text[1:] == zero else text


@dataclass(frozen=True)
class Form:
    """How figures of a unit are written: as text, as a number format of Excel, and at an axis (in Vega's words)."""

    text: Callable[[float], str]
    excel: str
    axis: str


_PERCENT_AXIS = "format(datum.value, '~f') + '%'"
COUNT = Form(count, "#,##0", "format(datum.value, '~s')")
#: Excel rounds to thousands by its format only, so cells keep their digits.
JOBS = Form(jobs, "#,##0", COUNT.axis)
AWARDS = Form(awards, "#,##0", COUNT.axis)
#: Columns of jobs and openings, and of awards a year; a change of jobs has a form of its own.
_JOBS = (
    *("employment", "employment_low", "employment_high", "employment_published", "base_jobs", "projected_jobs"),
    *("annual_openings", "openings_shared"),
)
_AWARDS = (
    "awards",
    "awards_low",
    "awards_high",
    "awards_at_level",
    "awards_to_other_levels",
    "awards_from_other_levels",
)
_YEAR = Form(lambda value: f"{value:.0f}", "0", "format(datum.value, 'd')")
_NAMED = (
    dict.fromkeys(("base_year", "projected_year"), _YEAR) | dict.fromkeys(_JOBS, JOBS) | dict.fromkeys(_AWARDS, AWARDS)
)
_CHANGE = Form(lambda value: _signed(f"{value:+,.1f}%", "0.0%"), '0.0"%"', _PERCENT_AXIS)
#: The form by the end of a column's name; the first that fits. Anything else is a count.
_FORMS: tuple[tuple[str | tuple[str, ...], Form], ...] = (
    ("_hourly_usd", Form(hourly, "$#,##0.00", "'$' + format(datum.value, ',.2f')")),
    ("_usd", Form(dollars, "$#,##0", "'$' + format(datum.value, '~s')")),
    (("growth_pct", "cagr_pct", "change_pct", "premium_pct", "cagr_5yr_pct"), _CHANGE),
    ("_pct", Form(percent, '0.0"%"', _PERCENT_AXIS)),
    ("_weight", Form(lambda value: percent(100 * value), "0.00", _PERCENT_AXIS)),
    (
        ("change_jobs", "gap", "gap_low", "gap_high"),
        Form(lambda value: _signed(f"{value:+,.0f}", "0"), "#,##0", COUNT.axis),
    ),
    (("location_quotient", "_ratio"), Form(lambda value: f"{value:z,.2f}", "0.00", "format(datum.value, '.1f')")),
    (("_mean", "_index"), Form(lambda value: f"{value:z.1f}", "0.0", "format(datum.value, '.1f')")),
)
#: Excel's formats of units that the column's name does not tell.
_EXCEL = {
    "USD an hour": "$#,##0.00",
    "ratio": "0.00",
    "jobs per 1,000": "0.0",
    **dict.fromkeys(("year", "digits", "level", "position"), "0"),
}


def form_of(column: str) -> Form:
    """The form of a column by the unit that its name carries."""
    return _NAMED.get(column) or next((form for ending, form in _FORMS if column.endswith(ending)), COUNT)


def excel_format(column: str, unit: str | None) -> str:
    """Excel's number format of a column; percents are percents already and are not multiplied."""
    return _EXCEL.get(unit or "", form_of(column).excel)


def rounded(column: str, value: float) -> float | str:
    """A figure as people read it, still a number: jobs and openings in tens, others as shown; else its text."""
    form = form_of(column)
    if form is JOBS:
        return form.text(value) if 0 < value < 10 else math.floor(value / 10 + 0.5) * 10
    return round(value, form.excel.partition(".")[2].count("0"))


def figure(column: str, value: float | None, status: str | None = None) -> str:
    """A figure of a published column as it is shown.

    `column` names the unit (`_usd`, `_pct`, `location_quotient`, else a count), `status` says why a figure is missing
    or that it is a lower bound.
    """
    if value is None or math.isnan(value):
        if status in WORDS:
            return WORDS[status]
        return TOO_LITTLE if column.endswith("location_quotient") else MISSING
    text = form_of(column).text(value)
    return f">= {text}" if status == "top_coded" else text


def status_column(columns: Mapping[str, object] | frozenset[str], column: str) -> str | None:
    """The column of the same row that says how a figure stands: its own status, or the row's."""
    if column == "wage_premium_pct":
        column = "wage_p50_usd"
    elif column in ("annual_openings", "middle_skill_pct") or column.startswith("openings_"):
        column = "openings"
    elif column.startswith("national_"):
        column = "national"
    own = column.removesuffix("_usd").removesuffix("_pct") + "_status"
    return next((name for name in (own, "employment_status", "status") if name in columns), None)


def cell(row: Mapping[str, object], column: str) -> str:
    """A figure of a row of a published table, with the status that the row holds for it."""
    value, status_name = row[column], status_column(row, column)
    status = None if status_name is None else row[status_name]
    if value is not None and not isinstance(value, int | float):
        raise TypeError(f"{column} holds {value!r}, which is not a figure")
    return figure(column, value, None if status is None else str(status))


def is_weak(row: Mapping[str, object]) -> bool:
    """Whether a row is to be read with care: a low grade, or less than half of it published or on evidence."""
    shares = (row.get("coverage_pct"), row.get("wage_coverage_pct"), row.get("evidence_pct"))
    return row.get("reliability") in WEAK_GRADES or any(
        isinstance(share, int | float) and share < WEAK_BELOW_PCT for share in shares
    )


def yes_no(flag: str | None) -> str:
    """A flag in a word: yes, no, unknown where an input is missing, no list, or not defined."""
    return {None: "not defined", "true": "yes", "false": "no", "no_list": "no list"}.get(flag, "unknown")


def month(period: str) -> str:
    """`May 2025` for `2025-05`; anything else as it is."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", period)
    return f"{calendar.month_name[int(found[2])]} {found[1]}" if found else period


#: What a source is that is not the publisher's newest full vintage, by its status in reference.source_vintage.
_STANDINGS = {
    "sample": "is a sample of the publisher's vintage, without parts of the country",
    "older_cycle": "is not the newest: the publisher has a later one, which this release was not made with",
}


#: The same in a cell.
STATUS_WORDS = {"ok": "full vintage", "older_cycle": "not the publisher's newest", "sample": "sample"}


def standing(status: str) -> str:
    """How a vintage stands, to follow the name of the source: `is a sample of ...`."""
    return _STANDINGS.get(status, f"has the status {status}")
