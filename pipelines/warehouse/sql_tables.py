"""The SQL files as tables and views: `sql/<schema>/<table>.sql` is one SELECT, and its upstream is read from it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.model import VIEWS
from pipelines.errors import ContractError
from pipelines.paths import SQL
from pipelines.tables import TableName

#: Schemas whose files make tables; `sql/checks` holds queries that return failing rows.
TABLE_SCHEMAS = ("reference", "core", "marts", "quality")
#: Functions that make rows of values that the query itself has.
_SERIES = frozenset({"unnest", "range", "generate_series"})


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


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """DuckDB without any table, which reads SQL as the engine that runs it does."""
    return duckdb.connect(":memory:")


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _tree(sql: str) -> dict[str, Any]:
    ((text,),) = _parser().cursor().execute("select json_serialize_sql(?)", [sql]).fetchall()
    tree: dict[str, Any] = json.loads(text)
    return tree


def read_columns(condition: str) -> list[str]:
    """The columns that a condition reads, in order."""
    nodes = _nodes(_tree(f"select 1 where {condition}"))
    return sorted({node["column_names"][-1] for node in nodes if node.get("type") == "COLUMN_REF"})


def read_upstream(sql: str, where: str) -> frozenset[TableName]:
    """Tables that a SELECT reads, without its CTEs. Raises ContractError unless the text is exactly one SELECT."""
    read = _tree(sql)
    if read["error"] and read["error_type"] == "parser":
        raise ContractError(f"{where}: not readable as SQL: {read['error_message']}")
    if read["error"] or len(read["statements"]) != 1:
        raise ContractError(f"{where}: expected exactly one SELECT")
    nodes = list(_nodes(read))
    ctes = {cte["key"] for node in nodes for cte in node.get("cte_map", {}).get("map", ())}
    tables = set()
    for node in nodes:
        if node.get("type") == "BASE_TABLE":
            schema, name = node["schema_name"], node["table_name"]
        elif node.get("type") == "TABLE_FUNCTION":
            schema, name = "", node["function"]["function_name"]
        else:
            continue
        if not schema and name in ctes | _SERIES:
            continue
        if not schema:
            raise ContractError(f"{where}: {name} is neither a CTE nor a table with its schema")
        tables.add(TableName(schema, name))
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
