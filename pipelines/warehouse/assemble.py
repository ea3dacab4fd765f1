"""Assembles the DuckDB file of a release from Parquet, with a comment on every table and column."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.contracts.enforce import comment_statements
from pipelines.contracts.model import Table
from pipelines.errors import GateError
from pipelines.files import files_of, scratch
from pipelines.tables import parquet_path, parquet_source, quote
from pipelines.warehouse.views import create_views

#: The oldest DuckDB that can read a release. The packages for the command line, R and ODBC are older than Python's, and
#: a file for this version is no larger.
READABLE_FROM = "v1.4.0"


@dataclass(frozen=True)
class Before:
    """A database, and of how many of the first files of the next one each of its tables has the rows, by name."""

    database: Path
    files: Mapping[str, int]


def assemble(
    database: Path,
    tables: Sequence[Table],
    staging: Path,
    memory_limit: str,
    views: Iterable[Table] = (),
    *,
    before: Before | None = None,
) -> dict[str, int]:
    """Write a new DuckDB file and return each table's rows; rows of the same files are taken of the database before.

    Raises GateError when a table lost rows.
    """
    # DuckDB writes its log beside the file, and takes what follows "?" for something else than its path
    with scratch() if "?" in str(database) else nullcontext(database.parent) as folder:
        made = folder / database.name
        if before is not None:
            shutil.copyfile(before.database, made)
        held = {} if before is None else before.files
        rows = _assemble(made, tables, staging, memory_limit, views, held=held)
        if made != database:
            shutil.move(made, database)
    return rows


def _assemble(
    database: Path,
    tables: Sequence[Table],
    staging: Path,
    memory_limit: str,
    views: Iterable[Table],
    *,
    held: Mapping[str, int],
) -> dict[str, int]:
    rows: dict[str, int] = {}
    with duckdb.connect(str(database), config={"storage_compatibility_version": READABLE_FROM}) as connection:
        connection.execute(f"set memory_limit = {quote(memory_limit)}")
        kept = _keep(connection, [table for table in tables if str(table.table) in held])
        said = _said(connection)
        for table in tables:
            path = parquet_path(staging, table.table)
            source = parquet_source(path)
            if str(table.table) in kept:
                if (files := held[str(table.table)]) < len(files_of(path)):
                    connection.execute(f"insert into {table.table} select * from {parquet_source(path, after=files)}")
            else:
                connection.execute(f"create schema if not exists {table.schema_name}")
                connection.execute(f"create table {table.table} as select * from {source}")
                for column in table.columns:
                    if not column.nullable:
                        connection.execute(f"alter table {table.table} alter column {column.name} set not null")
            for statement in comment_statements(table):
                if statement not in said:
                    connection.execute(statement)
            rows[str(table.table)] = _count(connection, str(table.table))
            if rows[str(table.table)] != _count(connection, source):
                raise GateError(f"{table.table}: rows were lost on the way into the database")
        create_views(connection, views)
        connection.execute("checkpoint")
    return rows


def _keep(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> frozenset[str]:
    """Drop views, and all tables but those with the columns, and those without missing values, of their contracts."""
    for (view,) in connection.sql(
        "select schema_name || '.' || view_name from duckdb_views() where not internal"
    ).fetchall():
        connection.execute(f"drop view {view}")
    there: dict[str, list[tuple[str, bool]]] = {}
    for name, column, nullable in connection.sql(
        "select schema_name || '.' || table_name, column_name, is_nullable from duckdb_columns() "
        "where not internal order by table_oid, column_index"
    ).fetchall():
        there.setdefault(name, []).append((column, nullable))
    declared = {str(table.table): [(each.name, each.nullable) for each in table.columns] for table in tables}
    kept = frozenset(name for name, columns in there.items() if declared.get(name) == columns)
    for name in there.keys() - kept:
        connection.execute(f"drop table {name}")
    connection.execute("checkpoint").fetchall()  # what they took is free for the tables that are made now
    return kept


def _said(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The comments on the tables that are there and on their columns, as statements."""
    found = connection.sql(
        "select 'table ' || schema_name || '.' || table_name, comment from duckdb_tables() where not internal "
        "union all "
        "select 'column ' || schema_name || '.' || table_name || '.' || column_name, comment from duckdb_columns() "
        "where not internal"
    ).fetchall()
    return frozenset(f"comment on {what} is {quote(comment)}" for what, comment in found if comment is not None)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.sql(f"select count(*) from {relation}").fetchall()[0][0])
