"""Splits tables into parts that a query is run over one after another, where rows of different parts do not meet."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from pipelines.tables import TableName, parquet_path, quote

#: Rows of the tables read that a part has: about a quarter of the memory limit.
PART_ROWS = 400_000

#: The condition that a table's rows are seen by.
Only = Callable[[TableName], str]


def split(folder: Path, tables: Iterable[TableName], columns: tuple[str, ...]) -> list[Only]:
    """Conditions on tables in `folder`, one for each part, in the order of the columns.

    Of a part's rows, all columns but the last have one value, and the last a range. A table that lacks some of the
    columns is split by those it has, and the parts are of about `PART_ROWS` rows of the tables that have all. All
    is one part where these are small, or where a value is missing, for it belongs to none.
    """
    names = {table: pq.read_schema(parquet_path(folder, table)).names for table in tables} if columns else {}
    whole = [table for table, has in names.items() if set(columns) <= set(has)]
    if not whole or sum(pq.read_metadata(parquet_path(folder, table)).num_rows for table in whole) <= PART_ROWS:
        return [lambda _: "true"]
    counted = [pl.scan_parquet(parquet_path(folder, table)).group_by(columns).len() for table in whole]
    sizes = pl.concat(counted).collect(engine="streaming")
    return [partial(_only, names, condition) for condition in conditions(sizes, columns)]


def _only(names: Mapping[TableName, list[str]], condition: Mapping[str, str], table: TableName) -> str:
    return " and ".join(text for column, text in condition.items() if column in names[table]) or "true"


def conditions(counted: pl.DataFrame, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The condition on each column, for each part of rows that are counted (`len`) by the columns' values.

    Only one part, without a condition, where a value is missing.
    """
    *equal, last = columns
    sizes = counted.group_by(columns).agg(pl.col("len").sum()).sort(columns)
    if sum(sizes.select(columns).null_count().row(0)):
        return [{}]
    run = pl.col("len").cum_sum()
    if equal:
        run = run.over(equal)
    parts = (
        sizes.with_columns(part=run // PART_ROWS)
        .group_by(*equal, "part")
        .agg(pl.col(last).min().alias("first"), pl.col(last).max().alias("last"))
        .sort(*equal, "part")
    )
    return [
        {name: f"{name} = {quote(str(row[name]))}" for name in equal}
        | {last: f"{last} between {quote(str(row['first']))} and {quote(str(row['last']))}"}
        for row in parts.iter_rows(named=True)
    ]
