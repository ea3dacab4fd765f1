"""The SQL files as tables and views: `sql/<schema>/<table>.sql` is one SELECT, and its upstream is read from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pipelines.contracts.model import VIEWS
from pipelines.errors import ContractError
from pipelines.paths import SQL
from pipelines.tables import TableName

#: Schemas whose files make tables; `sql/checks` holds queries that return failing rows.
TABLE_SCHEMAS = ("reference", "core", "marts", "quality")


@dataclass(frozen=True)
class SqlTable:
    """One SELECT and the tables it reads."""

    table: TableName
    path: Path
    sql: str
    upstream: frozenset[TableName]

    @property
    def description(self) -> str:
        """The comment at the head of the file, as one text."""
        lines = []
        for line in self.sql.splitlines():
            if not line.startswith("--"):
                break
            lines.append(line.removeprefix("--").strip())
        return " ".join(lines)


def read_upstream(sql: str, where: str) -> frozenset[TableName]:
    """Tables that a SELECT reads, without its CTEs. Raises ContractError unless the text is exactly one SELECT."""
    try:
        statements = sqlglot.parse(sql, read="duckdb")
    except SqlglotError as error:
        raise ContractError(f"{where}: not readable as SQL: {error}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ContractError(f"{where}: expected exactly one SELECT")
    query = statements[0]
    ctes = {cte.alias for cte in query.find_all(exp.CTE)}
    tables = set()
    for table in query.find_all(exp.Table):
        if not table.db and table.name in ctes:
            continue
        if not table.db:
            raise ContractError(f"{where}: {table.name} is neither a CTE nor a table with its schema")
        tables.add(TableName(table.db, table.name))
    return frozenset(tables)


def in_order(upstream: Mapping[TableName, Iterable[TableName]], where: str) -> list[TableName]:
    """Tables by their upstream tables, upstream before downstream. Raises ContractError when they run in a circle."""
    # the same order each time
    graph = {name: sorted(set(tables) & upstream.keys()) for name, tables in upstream.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " -> ".join(str(name) for name in error.args[1])
        raise ContractError(f"{where}: tables read each other in a circle: {circle}") from error


@cache
def sql_tables(root: Path = SQL) -> dict[TableName, SqlTable]:
    """All SQL tables by name, upstream before downstream. Raises ContractError when they run in a circle."""
    return _read(root, TABLE_SCHEMAS)


@cache
def sql_views(root: Path = SQL) -> dict[TableName, SqlTable]:
    """The views of the published database by name, upstream before downstream. Raises ContractError as `sql_tables`."""
    return _read(root, (VIEWS,))


def _read(root: Path, schemas: Iterable[str]) -> dict[TableName, SqlTable]:
    found: dict[TableName, SqlTable] = {}
    for schema in schemas:
        for path in sorted((root / schema).glob("*.sql")):
            sql = path.read_text(encoding="utf-8")
            name = TableName(schema, path.stem)
            found[name] = SqlTable(name, path, sql, read_upstream(sql, path.relative_to(root.parent).as_posix()))
    order = in_order({name: table.upstream for name, table in found.items()}, root.name)
    return {name: found[name] for name in order}
