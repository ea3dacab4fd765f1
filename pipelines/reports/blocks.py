"""What a section is made of: words (Jinja), pictures and tables, which pages and notebooks show in their own way."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl
from markupsafe import Markup

from pipelines.reports.charts.style import Chart
from pipelines.reports.charts.svg import png, svg
from pipelines.reports.rows import Row

if TYPE_CHECKING:
    from pipelines.reports.profile import Profile

Facts: TypeAlias = dict[str, Any]

#: How columns are called in tables; a soft hyphen lets a heading break.
HEADINGS = {
    "area_name": "Area",
    "cluster_name": "Cluster",
    "occupation_name": "Occupation",
    "sub_cluster_name": "Sub-cluster",
    "annual_openings": "Openings a year",
    "awards": "Awards a year",
    "awards_at_level": "Of these, at the level",
    "awards_to_other_levels": "Awards to other levels",
    "awards_women_pct": "Women among awards",
    "benchmark_usd": "High school diploma",
    "change_jobs": "Change",
    "coverage_pct": "Coverage",
    "distance_institution_pct": "From distance institutions",
    "earnings_usd": "Earnings after four years",
    "eligible": "On the list",
    "entry_reached": "Award is enough",
    "evidence_pct": "On evidence",
    "modelled_pct": "Estimated",
    "total_error_pct": "Total error",
    "base_year": "Index begins in",
    "employment": "Jobs",
    "employment_cagr_pct": "Growth a year",
    "employment_published": "Published jobs",
    "employment_rse_pct": "Relative standard error",
    "employment_share_pct": "Share of all jobs",
    "establishments": "Establish\u00adments",
    "gap": "Gap",
    "gap_high": "at most",
    "gap_low": "at least",
    "growth_pct": "Growth",
    "institutions": "Institu\u00adtions",
    "interval": "90% interval",
    "location_quotient": "Location quotient",
    "middle_skill_pct": "Middle-skill share",
    "national_growth_pct": "Growth in the nation",
    "national_openings_rate_pct": "Openings in the nation, share of jobs",
    "nontraditional_for_men_pct": "Nontraditional for men",
    "nontraditional_for_women_pct": "Nontraditional for women",
    "nontraditional_unknown_pct": "Not known",
    "openings_rate_pct": "Openings, share of jobs",
    "openings_shared": "Their share of openings",
    "reliability": "Relia\u00adbility",
    "supply_ratio_pct": "Awards, share of openings",
    "wage_coverage_pct": "Jobs with wages",
    "wage_mean_usd": "Mean wage",
    "wage_p10_usd": "P10",
    "wage_p25_usd": "P25",
    "wage_p50_usd": "Median wage",
    "wage_p75_usd": "P75",
    "wage_p90_usd": "P90",
    "wage_premium_pct": "Against all jobs",
    "women_pct": "Women among jobs",
}
#: Columns that mean nothing for all jobs together.
NOT_IN_TOTALS = ("interval", "wage_premium_pct")


@dataclass(frozen=True)
class Picture:
    """A chart for a wide and a narrow screen; what it shows is in a table too, unless `table` says otherwise.

    `data` are the published rows that it draws. A picture that is `shared` is the same on every page of a release.
    """

    name: str
    title: str
    caption: str
    draw: Callable[[bool], Chart]
    table: str = "The table after the picture has every figure."
    shared: bool = False
    data: pl.DataFrame = field(default_factory=pl.DataFrame)

    def svg(self, identity: str, kind: str = "wide") -> str:
        """The picture as an SVG element; `identity` is unique on the page, `kind` is `wide` or `narrow`."""
        return svg(self.draw(kind == "narrow"), self.title, f"{self.caption} {self.table}", identity, kind)

    def png(self, source: str) -> bytes:
        """The picture for a wide screen as PNG on white ground, under its title and what it is `source`d from."""
        return png(self.draw(False), self.title, source)


@dataclass(frozen=True)
class Column:
    """A column of a table of figures: a published column of the table's row, or of another row that `of` finds.

    `of` may return a word to show instead of a figure, or None for an empty cell. A column that `is_text` shows names,
    and one that `is_optional` is left out of a table where `of` finds no other row for any of its rows. `marks` are
    what stands behind a figure of another row.
    """

    column: str
    heading: str
    of: Callable[[Row], Row | str | None] | None = None
    is_text: bool = False
    is_optional: bool = False
    marks: Callable[[Row], Markup] = lambda row: Markup()

    def cell(self, row: Row) -> Markup:
        """The cell for a row."""
        if self.of is None:
            return row.cell(self.column)
        other = self.of(row)
        if other is None:
            return Markup("<td></td>")
        if isinstance(other, str):
            return Markup('<td class="{}">{}</td>').format("text missing" if self.is_text else "missing", other)
        if self.is_text:
            return Markup('<td class="text">{}{}</td>').format(other[self.column], mark(other))
        return other.cell(self.column, own=True, marks=self.marks(other))


def of_other(
    column: str,
    heading: str,
    others: Iterable[Row],
    *by: str,
    missing: str | None = "none",
    is_text: bool = False,
    is_optional: bool = False,
    marks: Callable[[Row], Markup] = lambda row: Markup(),
) -> Column:
    """A column of the row of `others` that has the same values in the columns `by`; `missing` where there is none."""
    key = itemgetter(*by)
    found = {key(row): row for row in others}
    return Column(column, heading, lambda row: found.get(key(row), missing), is_text, is_optional, marks)


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
class Section:
    """A section of a report, declared as SECTION in a module of `sections`.

    `words`, `headlines` (list items for the summary), `terms` (`dt` and `dd` for the explanations) and `doubts` (list
    items of where the figures are weak) are Jinja; they know `profile`, `area`, `place`, `total` and what `facts`
    returns. `words` also know what `parts` returns, and `show`, which shows a picture or table. A section is left out
    without one of the tables that it `needs`, and where it `has` nothing of an area. `tables` are those that it shows
    first; exports put them in this order. One that is `only_on_screen` is not printed, nor is the
    appendix.
    """

    anchor: str
    heading: str
    order: int
    words: str
    facts: "Callable[[Profile], Facts]" = lambda profile: {}
    parts: "Callable[[Profile, Facts], Facts]" = lambda profile, facts: {}
    headlines: str = ""
    terms: str = ""
    needs: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    doubts: str = ""
    has: "Callable[[Profile, Facts], bool] | None" = None
    in_appendix: "Callable[[Profile, Facts], bool] | None" = None
    only_on_screen: bool = False

    def known(self, profile: "Profile") -> Facts:
        """What `facts` returns, which is asked once."""
        if self.anchor not in profile.facts:
            profile.facts[self.anchor] = self.facts(profile)
        return profile.facts[self.anchor]

    def is_shown(self, profile: "Profile") -> bool:
        """Whether there is anything of the area to show."""
        has_tables = profile.release.tables.issuperset(self.needs)
        return has_tables and (self.has is None or self.has(profile, self.known(profile)))

    def is_appendix(self, profile: "Profile") -> bool:
        """Whether it stands after everything else, and in no headline."""
        return self.in_appendix is not None and self.in_appendix(profile, self.known(profile))

    def is_printed(self, profile: "Profile") -> bool:
        """Whether it stands on paper, too."""
        return not self.only_on_screen and not self.is_appendix(profile)


def mark(row: Row) -> Markup:
    """A dagger where the row is to be read with care."""
    return Markup(' <span class="mark" title="weak, see below the table">†</span>') if row.is_weak else Markup()


def contradiction(row: Row) -> Markup:
    """A double dagger where the row is contradicted by other figures of the page."""
    title = "contradicted, see below the table"
    return Markup(' <span class="mark" title="{}">‡</span>').format(title) if row["is_contradicted"] else Markup()


def name_cell(text: str | Markup) -> Markup:
    """The first cell of a line."""
    return Markup('<th scope="row">{}</th>').format(text)


def figures(
    label: str,
    name: str | Column,
    items: Sequence[Row],
    columns: Sequence[str | Column],
    *,
    total: tuple[str, Row] | None = None,
    link_to: str = "",
    here: str = "",
    marks: Callable[[Row], Markup] = mark,
) -> Table:
    """A table of rows: the column of their names, then `columns`, and a `total` with its name.

    `link_to` is a column of addresses that the names lead to; `here` is the area whose line stands out.
    """
    first, *others = [Column(each, HEADINGS[each]) if isinstance(each, str) else each for each in (name, *columns)]
    others = [
        column
        for column in others
        if column.of is None or not column.is_optional or any(isinstance(column.of(row), Row) for row in items)
    ]
    has_own = any(column.of is None for column in others)

    def line(row: Row, said: str | Markup, left_out: Sequence[str] = ()) -> Line:
        cells = [Markup("<td></td>") if column.column in left_out else column.cell(row) for column in others]
        attributes = f" {row.source}" if has_own else ""
        if here and row["area_id"] == here:
            attributes += ' class="here"'
        return Line([name_cell(said), *cells], attributes)

    def called(row: Row) -> Markup:
        text = Markup("{}").format(row[first.column])
        linked = Markup('<a href="{}">{}</a>').format(row[link_to], text) if link_to else text
        return linked + marks(row)

    headings = [(first.heading, False), *((column.heading, column.is_text) for column in others)]
    lines = [line(row, called(row)) for row in items]
    return Table(label, headings, lines, None if total is None else line(total[1], total[0], NOT_IN_TOTALS))
