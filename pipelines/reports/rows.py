"""A published row as a page shows it: every figure names the table, key and column that it is from.

Pages carry these in `data-` attributes, so that a person or a test can follow any figure back to the database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

import polars as pl
from markupsafe import Markup

from pipelines.contracts.model import contracts
from pipelines.policies.words import FLAG_WORDS
from pipelines.reports.format import REASONS, cell, form_of, is_weak, percent, yes_no
from pipelines.tables import TableName

#: Tables of which a page shows one row for several, with the columns that all of these share.
_SHARED_KEYS = {
    "marts.area_soc_allocation": ("area_id", "soc_code", "cluster_id"),
    "marts.overlay_allocation": ("overlay_id", "area_id", "soc_code", "cluster_id"),
}
VERDICTS = (*FLAG_WORDS, "listed", "eligible", "entry_reached")


@cache
def key_columns(table: str) -> tuple[str, ...]:
    """The columns that find one row of a table."""
    return _SHARED_KEYS.get(table) or contracts()[TableName.parse(table)].primary_key


@dataclass(frozen=True)
class Row:
    """A row of a published table; `values` may hold names and other columns beside the table's own."""

    table: str
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    @cached_property
    def key(self) -> str:
        """The key as a query string: `area_id=OH&level=cluster&...`."""
        return urlencode({column: self.values[column] for column in key_columns(self.table)})

    def said(self, column: str, form: str | None = None) -> str:
        """A figure or flag as it is written everywhere.

        `form` is `percent`, or a column of the same unit, where the column's own name has no unit.
        """
        value = self.values[column]
        if form == "percent":
            return percent(value)
        if form is not None and not isinstance(value, str):
            return form_of(form).text(value)
        if column in VERDICTS:
            return yes_no(value)
        return str(value) if isinstance(value, str) else cell(self.values, column)

    def is_there(self, column: str) -> bool:
        """Whether there is a figure, not only the word for why it is missing."""
        return self.values[column] is not None

    @property
    def is_weak(self) -> bool:
        """Whether the row's figures are to be read with care."""
        return is_weak(self.values)

    @property
    def grade(self) -> str:
        """The grade with what keeps it from A: `B (sharing)`."""
        grade, reason = self.values["reliability"], self.values.get("reliability_reason")
        return "-" if grade is None else f"{grade} ({REASONS[reason]})" if reason else str(grade)

    @property
    def source(self) -> Markup:
        """Attributes that name the row."""
        return Markup('data-table="{}" data-key="{}"').format(self.table, self.key)

    def name(self) -> str:
        """The name of the cluster or sub-cluster that the row is of."""
        return str(self.values.get("sub_cluster_name") or self.values["cluster_name"])

    def figure(self, column: str, form: str | None = None) -> Markup:
        """A figure inside a sentence."""
        unit = Markup(' data-unit="{}"').format(form) if form else Markup()
        return Markup('<span class="figure" {} data-column="{}"{}>{}</span>').format(
            self.source, column, unit, self.said(column, form)
        )

    def published(self, column: str) -> str:
        """The column of a wage that is published: the hourly one where there is no annual one."""
        wage = column.removesuffix("_usd")
        return f"{wage}_hourly_usd" if self.values.get(f"{wage}_status") == "hourly_only" else column

    def cell(self, column: str, *, own: bool = False, marks: Markup | None = None) -> Markup:
        """A figure as a cell of a table, with marks behind it.

        The table's row names the source, unless the cell is of a row of its `own`. `interval` is the 90 % interval of
        the jobs.
        """
        if column == "interval":
            return self._interval()
        if column == "reliability":
            return Markup('<td data-column="reliability">{}</td>').format(self.grade)
        source = Markup(" {}").format(self.source) if own else Markup()
        column = self.published(column)
        missing = self.values[column] is None
        word = missing or isinstance(self.values[column], str)
        kind = Markup(' class="{}"').format("missing" if missing else "word") if word else Markup()
        if marks:
            span = Markup('<span data-column="{}"{}>{}</span>').format(column, source, self.said(column))
            return Markup("<td{}>{}{}</td>").format(kind, span, marks)
        return Markup('<td{} data-column="{}"{}>{}</td>').format(kind, column, source, self.said(column))

    def _interval(self) -> Markup:
        if self.values["employment_low"] is None or self.values["employment_high"] is None:
            return self.cell("employment_low")
        # one entry where both ends are written alike
        ends = {self.said(column): column for column in ("employment_high", "employment_low")}
        span = Markup('<span data-column="{}">{}</span>')
        told = Markup(" to ").join(span.format(column, said) for said, column in reversed(ends.items()))
        return Markup('<td class="interval">{}</td>').format(told)


def rows(table: str, frame: pl.DataFrame) -> list[Row]:
    """The rows of a frame, as rows of a published table."""
    return [Row(table, values) for values in frame.to_dicts()]


def by(items: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    """Rows grouped by the value of a column, in their order."""
    grouped: dict[Any, list[Row]] = {}
    for item in items:
        grouped.setdefault(item[column], []).append(item)
    return grouped
