"""The notes beside an export: how to read the figures, warnings of each table, and sources with their attribution."""

from collections.abc import Iterable, Iterator

from pipelines.reports.export.tables import ExportedTable, tables_left_out
from pipelines.reports.profile import Profile
from pipelines.reports.sections import shown
from pipelines.reports.spreadsheets import CODES_ARE_TEXT
from pipelines.reports.words import terms_as_text, weak_vintage

#: What is true of files rather than of figures; the terms of the sections follow.
_FILES = (
    "A missing figure is never zero. The workbook shows a word that says why it is missing: withheld (the publisher "
    "does not release it), no occupations, not in this vintage, and so on. In CSV and Parquet the field is empty and "
    "the status column beside it says why.",
    "A wage written with >= is a lower bound, because the publisher gives high wages only as at least so much. The "
    "cell has the bound, the status column says top_coded.",
    "Basis unduplicated counts every job once: clusters may be added up. Basis duplicated counts a job in full in "
    "every cluster it belongs to: never add those up. A basis with a name after a colon is of the state's own "
    "clusters.",
    "Never add up rows of different levels (all, cluster, sub_cluster), nor a state and the areas in it. Never average "
    "medians, percentiles or location quotients.",
    "employment is an estimate of all jobs: what the publisher withholds is estimated and enters sums only. "
    "employment_published is the part that is published, modelled_pct the share that is estimated, evidence_pct the "
    "share whose place in the cluster stands on evidence. Files keep the digits; quote jobs rounded to tens.",
    CODES_ARE_TEXT,
    "In CSV a text that a spreadsheet might run (one that begins with =, +, -, @, a tab or a break of lines) has an "
    "apostrophe before it. A flag is met, not met or unknown there; in Parquet and the workbook it is true, false or "
    "unknown, and texts are as they are. Where a policy does not define a flag or makes no list, Parquet is empty, and "
    "the others say not defined or no list. eligible is no list (no_list) where the policy's flags stand separate.",
    "employment_low and employment_high of industries are bounds on what is withheld, not an interval from sampling.",
)


#: What a reader needs beside the tables: the paragraphs under each heading.
Notes = dict[str, list[str]]


def markdown(title: str, notes: Notes) -> str:
    """The notes as a page of text."""
    parts = [f"# {title}\n"]
    for heading, paragraphs in notes.items():
        parts += [f"## {heading}\n", *(f"- {paragraph}" for paragraph in paragraphs), ""]
    return "\n".join(parts)


def _release(profile: Profile, tables: list[ExportedTable], shared: bool, basis: str | None) -> Iterator[str]:
    facts, state_id = profile.release.facts, profile.area.area_id
    yield f"Release {facts['release_id']}, published {facts['published_at']} UTC."
    if basis:
        yield f"Of the tables with a basis only rows of {basis} are here."
    reaching = profile.release.ask("state_areas", state=state_id, shared=True).to_dicts()
    across = [f"{row['area_name']} ({row['area_id']})" for row in reaching if row["state_id"] != state_id]
    if across and shared:
        yield f"Metro areas of other states that reach into this one are here, too: {'; '.join(across)}."
    elif across:
        yield (
            "Metro areas that reach into this state but are listed under another are not here: "
            f"{'; '.join(across)}. `lmi export --shared-metros` adds them."
        )
    yield from tables_left_out(profile.release, tables, basis)


def notes(profile: Profile, tables: list[ExportedTable], *, shared: bool, basis: str | None = None) -> Notes:
    """The notes of the export of a state."""
    sources = profile.release.vintages.values()
    found: dict[str, Iterable[str]] = {
        "Release": _release(profile, tables, shared, basis),
        "Old or partial sources": (
            f"{weak_vintage(row)} Its figures are of {row['reference_period']}."
            for row in sources
            if row["status"] != "ok"
        ),
        "How to read the figures": (*_FILES, *terms_as_text(shown(profile), profile)),
        "What to mind in each table": (f"{t.name}: {warning}" for t in tables for warning in t.contract.warnings),
        "Sources": (
            f"{row['publisher']}, {row['title']}, {row['vintage']} (refers to {row['reference_period']}; released "
            f"{row['released_on'] or 'day not stated'}; status {row['status']}). {row['url']}"
            for row in sources
        ),
        "Attribution": dict.fromkeys(f"{row['attribution']}." for row in sources),
    }
    return {heading: listed for heading, paragraphs in found.items() if (listed := list(paragraphs))}
