"""How columns are called in the workbook: words of people for the names that CSV, Parquet and the database have."""

from collections.abc import Iterable

from pipelines.contracts.model import Column

#: Names that are said otherwise than word by word.
_NAMED = {
    "area_id": "Area code",
    "list_rank": "Rank",
    "reliability": "Grade of jobs",
    "program_titles": "Programs taught here",
}
#: Words of names, and ends that the unit says or that nobody needs.
_WORDS = {
    "id": "code",
    "ids": "codes",
    "5yr": "over five years",
    "cbsa": "CBSA",
    "cip4": "CIP4",
    "fips": "FIPS",
    "nem": "NEM",
    "oews": "OEWS",
    "qcew": "QCEW",
    "modelled": "estimated",
    "soc": "SOC",
    "cip": "CIP",
    "naics": "NAICS",
    "p10": "P10",
    "p25": "P25",
    "p50": "median",
    "p75": "P75",
    "p90": "P90",
    "rse": "relative standard error",
    "cagr": "growth a year",
    "avg": "average",
}
_LEFT_OUT = ("usd", "pct", "name", "title", "dollars")
_UNITS = {"percent": "%", "USD a year": "$ a year", "USD an hour": "$ an hour", "USD": "$"}


def _said(column: Column) -> str:
    if column.name in _NAMED:
        return _NAMED[column.name]
    words = [_WORDS.get(word, word) for word in column.name.split("_") if word not in _LEFT_OUT]
    if column.unit == "USD an hour" and "hourly" in words:
        words.remove("hourly")
    text = " ".join(words).replace("sub cluster", "sub-cluster")
    unit = _UNITS.get(column.unit or "", "")
    return text[:1].upper() + text[1:] + (f", {unit}" if unit else "")


def headings(columns: Iterable[Column]) -> list[str]:
    """A heading for each column of a sheet, such as `Wage median, $ a year`; the name itself where two would agree."""
    named = [(column.name, _said(column)) for column in columns]
    said = [heading for _, heading in named]
    return [name if said.count(heading) > 1 else heading for name, heading in named]
