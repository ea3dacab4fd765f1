"""What notebooks need beside the sections of reports: the published database, and blocks as marimo shows them."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TypeVar

import duckdb
import marimo as mo
from markupsafe import escape

from pipelines.errors import LmiError, printable
from pipelines.reports.blocks import Picture, Section, Table
from pipelines.reports.charts.style import css_variables
from pipelines.reports.profile import Profile
from pipelines.reports.release import open_release
from pipelines.reports.words import body
from pipelines.settings import read_settings

Made = TypeVar("Made")
_identities = count(1)


_RULES = """
.chart { max-width: 100%; height: auto; }
.lmi h1 { font-size: 2rem; font-weight: 600; margin: 1rem 0 0; }
.lmi h2 { font-size: 1.6rem; font-weight: 600; margin: 2rem 0 0; }
.lmi h3 { font-size: 1.2rem; font-weight: 600; margin: 1rem 0 0; }
.lmi ul { list-style: disc; padding-left: 1.4rem; margin: 0; }
.lmi li { margin: .3rem 0; }
.lmi a { text-decoration: underline; }
.lmi .note, .lmi figcaption, .lmi dd.more { color: var(--muted); font-size: .9rem; }
.lmi .warning { border-left: 5px solid var(--accent); padding: .4rem .9rem; }
.lmi .mark { color: var(--accent); font-weight: bold; }
.lmi dt { font-weight: bold; margin-top: .6rem; }
.lmi .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: .8rem; }
.lmi dd.big { font-size: 1.6rem; font-weight: bold; }
"""
#: Styles of a notebook's page: the charts' colours on light and on dark ground, pictures no wider than the page.
STYLE = mo.Html(f"<style>:root {{ {css_variables(0)} }}\n.dark {{ {css_variables(1)} }}{_RULES}</style>")
#: Characters from which on a column's text is broken into lines, and from which on these lines are long, in pixels.
_LONG, _VERY_LONG, _WIDE = 24, 90, 440


def or_stop(work: Callable[[], Made]) -> Made:
    """The result of some work.

    Where it fails with an LmiError, the cell that asks ends: in an app with a callout that says what to do, in a script
    with the same words and the exit code of `lmi`.
    """
    try:
        return work()
    except LmiError as error:
        if mo.app_meta().mode in ("edit", "run"):
            mo.stop(True, mo.callout(mo.plain_text(str(error)), kind="danger"))
        print(f"error: {error}")
        raise SystemExit(error.exit_code) from None


def published() -> Path:
    """The published database of the data folder (LMI_DATA_DIR); the cell ends where there is none, as in `or_stop`."""

    def found() -> Path:
        database = read_settings().database
        with open_release(database):
            return database

    return or_stop(found)


def text_rows(table: Table) -> list[dict[str, str]]:
    """A table's lines as text by heading, its total last."""
    headings = [heading.replace("\u00ad", "") for heading, _ in table.headings]
    lines = [*table.lines, *([table.total] if table.total else [])]
    texts = ([cell.replace("<br>", " ").striptags() for cell in line.cells] for line in lines)
    return [dict(zip(headings, text, strict=True)) for text in texts]


def _table(table: Table) -> mo.Html:
    rows = text_rows(table)
    longest = {heading: max((len(row[heading]) for row in rows), default=0) for heading in (rows or [{}])[0]}
    texts = {table.headings[0][0], *(heading for heading, is_text in table.headings if is_text)}
    return mo.ui.table(
        rows,
        selection=None,
        pagination=len(rows) > 20,
        page_size=20,
        label=table.label,
        show_data_types=False,
        show_column_summaries=False,
        text_justify_columns=dict.fromkeys((heading for heading in longest if heading not in texts), "right"),
        wrapped_columns=[heading for heading, characters in longest.items() if characters > _LONG],
        column_widths={heading: _WIDE for heading, characters in longest.items() if characters > _VERY_LONG},
    )


def _words(html: str) -> mo.Html:
    # not Markdown, which reads what stands between two dollar signs as mathematics
    return mo.Html(f'<div class="lmi">{html}</div>')


def _part(part: Picture | Table) -> str:
    if isinstance(part, Table):
        return str(_table(part).text)
    drawn = part.svg(f"chart{next(_identities)}")
    return f"<figure><figcaption>{escape(part.caption)}</figcaption>{drawn}</figure>"


def show(section: Section, profile: Profile) -> mo.Html:
    """A section of a report on an area, with the tables of marimo, which can be searched, sorted and downloaded."""
    return _words(f"<h2>{escape(section.heading)}</h2>{body(section, profile, _part)}")


def heading(text: str, level: int = 2) -> mo.Html:
    """A heading; text from data stays text."""
    return _words(f"<h{level}>{escape(text)}</h{level}>")


def tell(text: str) -> None:
    """Say on the screen what a notebook did, where it runs as a script and shows no page."""
    if mo.app_meta().mode not in ("edit", "run"):
        print(text)


def _shut(connection: duckdb.DuckDBPyConnection) -> None:
    """Let queries reach the open database only: no file, extension, setting or variable of Python. It stays so."""
    (is_locked,) = connection.sql("select current_setting('lock_configuration')").fetchall()[0]
    if is_locked:  # a question beside this one did it; connections to one file share their settings
        return
    for name, value in (
        ("python_enable_replacements", False),
        ("enable_external_access", False),
        ("lock_configuration", True),
    ):
        connection.execute(f"set {name} = {value}")


def ask(database: Path, sql: str, *, most: int = 10_000) -> mo.Html:
    """The answer to one select as a table of at most `most` rows, or what is wrong with the query.

    The release is open read only, and the query reaches nothing else.
    """
    with open_release(database, needed=()) as release:
        try:
            _shut(release.connection)
            statements = release.connection.extract_statements(sql)
            kinds = [statement.type.name for statement in statements]
            if kinds != ["SELECT"]:
                asked = ", ".join(kinds).lower() or "nothing"
                return mo.plain_text(f"That has no answer: ask with one select (found {asked}).")
            answer = release.connection.sql(statements[0])
            return mo.ui.table(answer.limit(most).pl(), selection=None, page_size=15)
        except duckdb.Error as error:
            return mo.callout(mo.plain_text(printable(str(error))), kind="danger")
