"""The views of the published database, which join names to figures: `sql/main/<view>.sql`, one SELECT each."""

import re
from collections.abc import Iterable

import duckdb

from pipelines.contracts.enforce import comment_statements
from pipelines.contracts.model import Table, published_tables, views
from pipelines.warehouse.sql_tables import sql_views


def create_views(connection: duckdb.DuckDBPyConnection, wanted: Iterable[Table]) -> None:
    """Create views over tables that are there, with a comment on each view and column."""
    contracts = {view.table: view for view in wanted}
    for name, view in sql_views().items():
        if name in contracts:
            connection.execute(f"create view {name} as {view.sql}")
            for statement in comment_statements(contracts[name]):
                connection.execute(statement)


def definitions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The views of a database by name, each as the SQL that DuckDB keeps of it."""
    rows = connection.sql("select schema_name || '.' || view_name, sql from duckdb_views() where not internal")
    # DuckDB gives the columns that a star leaves out in any order
    return {name: re.sub(r"(?<=EXCLUDE \()[^)]*", _in_order, sql) for name, sql in rows.fetchall()}


def _in_order(names: re.Match[str]) -> str:
    return ", ".join(sorted(names[0].split(", ")))


def declared_definitions() -> dict[str, str]:
    """The same for the views that are declared, found on empty tables in memory."""
    with duckdb.connect(":memory:") as connection:
        for table in published_tables().values():
            connection.execute(f"create schema if not exists {table.schema_name}")
            columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
            connection.execute(f"create table {table.table} ({columns})")
        create_views(connection, views().values())
        return definitions(connection)
