"""How figures are written, the same on pages, in notebooks and in workbooks.

Counts have thousands separators, dollars no cents, percents one decimal, ratios two. A top-coded wage is written
`>= $239,200`. A figure that is missing is written as the word for why it is missing, never as zero or a blank.
"""

import calendar
import math
import re
from collections.abc import Callable, Mapping

#: What is written where a figure is missing, by the status that says why.
WORDS = {
    "withheld": "withheld",
    "no_occupations": "no occupations",
    "not_in_vintage": "not in this edition",
    "not_applicable": "not applicable",
    "absent": "not listed",
    "doubtful": "contradictory",
}
#: Written where a figure is missing although what it is made from is there.
MISSING = "not available"
#: A location quotient that is missing because too little of the cluster is published (lq_min_coverage_pct).
TOO_LITTLE = "too little published"
UNKNOWN = "unknown"
#: A flag that the policy does not define.
NOT_DEFINED = "not defined"

#: Grades and shares that are marked as weak wherever they appear: relative standard errors of 20 % and more, and
#: figures that stand on less than half of what belongs there.
WEAK_GRADES = ("C", "D")
WEAK_BELOW_PCT = 50

#: Percents that are changes or differences, so that a plus sign tells something.
_CHANGES = ("growth_pct", "cagr_pct", "change_pct", "premium_pct", "cagr_5yr_pct")


def count(value: float) -> str:
    """Jobs, establishments, openings: `1,234`."""
    return f"{value:z,.0f}"


def dollars(value: float) -> str:
    """Dollars without cents: `$54,321`; a negative amount is `-$54,321`."""
    text = f"{abs(value):,.0f}"
    return f"-${text}" if value < 0 and text != "0" else f"${text}"


def percent(value: float) -> str:
    """A percentage: `15.2%`."""
    return f"{value:z,.1f}%"


def change(value: float) -> str:
    """A change or difference in percent: `+3.2%`."""
    text = f"{value:+,.1f}%"
    return "0.0%" if text in {"+0.0%", "-0.0%"} else text


def signed_count(value: float) -> str:
    """A change in jobs: `+1,234`."""
    text = f"{value:+,.0f}"
    return "0" if text in {"+0", "-0"} else text


def one_decimal(value: float) -> str:
    """A mean of a scale, such as job zones 1 to 5: `3.4`."""
    return f"{value:z.1f}"


def weight(value: float) -> str:
    """A share of one, in percent: `97.9%` for 0.979."""
    return percent(100 * value)


def ratio(value: float) -> str:
    """A location quotient: `1.48`."""
    return f"{value:z,.2f}"


#: How a figure is written by the end of its column's name; the first that fits. Anything else is a count.
_FORMS: tuple[tuple[str | tuple[str, ...], Callable[[float], str]], ...] = (
    ("_usd", dollars),
    (_CHANGES, change),
    ("_pct", percent),
    ("_weight", weight),
    ("change_jobs", signed_count),
    (("location_quotient", "_ratio"), ratio),
    ("job_zone_mean", one_decimal),
)


def written(column: str, value: float) -> str:
    """A figure by the unit that its column's name carries."""
    return next((form for ending, form in _FORMS if column.endswith(ending)), count)(value)


def figure(column: str, value: float | None, status: str | None = None) -> str:
    """A figure of a published column with its status, as it is shown.

    `column` names the unit (`_usd`, `_pct`, `location_quotient`, else a count), `status` why a figure is missing or
    that it is a lower bound.
    """
    if value is None or math.isnan(value):
        if status in WORDS:
            return WORDS[status]
        return TOO_LITTLE if column.endswith("location_quotient") else MISSING
    text = written(column, value)
    return f">= {text}" if status == "top_coded" else text


def status_column(columns: Mapping[str, object] | frozenset[str], column: str) -> str | None:
    """The column of the same row that says how a figure stands: its own status, or the row's."""
    if column == "wage_premium_pct":
        column = "wage_p50_usd"
    own = column.removesuffix("_usd").removesuffix("_pct") + "_status"
    for candidate in (own, "employment_status", "status"):
        if candidate in columns:
            return candidate
    return None


def cell(row: Mapping[str, object], column: str) -> str:
    """A figure of a row of a published table, with the status that the row holds for it."""
    value, status_name = row[column], status_column(row, column)
    status = None if status_name is None else row[status_name]
    if value is not None and not isinstance(value, int | float):
        raise TypeError(f"{column} holds {value!r}, which is no figure")
    return figure(column, value, None if status is None else str(status))


def is_weak(row: Mapping[str, object]) -> bool:
    """Whether a row is to be read with care: a low grade, or figures that stand on less than half of the jobs."""
    shares = (row.get("coverage_pct"), row.get("wage_coverage_pct"))
    return row.get("reliability") in WEAK_GRADES or any(
        isinstance(share, int | float) and share < WEAK_BELOW_PCT for share in shares
    )


def yes_no(flag: str | None) -> str:
    """A flag's verdict in a word: yes, no, unknown where an input is withheld or not at hand, or not defined."""
    return NOT_DEFINED if flag is None else {"true": "yes", "false": "no"}.get(flag, UNKNOWN)


def month(period: str) -> str:
    """`May 2025` for `2025-05`; anything else as it is."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", period)
    return f"{calendar.month_name[int(found[2])]} {found[1]}" if found else period


#: What a source is that is not the publisher's newest full edition, by its status in reference.source_vintage.
_EDITIONS = {
    "sample": "is a sample of the publisher's edition, without parts of the country",
    "older_cycle": "is of an older cycle than the publisher's newest",
    "stale": "is the last good edition, for a newer one could not be fetched",
}


def edition(status: str) -> str:
    """How an edition stands, to follow the name of the source: `is a sample of ...`."""
    return _EDITIONS.get(status, f"has the status {status}")
