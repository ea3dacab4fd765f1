"""A published row as a page shows it: every figure knows the table, key and column that it comes from.

Pages carry these in `data-` attributes, so that any figure can be followed back to the database, by a person or a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

import polars as pl
from markupsafe import Markup

from pipelines.contracts.model import contracts
from pipelines.reports.format import cell, is_weak, percent, written, yes_no
from pipelines.tables import TableName

#: Rows that pages make of several of a table, with the columns that all of them share.
_SHARED_KEYS = {
    "marts.area_soc_allocation": ("area_id", "soc_code", "cluster_id"),
    "marts.overlay_allocation": ("overlay_id", "area_id", "soc_code", "cluster_id"),
}
_FLAGS = ("high_skill", "high_wage", "in_demand", "listed")


@cache
def key_columns(table: str) -> tuple[str, ...]:
    """The columns that find one row of a table."""
    schema, name = table.split(".")
    return _SHARED_KEYS.get(table) or contracts()[TableName(schema, name)].primary_key


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
        """A figure or flag as it is written everywhere; `form` is `percent`, or the
        name of a column of the same unit, where the column's own name has no unit."""
        value = self.values[column]
        if form == "percent":
            return percent(value)
        if form is not None and not isinstance(value, str):
            return written(form, value)
        if column in _FLAGS:
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
    def _source(self) -> Markup:
        return Markup('data-table="{}" data-key="{}"').format(self.table, self.key)

    def name(self) -> str:
        """The name of the cluster or sub-cluster that the row is of."""
        return str(self.values.get("sub_cluster_name") or self.values["cluster_name"])

    def figure(self, column: str, form: str | None = None) -> Markup:
        """A figure inside a sentence."""
        unit = Markup(' data-unit="{}"').format(form) if form else Markup()
        return Markup('<span class="figure" {} data-column="{}"{}>{}</span>').format(
            self._source, column, unit, self.said(column, form)
        )

    def grade(self) -> Markup:
        """The reliability as a cell; a dash where there is nothing to grade."""
        grade = self.values["reliability"]
        return Markup('<td data-column="reliability">{}</td>').format("-" if grade is None else grade)

    def cell(self, column: str, *, own: bool = False) -> Markup:
        """A figure as a cell of a table, whose row carries the source unless the cell is of a row of its `own`."""
        source = Markup(" {}").format(self._source) if own else Markup()
        missing = self.values[column] is None
        word = missing or isinstance(self.values[column], str)
        kind = Markup(' class="{}"').format("missing" if missing else "word") if word else Markup()
        return Markup('<td{} data-column="{}"{}>{}</td>').format(kind, column, source, self.said(column))

    def interval(self) -> Markup:
        """The 90 % interval of the jobs as a cell; the word where there is none."""
        if self.values["employment_low"] is None or self.values["employment_high"] is None:
            return self.cell("employment_low")
        ends = [
            Markup('<span data-column="{}">{}</span>').format(column, self.said(column))
            for column in ("employment_low", "employment_high")
        ]
        if self.said("employment_low") == self.said("employment_high"):
            return Markup('<td class="interval">{}</td>').format(ends[0])
        return Markup('<td class="interval">{} to {}</td>').format(*ends)

    @property
    def opening(self) -> Markup:
        """Attributes for the table row that shows this row."""
        return self._source


def rows(table: str, frame: pl.DataFrame) -> list[Row]:
    """The rows of a frame, as rows of a published table."""
    return [Row(table, values) for values in frame.to_dicts()]
