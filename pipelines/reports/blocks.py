"""What a section is made of: words, pictures and tables, shown by pages and notebooks each in their own way.

Words are Markup, in which every text from data is escaped.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from markupsafe import Markup

from pipelines.reports.rows import Row

if TYPE_CHECKING:
    from pipelines.reports.charts.style import Chart
    from pipelines.reports.profile import Profile

Words: TypeAlias = str | Markup
Headlines: TypeAlias = "Callable[[Profile], Iterable[Words]]"
Terms: TypeAlias = "Callable[[Profile], Iterable[tuple[str, Words]]]"

#: A soft hyphen, so that a heading may break.
RELIABILITY = "Relia\u00adbility"
MARK = Markup(' <span class="mark">†</span>')


@dataclass(frozen=True)
class Picture:
    """A chart for a wide and a narrow screen; what it shows is in a table too, unless `table` says otherwise.

    `title` and `description` are for screen readers, the `caption` is for all. A picture that is `shared` is the same
    on every page of a release.
    """

    name: str
    title: str
    description: str
    caption: str
    draw: "Callable[[bool], Chart]"
    table: str = "The table after the picture has every figure."
    shared: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table of figures: a published column of the table's row, or of another row that `of` finds.

    `of` may return a word to show instead of a figure, or None for an empty cell. A column that `is_text` shows names.
    """

    heading: str
    column: str
    of: Callable[[Row], Row | str | None] | None = None
    is_text: bool = False
    in_total: bool = True

    def cell(self, row: Row) -> Markup:
        """The cell for a row."""
        if self.of is None:
            return row.cell(self.column)
        other = self.of(row)
        if other is None:
            return Markup("<td></td>")
        if isinstance(other, str):
            kind = "text missing" if self.is_text else "missing"
            return Markup('<td class="{}">{}</td>').format(kind, other)
        if self.is_text:
            return text_cell(other[self.column] + mark(other))
        return other.cell(self.column, own=True)


@dataclass(frozen=True)
class Line:
    """A row of a table: the cells, and the attributes that name its source."""

    cells: Sequence[Markup]
    attributes: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its label, the headings with whether a column holds text, its lines, and a line of totals."""

    label: str
    headings: Sequence[tuple[str, bool]]
    lines: Sequence[Line]
    total: Line | None = None


@dataclass(frozen=True)
class Group:
    """Blocks under a heading of their own, with an anchor that links can lead to."""

    anchor: str
    title: Words
    blocks: "Sequence[Block]"


Block: TypeAlias = Words | Picture | Table | Group


@dataclass(frozen=True)
class Section:
    """A section of a report, declared as SECTION in a module of `sections`.

    `needs` are the tables without which the section only says that they are missing, `tables` those that it shows first
    (an export puts them in this order). `headlines` go into the summary, `terms` into the explanations.
    """

    anchor: str
    heading: str
    order: int
    content: "Callable[[Profile], Iterable[Block]]"
    needs: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    headlines: Headlines = lambda profile: ()
    terms: Terms = lambda profile: ()
    starts_page: bool = False

    def blocks(self, profile: "Profile") -> list[Block]:
        """What the section shows of an area; which tables are missing where it cannot."""
        missing = [table for table in self.needs if table not in profile.release.tables]
        if missing:
            return [paragraph("This release does not have these figures (no table {}).", ", ".join(missing))]
        return list(self.content(profile))


def words(text: str, *values: object) -> Markup:
    """A text with values put in for `{}`; what is not Markup is escaped."""
    return Markup(text).format(*values)


def paragraph(text: str, *values: object) -> Markup:
    """A paragraph."""
    return Markup("<p>{}</p>").format(words(text, *values))


def note(text: str, *values: object) -> Markup:
    """A note below a table."""
    return Markup('<p class="note">{}</p>').format(words(text, *values))


def warning(text: str, *values: object) -> Markup:
    """A warning that stands out."""
    return Markup('<div class="warning" role="note"><p>{}</p></div>').format(words(text, *values))


def listed(items: Iterable[object]) -> str:
    """`a, b and c`; items that have commas of their own are parted by semicolons."""
    parts = [str(item) for item in items]
    separator = "; " if any("," in part for part in parts) else ", "
    last = "; and " if separator == "; " else " and "
    return parts[0] if len(parts) == 1 else separator.join(parts[:-1]) + last + parts[-1]


def capital(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def link(url: object, text: str) -> Markup:
    """` (<a>text</a>)` for an address of the web, nothing for anything else."""
    if not str(url).startswith(("https://", "http://")):
        return Markup()
    return words(' (<a href="{}">{}</a>)', url, text)


def mark(row: Row) -> Markup:
    """A dagger where the row is to be read with care."""
    return Markup(' <span class="mark" title="weak, see below the table">†</span>') if row.is_weak else Markup()


def weak_note(items: Iterable[Row]) -> list[Markup]:
    """What the dagger means, where any of the rows has it."""
    if not any(item.is_weak for item in items):
        return []
    return [
        note(
            "{} Read with care: reliability C or D (a relative standard error of 20% or more), or less than half of "
            "the jobs behind the figure are published.",
            MARK,
        )
    ]


def text_cell(text: Words) -> Markup:
    """A cell of words."""
    return words('<td class="text">{}</td>', text)


def name_cell(text: Words) -> Markup:
    """The first cell of a line."""
    return words('<th scope="row">{}</th>', text)


def figures(
    label: str,
    first: tuple[str, str],
    items: Iterable[Row],
    columns: Sequence[Column],
    *,
    total: tuple[str, Row] | None = None,
    link_to: str = "",
    here: str = "",
    marks: Callable[[Row], Markup] = mark,
) -> Table:
    """A table of rows: `first` is the heading and column of their names, then `columns`, and a `total` by its name.

    `link_to` is a column of anchors that the names lead to; `here` is the area whose line stands out.
    """
    names_rows = any(column.of is None for column in columns)

    def line(row: Row, name: Words, in_total: bool = False) -> Line:
        cells = [column.cell(row) if column.in_total or not in_total else Markup("<td></td>") for column in columns]
        attributes = f" {row.source}" if names_rows else ""
        if here and row["area_id"] == here:
            attributes += ' class="here"'
        return Line([name_cell(name), *cells], attributes)

    def name_of(row: Row) -> Markup:
        name = words("{}", row[first[1]])
        linked = words('<a href="#{}">{}</a>', row[link_to], name) if link_to else name
        return linked + marks(row)

    return Table(
        label,
        [(first[0], False), *((column.heading, column.is_text) for column in columns)],
        [line(row, name_of(row)) for row in items],
        None if total is None else line(total[1], total[0], in_total=True),
    )
