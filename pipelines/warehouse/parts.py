"""Splits large tables into parts that a query runs over one after another; no row needs rows that its part lacks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pyarrow.parquet as pq

from pipelines.files import files_of
from pipelines.tables import TableName, parquet_path, quote, row_count
from pipelines.warehouse.slices import YEAR

#: Input rows in a part: they take about a quarter of the memory limit.
PART_ROWS = 400_000

#: Gives the SQL condition that limits a table's rows to a part.
Only = Callable[[TableName], str]


class Part(NamedTuple):
    """A part: the one value of its first column as text, None where it may have several, and a table's condition.

    `years` are its year and those before it that it reads, if its first column is the year.
    """

    value: str | None
    only: Only
    years: tuple[str, ...] = ()

    def own(self, sql: str) -> str:
        """A query of what the part reads without rows of the years before."""
        return f"select * from (\n{sql}\n) where {YEAR} = {self.value}" if len(self.years) > 1 else sql


#: All rows at once.
_ALL = Part(None, lambda _: "true")


def split(folder: Path, tables: Iterable[TableName], columns: tuple[str, ...]) -> list[Only]:
    """The conditions on tables of each part, as `parts` gives them."""
    return [part.only for part in parts(folder, tables, columns)]


def parts(
    folder: Path, tables: Iterable[TableName], columns: tuple[str, ...], years_before: Sequence[int] = ()
) -> list[Part]:
    """The parts of tables in `folder`, in the order of the columns.

    In a part, every column but the last has one value and the last has a range. A table that lacks some of the columns
    is split by those it has. Parts hold about `PART_ROWS` rows of the tables that have all columns. There is one part
    only where these tables are small, or where a value is missing, because it would belong to no part.
    A part of a year also has the rows of so many `years_before`.
    """
    names = {table: pq.read_schema(files_of(parquet_path(folder, table))[0]).names for table in tables if columns}
    whole = _with_all(names, columns)
    if sum(row_count(parquet_path(folder, table)) for table in whole) <= PART_ROWS:
        return [_ALL]
    counted = [_counted(parquet_path(folder, table), columns) for table in whole]
    return _parts(names, pl.concat(counted), columns, years_before)


def _counted(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """The rows (`len`) of a staged table by values; many steps and checks ask for the same."""
    stats = [file.stat() for file in files_of(path)]
    return _counted_once(path, tuple((one.st_ino, one.st_size, one.st_mtime_ns) for one in stats), columns)


@lru_cache(maxsize=64)
def _counted_once(path: Path, _: tuple[tuple[int, int, int], ...], columns: tuple[str, ...]) -> pl.DataFrame:
    """The same, as long as these are the numbers, sizes and times of the files."""
    return pl.scan_parquet(path, glob=False).group_by(columns).len().collect(engine="streaming")


def database_parts(
    connection: duckdb.DuckDBPyConnection,
    catalog: str,
    tables: Iterable[TableName],
    columns: tuple[str, ...],
    years_before: Sequence[int] = (),
) -> list[Part]:
    """The parts of tables of an attached database, as `parts` gives those of staged ones."""
    named = {table: f"{catalog}.{table}" for table in tables if columns}
    names = {table: connection.sql(f"select * from {name}").columns for table, name in named.items()}
    keys = ", ".join(columns)
    counted = [
        connection.sql(f"select {keys}, count(*) as len from {named[table]} group by {keys}").pl()
        for table in _with_all(names, columns)
    ]
    if sum(sizes["len"].sum() for sizes in counted) <= PART_ROWS:
        return [_ALL]
    return _parts(names, pl.concat(counted), columns, years_before)


def _with_all(names: Mapping[TableName, list[str]], columns: tuple[str, ...]) -> list[TableName]:
    """The tables that have all columns."""
    return [table for table, has in names.items() if set(columns) <= set(has)]


def _parts(
    names: Mapping[TableName, list[str]], sizes: pl.DataFrame, columns: tuple[str, ...], years_before: Sequence[int]
) -> list[Part]:
    found = []
    for value, condition in conditions(sizes, columns, PART_ROWS // (1 + len(years_before))):
        years: tuple[str, ...] = ()
        if columns[0] == YEAR and value is not None:
            years = tuple(str(int(value) - back) for back in (0, *years_before))
        if len(years) > 1:
            condition |= {YEAR: f"{YEAR} in ({', '.join(map(quote, years))})"}
        found.append(Part(value, partial(_only, names, condition), years))
    return found


def _only(names: Mapping[TableName, list[str]], condition: Mapping[str, str], table: TableName) -> str:
    return " and ".join(text for column, text in condition.items() if column in names[table]) or "true"


def conditions(
    counted: pl.DataFrame, columns: tuple[str, ...], rows: int | None = None
) -> list[tuple[str | None, dict[str, str]]]:
    """The value of the first column and the condition on each for each part of so many `rows`, PART_ROWS if not told.

    `counted` has the rows (`len`) by values.

    Where a value is missing there is one part without a condition.
    """
    *equal, last = columns
    sizes = counted.group_by(columns).agg(pl.col("len").sum()).sort(columns)
    if sum(sizes.select(columns).null_count().row(0)):
        return [(None, {})]
    run = pl.col("len").cum_sum()
    if equal:
        run = run.over(equal)
    parts = (
        sizes.with_columns(part=run // (rows or PART_ROWS))
        .group_by(*equal, "part")
        .agg(pl.col(last).min().alias("first"), pl.col(last).max().alias("last"))
        .sort(*equal, "part")
    )
    found = []
    for row in parts.iter_rows(named=True):
        first = row[equal[0]] if equal else row["first"]
        is_one = bool(equal) or first == row["last"]
        condition = {name: _within(name, row[name], row[name]) for name in equal}
        found.append((str(first) if is_one else None, condition | {last: _within(last, row["first"], row["last"])}))
    return found


def _within(column: str, first: object, last: object) -> str:
    """The condition on a range of values."""
    if first == last:
        return f"{column} = {quote(str(first))}"
    return f"{column} between {quote(str(first))} and {quote(str(last))}"
