"""What notebooks need beside queries and charts: the published database, rows as tables of text, charts as pictures.

Text from data is escaped. Figures are written by the rules of `format`, with the word for why one is missing.
"""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import count
from pathlib import Path

import duckdb
import marimo as mo
import polars as pl

from pipelines.errors import LmiError
from pipelines.policies.words import FLAG_WORDS
from pipelines.reports import charts, queries
from pipelines.reports.format import cell, yes_no
from pipelines.settings import read_settings

_identities = count(1)


def _palette() -> str:
    light, dark = ({name: pair[side] for name, pair in charts.PALETTE.items()} for side in (0, 1))
    rules = {":root": light, ".dark": dark}
    written = (f"{where} {{ {' '.join(f'--{n}: {c};' for n, c in names.items())} }}" for where, names in rules.items())
    return "\n".join(written)


_RULES = """
.chart { max-width: 100%; height: auto; }
.lmi h2 { font-size: 1.6rem; font-weight: 600; margin: 2rem 0 0; }
.lmi h3 { font-size: 1.2rem; font-weight: 600; margin: 1rem 0 0; }
.lmi ul { list-style: disc; padding-left: 1.4rem; margin: 0; }
.lmi li { margin: .3rem 0; }
"""
#: Styles of a notebook's page: the charts' colours on light and on dark ground, pictures no wider than the page.
STYLE = mo.Html(f"<style>{_palette()}{_RULES}</style>")


def published() -> Path:
    """The published database of the data folder (LMI_DATA_DIR).

    Where there is none that can be read, the cell that asks ends: as an app with a callout that says what to do, as a
    script with the same words and the exit code of `lmi`.
    """
    try:
        database = read_settings().database
        with queries.open_database(database):
            return database
    except LmiError as error:
        if mo.app_meta().mode in ("edit", "run"):
            mo.stop(True, mo.callout(mo.plain_text(str(error)), kind="danger"))
        print(f"error: {error}")
        raise SystemExit(error.exit_code) from None


#: Characters from which on a column's text is broken into lines, and from which on these lines are long, in pixels.
_LONG, _VERY_LONG, _WIDE = 24, 90, 440
#: Columns of a policy's verdicts.
_VERDICTS = (*FLAG_WORDS, "listed")
#: Columns of text that may be missing without a word being due.
_MAY_BE_EMPTY = ("reliability", "scope_note", "notes", "released_on")


def _text(row: Mapping[str, object], column: str) -> str:
    value = row[column]
    if column in _VERDICTS:
        return yes_no(None if value is None else str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if value is None and column in _MAY_BE_EMPTY:
        return ""
    return cell(row, column)


def text_rows(frame: pl.DataFrame, columns: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows as they are written: `columns` gives the heading of each column that is shown."""
    return [{heading: _text(row, column) for column, heading in columns.items()} for row in frame.iter_rows(named=True)]


def table(frame: pl.DataFrame, columns: Mapping[str, str], *, page_size: int = 20) -> mo.Html:
    """Rows as a table of text: `columns` gives the heading of each column that is shown."""
    rows = text_rows(frame, columns)
    if not rows:
        return mo.plain_text("Nothing to show here in this release.")
    longest = {heading: max(len(row[heading]) for row in rows) for heading in columns.values()}
    figures = [heading for column, heading in columns.items() if frame.schema[column].is_numeric()]
    return mo.ui.table(
        rows,
        selection=None,
        pagination=len(rows) > page_size,
        page_size=page_size,
        show_data_types=False,
        show_column_summaries=False,
        text_justify_columns=dict.fromkeys(figures, "right"),
        wrapped_columns=[heading for heading, characters in longest.items() if characters > _LONG],
        column_widths={heading: _WIDE for heading, characters in longest.items() if characters > _VERY_LONG},
    )


def picture(chart: charts.Chart, title: str, description: str) -> mo.Html:
    """A chart as a picture with a name; what it shows is to be in a table, too."""
    return mo.Html(charts.svg(chart, title=title, description=description, identity=f"chart{next(_identities)}"))


def _styled(html: str) -> mo.Html:
    # not Markdown, which reads what stands between two dollar signs as mathematics
    return mo.Html(f'<div class="lmi">{html}</div>')


def bullets(sentences: Iterable[str]) -> mo.Html:
    """Sentences as a list; text from data stays text."""
    return _styled(f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in sentences)}</ul>")


def heading(text: str, level: int = 2) -> mo.Html:
    """A heading; text from data stays text."""
    return _styled(f"<h{level}>{escape(text)}</h{level}>")


def ask(database: Path, sql: str, *, most: int = 10_000) -> mo.Html:
    """The answer to a query as a table of at most `most` rows, or what is wrong with the query.

    The release is open read only, and the query reaches no other file.
    """
    with queries.open_database(database, needed=()) as connection:
        connection.execute("set enable_external_access = false")
        try:
            answer = connection.sql(sql)
            if answer is None:
                return mo.plain_text("That has no answer: ask with select.")
            return mo.ui.table(answer.limit(most).pl(), selection=None, page_size=15)
        except duckdb.Error as error:
            return mo.callout(mo.plain_text(str(error)), kind="danger")
