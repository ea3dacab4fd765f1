"""Makes one table at a time in the staging folder: from reference CSV or from SQL over what is staged."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from pipelines.contracts.enforce import read_csv, select_with_types, write_frame
from pipelines.contracts.model import Table, contracts
from pipelines.errors import ContractError
from pipelines.paths import REFERENCE
from pipelines.warehouse.engine import connect, join_files, parquet_path, quote, write_select
from pipelines.warehouse.sql_tables import SqlTable, TableName


@dataclass(frozen=True)
class Staged:
    """A staged table: its rows and the size of its file."""

    rows: int
    bytes: int


def stamp_path(staging: Path, table: TableName) -> Path:
    """Where it says which inputs a staged table was made from."""
    return parquet_path(staging, table).with_suffix(".inputs")


def stamp(staging: Path, table: TableName, input_sha256: str) -> Staged:
    """Note the inputs that a staged table was made from, and measure it."""
    stamp_path(staging, table).write_text(input_sha256, encoding="utf-8")
    path = parquet_path(staging, table)
    return Staged(rows=pq.read_metadata(path).num_rows, bytes=path.stat().st_size)


def read_stamp(staging: Path, table: TableName) -> str | None:
    """The inputs that a staged table was made from, or None when it is not staged."""
    path = stamp_path(staging, table)
    return path.read_text(encoding="utf-8") if path.is_file() and parquet_path(staging, table).is_file() else None


def stage_frame(table: Table, frame: pl.DataFrame, staging: Path, input_sha256: str) -> Staged:
    """Stage a frame, held to its contract."""
    write_frame(table, frame, staging)
    return stamp(staging, table.table, input_sha256)


def stage_csv(table: Table, staging: Path, input_sha256: str) -> Staged:
    """Stage a table that is a CSV in `reference/`."""
    return stage_frame(table, read_csv(table, REFERENCE), staging, input_sha256)


#: Rows of the largest table read that a part is made from: about a quarter of the memory limit.
_PART_ROWS = 400_000


def _conditions(staging: Path, sources: list[TableName], columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Conditions that split the tables into parts of about `_PART_ROWS` rows, in the order of the columns.

    Each is given by column. All columns but the last have one value in a part, the last a range.
    """
    *equal, last = columns
    counted = pl.concat(pl.scan_parquet(parquet_path(staging, source)).group_by(columns).len() for source in sources)
    sizes = counted.group_by(columns).agg(pl.col("len").sum()).sort(columns)
    run = pl.col("len").cum_sum()
    if equal:
        run = run.over(equal)
    parts = (
        sizes.with_columns(part=run // _PART_ROWS)
        .group_by(*equal, "part")
        .agg(pl.col(last).min().alias("first"), pl.col(last).max().alias("last"))
        .sort(*equal, "part")
        .collect()
    )
    return [
        {name: f"{name} = {quote(str(row[name]))}" for name in equal}
        | {last: f"{last} between {quote(str(row['first']))} and {quote(str(row['last']))}"}
        for row in parts.iter_rows(named=True)
    ]


def stage_sql(sql_table: SqlTable, staging: Path, input_sha256: str, memory_limit: str) -> Staged:
    """Stage the rows of a SELECT over its staged upstream tables. Raises ContractError when it breaks its contract."""
    table = contracts().get(sql_table.table)
    if table is None:
        raise ContractError(f"{sql_table.table}: {sql_table.path.name} has no contract")
    target = parquet_path(staging, sql_table.table)
    upstream = sorted(sql_table.upstream)
    columns = {name: pq.read_schema(parquet_path(staging, name)).names for name in upstream} if table.parts else {}
    whole = [name for name in upstream if table.parts and set(table.parts) <= set(columns[name])]
    conditions = (_conditions(staging, whole, table.parts) if whole else []) or [{}]
    files = [target.with_suffix(f".part{number}") for number in range(len(conditions))]
    for condition, file in zip(conditions, files, strict=True):

        def only(name: TableName, condition: dict[str, str] = condition) -> str:
            return " and ".join(text for column, text in condition.items() if column in columns[name]) or "true"

        with connect(staging, upstream, memory_limit, only) as connection:
            described = connection.sql(sql_table.sql)
            computed = {name: str(kind) for name, kind in zip(described.columns, described.types, strict=True)}
            write_select(connection, select_with_types(table, sql_table.sql, computed), file)
    if len(files) == 1:
        files[0].replace(target)
    else:
        join_files(files, target)
    return stamp(staging, sql_table.table, input_sha256)
