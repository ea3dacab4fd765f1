"""Makes one table at a time in the staging folder: from reference CSV or from SQL over what is staged."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts.enforce import STAGED, read_csv, select_with_types, write_frame
from pipelines.contracts.model import Table, contracts
from pipelines.errors import ContractError
from pipelines.files import atomic, content_sha256, files_of
from pipelines.paths import REFERENCE
from pipelines.tables import TableName, parquet_path, row_count
from pipelines.warehouse.engine import connect, write_select
from pipelines.warehouse.parts import Part, parts
from pipelines.warehouse.slices import keep_files, part_file, year_files
from pipelines.warehouse.spark import select, write
from pipelines.warehouse.sql_tables import SqlTable


@dataclass(frozen=True)
class Staged:
    """A staged table: its rows, and the size and checksum of its file, or of the files of its folder."""

    rows: int
    bytes: int
    sha256: str = field(default="", compare=False)


def stamp_path(staging: Path, table: TableName) -> Path:
    """The file that records the inputs and the checksum of a staged table."""
    return parquet_path(staging, table).with_suffix(".inputs")


def stamp(staging: Path, table: TableName, input_sha256: str, sha256: str | None = None) -> Staged:
    """Record what a staged table was made from and its file's checksum, `sha256` where it is known, and measure it."""
    path = parquet_path(staging, table)
    size = sum(file.stat().st_size for file in files_of(path))
    staged = Staged(row_count(path), size, sha256 or content_sha256(path))
    stamp_path(staging, table).write_text(f"{input_sha256}\n{staged.sha256}\n", encoding="utf-8")
    return staged


def _stamp_lines(staging: Path, table: TableName) -> list[str]:
    path = stamp_path(staging, table)
    there = path.is_file() and parquet_path(staging, table).exists()
    return path.read_text(encoding="utf-8").split() if there else []


def read_stamp(staging: Path, table: TableName) -> str | None:
    """The recorded inputs of a staged table, or None when it is not staged."""
    return next(iter(_stamp_lines(staging, table)), None)


def stamped_sha256(staging: Path, table: TableName) -> str | None:
    """The checksum of a staged table when it was made, or None when it is not recorded."""
    return next(iter(_stamp_lines(staging, table)[1:]), None)


def stage_frame(table: Table, frame: pl.DataFrame, staging: Path, input_sha256: str) -> Staged:
    """Check a frame against its contract and stage it."""
    write_frame(table, frame, staging, STAGED)
    return stamp(staging, table.table, input_sha256)


def stage_csv(table: Table, staging: Path, input_sha256: str) -> Staged:
    """Stage a table whose rows are a CSV in `reference/`."""
    return stage_frame(table, read_csv(table, REFERENCE), staging, input_sha256)


def contract_of(sql_table: SqlTable) -> Table:
    """The contract of a table that SQL makes. Raises ContractError when it has none."""
    table = contracts().get(sql_table.table)
    if table is None:
        raise ContractError(f"{sql_table.table}: {sql_table.path.name} has no contract")
    return table


def stage_sql(
    sql_table: SqlTable,
    staging: Path,
    input_sha256: str,
    memory_limit: str,
    same: Collection[int] = (),
    *,
    spark: str | None = None,
) -> Staged:
    """Stage the rows of a SELECT over its staged upstream tables. Raises ContractError when it breaks its contract.

    Of a table that is made in parts by year, the files of years that are the `same` as in the folder there are kept.
    `spark` is the master of the Spark that runs it, always whole; without one DuckDB does.
    """
    if spark is None or not _select_in_spark(sql_table, staging, memory_limit, spark):
        _select_in_duckdb(sql_table, staging, memory_limit, same)
    return stamp(staging, sql_table.table, input_sha256)


def _select_in_spark(sql_table: SqlTable, staging: Path, memory_limit: str, master: str) -> bool:
    """DuckDB reads the SELECT, so that columns and types are held to the contract alike, and Spark runs it.

    False where Spark lacks what the SELECT needs.
    """
    from pipelines.warehouse.spark_sql import spark_lacks, to_spark  # noqa: PLC0415

    if spark_lacks(sql_table.sql):
        return False
    upstream = sorted(sql_table.upstream)
    with connect(staging, upstream, memory_limit) as connection:
        sql = to_spark(_typed(sql_table, connection), lambda query: connection.sql(query).columns)
    write(select(master, staging, upstream, sql), parquet_path(staging, sql_table.table))
    return True


def _typed(sql_table: SqlTable, connection: duckdb.DuckDBPyConnection) -> str:
    """The SELECT with every column in its declared type."""
    described = connection.sql(sql_table.sql)
    computed = {name: str(kind) for name, kind in zip(described.columns, described.types, strict=True)}
    return select_with_types(contract_of(sql_table), sql_table.sql, computed)


def _select_in_duckdb(sql_table: SqlTable, staging: Path, memory_limit: str, same: Collection[int]) -> None:
    """In one file; of a table that is made in parts, in a folder with a file for each."""
    table = contract_of(sql_table)
    target = parquet_path(staging, sql_table.table)
    upstream = sorted(sql_table.upstream)

    def year_of(part: Part) -> str | None:
        return part.value if part.years else None

    def make(part: Part, file: Path) -> None:
        with connect(staging, upstream, memory_limit, part.only, part.years) as connection:
            write_select(connection, part.own(_typed(sql_table, connection)), file)

    first, *others = parts(staging, upstream, table.parts, table.years_before)
    if not others:
        make(first, target)
        return
    kept = year_files(target, same)
    with atomic(target) as folder:
        folder.mkdir()
        for year, some in groupby((first, *others), year_of):
            if year in kept:
                keep_files(kept[year], folder)
                continue
            for number, part in enumerate(some):
                make(part, folder / part_file(year, number))
