"""Assembles the DuckDB file of a release from Parquet, with a comment on every table and column."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines.contracts.enforce import comment_statements
from pipelines.contracts.model import Table
from pipelines.errors import GateError
from pipelines.tables import parquet_path, quote
from pipelines.warehouse.views import create_views

#: The oldest DuckDB that can read a release. The packages for the command line, R and ODBC are older than Python's, and
#: a file for this version is no larger.
READABLE_FROM = "v1.4.0"


def assemble(
    database: Path,
    tables: Iterable[Table],
    staging: Path,
    memory_limit: str,
    views: Iterable[Table] = (),
) -> dict[str, int]:
    """Write a new DuckDB file and return each table's rows. Raises GateError when a table lost rows."""
    if "?" not in str(database):
        return _assemble(database, tables, staging, memory_limit, views)
    # DuckDB writes its log beside the file, and takes what follows "?" for something else than its path
    with TemporaryDirectory(prefix="lmi-") as folder:
        rows = _assemble(Path(folder) / database.name, tables, staging, memory_limit, views)
        shutil.move(Path(folder) / database.name, database)
    return rows


def _assemble(
    database: Path, tables: Iterable[Table], staging: Path, memory_limit: str, views: Iterable[Table]
) -> dict[str, int]:
    rows: dict[str, int] = {}
    with duckdb.connect(str(database), config={"storage_compatibility_version": READABLE_FROM}) as connection:
        connection.execute(f"set memory_limit = {quote(memory_limit)}")
        for table in tables:
            source = quote(parquet_path(staging, table.table))
            connection.execute(f"create schema if not exists {table.schema_name}")
            connection.execute(f"create table {table.table} as select * from read_parquet({source})")
            for column in table.columns:
                if not column.nullable:
                    connection.execute(f"alter table {table.table} alter column {column.name} set not null")
            for statement in comment_statements(table):
                connection.execute(statement)
            rows[str(table.table)] = _count(connection, str(table.table))
            if rows[str(table.table)] != _count(connection, f"read_parquet({source})"):
                raise GateError(f"{table.table}: rows were lost on the way into the database")
        create_views(connection, views)
        connection.execute("checkpoint")
    return rows


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.sql(f"select count(*) from {relation}").fetchall()[0][0])
