"""Great Expectations over open DuckDB connections. Importing this module takes seconds: import it inside functions."""

import os
from typing import Any, ClassVar

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # before the import, which would report it

import duckdb
import duckdb_engine
import great_expectations
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from sqlalchemy import pool, types
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGExecutionContext_psycopg2
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

#: Failing rows shown in a result.
SHOWN_ROWS = 3


class _Buffered(PGExecutionContext_psycopg2):
    """Fetches all rows at once: Great Expectations closes its connection before it fetches. Its queries are limited."""

    def post_exec(self) -> None:
        cursor: Any = self.cursor
        if cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=cursor.fetchall())


class OpenDuckDB(duckdb_engine.Dialect):
    """SQLAlchemy's DuckDB on a connection that is open: `duckdb+open:///<catalog>`."""

    execution_ctx_cls = _Buffered
    supports_statement_cache = False
    #: The open connections by the name of their catalog.
    connections: ClassVar[dict[str, duckdb.DuckDBPyConnection]] = {}

    @classmethod
    def get_pool_class(cls, url: Any) -> type[pool.Pool]:
        """None: a cursor costs nothing, and one that is kept would hold the catalog."""
        return pool.NullPool

    def connect(self, *_: Any, database: str, **__: Any) -> Any:
        """A cursor of the open connection."""
        cursor = self.connections[database].cursor()
        cursor.execute(f"use {database}")
        return duckdb_engine.ConnectionWrapper(cursor)

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> Any:
        """The columns of a view; the inherited way asks PostgreSQL's catalog, which DuckDB has only in part."""
        described = connection.exec_driver_sql(f"describe {schema}.{table_name}").fetchall()
        return [{"name": row[0], "type": types.NullType(), "nullable": True, "default": None} for row in described]

    def get_pk_constraint(self, *_: Any, **__: Any) -> Any:
        """None: views have no keys."""
        return {"constrained_columns": [], "name": None}


registry.register("duckdb.open", __name__, "OpenDuckDB")


class FailingRows(UnexpectedRowsExpectation):
    """No row comes out of a SELECT. The query runs once, counts all its rows and returns the first of them."""

    metric_dependencies = ("unexpected_rows_query.table",)

    def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        rows = [dict(row) for row in metrics["unexpected_rows_query.table"]]
        count = max((row.pop(_COUNT) for row in rows), default=0)
        return {"success": not rows, "result": {"observed_value": count, "details": {"rows": show_rows(rows, count)}}}


_COUNT = "number of failing rows"  # no column of ours has a blank in its name


def failing_rows(sql: str, **described: Any) -> Any:
    """The expectation that a SELECT returns no row."""
    braces = sql.replace("{", "{{").replace("}", "}}")
    return FailingRows(
        unexpected_rows_query=f"with failing as materialized (\n{braces}\n)\n"
        f'select *, (select count(*) from failing) as "{_COUNT}" from failing limit {SHOWN_ROWS} /* {{batch}} */',
        **described,
    )


def show_value(value: object) -> str:
    """A value as short text; numbers without digits that only floating point adds."""
    if value is None:
        return "missing"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def show_rows(rows: list[dict[str, Any]], count: int) -> str:
    """The first of `count` rows as `column=value, ...; ...`."""
    shown = "; ".join(", ".join(f"{name}={show_value(value)}" for name, value in row.items()) for row in rows)
    more = count - len(rows)
    return f"{shown}; and {more} more" if more > 0 else shown


def table_suite(name: str, expectations: list[Any]) -> Any:
    """A suite of expectations."""
    return great_expectations.ExpectationSuite(name=name, expectations=expectations)


def expectation(name: str, **arguments: Any) -> Any:
    """One of Great Expectations' own expectations by the name of its class."""
    return getattr(great_expectations.expectations, name)(**arguments)


def open_datasource(catalog: str) -> Any:
    """A data source on an open connection, in a context that keeps everything in memory and sends nothing anywhere."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = great_expectations.get_context(mode="ephemeral", project_config=config)
    return context.data_sources.add_sql("staging", connection_string=f"duckdb+open:///{catalog}")
