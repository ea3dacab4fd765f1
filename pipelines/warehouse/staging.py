"""Makes one table at a time in the staging folder: from reference CSV or from SQL over what is staged."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from pipelines.contracts.enforce import read_csv, select_with_types, write_frame
from pipelines.contracts.model import Table, contracts
from pipelines.errors import ContractError
from pipelines.paths import REFERENCE
from pipelines.warehouse.engine import connect, parquet_path, write_select
from pipelines.warehouse.sql_tables import SqlTable


@dataclass(frozen=True)
class Staged:
    """A staged table: its rows and the size of its file."""

    rows: int
    bytes: int


def measure(path: Path) -> Staged:
    """Rows and bytes of a Parquet file."""
    return Staged(rows=pq.read_metadata(path).num_rows, bytes=path.stat().st_size)


def stage_csv(table: Table, staging: Path) -> Staged:
    """Stage a table that is a CSV in `reference/`."""
    return measure(write_frame(table, read_csv(table, REFERENCE), staging))


def stage_sql(sql_table: SqlTable, staging: Path, memory_limit: str) -> Staged:
    """Stage the rows of a SELECT over its staged upstream tables. Raises ContractError when a table has no contract."""
    table = contracts().get(sql_table.table)
    if table is None:
        raise ContractError(f"{sql_table.table}: {sql_table.path.name} has no contract")
    target = parquet_path(staging, sql_table.table)
    with connect(staging, sorted(sql_table.upstream), memory_limit) as connection:
        described = connection.sql(sql_table.sql)
        computed = {name: str(kind) for name, kind in zip(described.columns, described.types, strict=True)}
        write_select(connection, select_with_types(table, sql_table.sql, computed), target)
    return measure(target)


def clear(staging: Path) -> None:
    """Remove what an earlier run staged, so that nothing of it can be taken for this run's."""
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
