"""The first sheet of the workbook: clusters by jobs, pay and outlook, as the report begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.reports.format import excel_format, rounded
from pipelines.reports.profile import Profile
from pipelines.reports.rows import Row
from pipelines.reports.spreadsheets import CODES_ARE_TEXT
from pipelines.reports.words import listed

#: The columns, with their headings; those of the outlook are of another row.
_JOBS = {
    "employment": "Jobs",
    "employment_share_pct": "Share of all jobs",
    "location_quotient": "Location quotient",
    "wage_p50_usd": "Median wage, $ a year",
    "reliability": "Grade of jobs",
}
_OUTLOOK = {"growth_pct": "Growth", "annual_openings": "Openings a year"}
#: A cell: the value, how it is written where it is no number, and its format.
Cell = tuple[object, str, str]


@dataclass(frozen=True)
class Summary:
    """What the sheet shows: headings, lines with their names and cells, the total last, and notes below."""

    citation: str
    headings: Sequence[str]
    lines: Sequence[tuple[str, Sequence[Cell]]]
    notes: Sequence[str]


def _notes(profile: Profile) -> list[str]:
    once = "Every job counts once here, so the clusters may be added up."
    full = "A job counts in full in each of its clusters here: never add these up."
    found = [
        f"{once if profile.once else full} The sheet Contents lists all sheets, Notes says how to read them, and "
        "Dictionary what each column means.",
        "The grade is that of the total error of jobs: A is the best, D the worst. Read C and D with care.",
    ]
    doubted = [row.name() for row in profile.outlook if row["cluster_id"] in profile.contradicted]
    if doubted:
        found.append(
            f"Do not rely on the outlook of {listed(doubted)}: the projections begin with less than half of the jobs "
            "counted here."
        )
    return [*found, CODES_ARE_TEXT]


def _cell(row: Row | None, column: str) -> Cell:
    if row is None:
        return None, "none", ""
    value = row[column]
    return (
        rounded(column, value) if isinstance(value, int | float) else value,
        row.said(column) if row[column] is not None else row.cell(column).striptags(),
        excel_format(column, None),
    )


def summary(profile: Profile) -> Summary:
    """The summary of a state."""
    outlook = {row["cluster_id"]: row for row in profile.outlook}
    if profile.outlook_total:
        outlook["all"] = profile.outlook_total
    period = f" {profile.outlook[0]['projection_period']}" if profile.outlook else ""
    columns = {**_JOBS, **({column: f"{heading}{period}" for column, heading in _OUTLOOK.items()} if outlook else {})}
    named = [(row.name(), row) for row in profile.clusters] + [(profile.total_name, profile.total)]
    lines = [
        (
            name,
            [_cell(outlook.get(row["cluster_id"]) if column in _OUTLOOK else row, column) for column in columns],
        )
        for name, row in named
    ]
    return Summary(profile.citation, ["Cluster", *columns.values()], lines, _notes(profile))
