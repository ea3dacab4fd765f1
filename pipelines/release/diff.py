"""The differences between two releases, by table and column."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.model import ColumnType, Table, published_tables
from pipelines.files import scratch
from pipelines.quality.expectations import AFTER_CHECKS
from pipelines.settings import MEMORY_LIMIT
from pipelines.tables import quote
from pipelines.warehouse.parts import conditions

#: Figures that differ by less, relative to their size, are the same: sums can differ in the last digits.
TOLERANCE = 1e-9
#: Said wherever releases with different years of OEWS stand side by side.
NO_TREND = (
    "The releases have different years of OEWS. BLS does not encourage comparing two of them: they share most of their "
    "sample, and methods change between them. Differences of jobs and wages by occupation are no trend; "
    "`marts.cluster_trend` has those of employers' jobs."
)


def _columns(connection: duckdb.DuckDBPyConnection, catalog: str, table: Table) -> list[str]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ? "
        "order by column_index",
        [catalog, table.schema_name, table.name],
    ).fetchall()
    return [str(row[0]) for row in rows]


def _changed(table: Table, name: str) -> str:
    old, new = f"old.{name}", f"new.{name}"
    kinds = {column.name: column.type for column in table.columns}
    if kinds.get(name) is ColumnType.DOUBLE:
        close = f"abs({new} - {old}) <= {TOLERANCE} * greatest(abs({old}), abs({new}))"
        return f"(({old} is null) <> ({new} is null) or not coalesce({close}, true))"
    return f"{new} is distinct from {old}"


def _parts(connection: duckdb.DuckDBPyConnection, table: Table, shared: Collection[str]) -> list[str]:
    """Conditions that split the rows of both releases, so that a large table is compared in parts."""
    columns = tuple(name for name in table.primary_key if name in table.parts)
    if not columns or not set(columns) <= set(shared):
        return ["true"]
    columns = tuple(name for name in table.parts if name in columns)
    by = ", ".join(columns)
    counted = connection.sql(
        " union all ".join(
            f"select {by}, count(*) as len from {release}.{table.table} group by {by}" for release in ("old", "new")
        )
    ).pl()
    return [" and ".join(each.values()) or "true" for _, each in conditions(counted, columns)] or ["true"]


def _compare(connection: duckdb.DuckDBPyConnection, table: Table) -> dict[str, Any]:
    old_columns, new_columns = _columns(connection, "old", table), _columns(connection, "new", table)
    if not old_columns:
        return {"status": "new table"}
    key = [name for name in table.primary_key if name in old_columns]
    shared = [name for name in new_columns if name in old_columns and name not in table.primary_key]
    result: dict[str, Any] = {
        "columns_added": [name for name in new_columns if name not in old_columns],
        "columns_removed": [name for name in old_columns if name not in new_columns],
    }
    if len(key) < len(table.primary_key):
        return {"status": "key changed", **result}
    changes = {name: _changed(table, name) for name in shared}
    any_change = " or ".join(changes.values()) or "false"
    counts = ", ".join(f"count(*) filter (where both_there and {change})" for change in changes.values())

    def query(part: str) -> str:
        return f"""
        with joined as (
            select old_row.old, new_row.new, old_row.old is not null and new_row.new is not null as both_there
            from (select old from old.{table.table} as old where {part}) as old_row
            full join (select new from new.{table.table} as new where {part}) as new_row
                on {" and ".join(f"old_row.old.{name} = new_row.new.{name}" for name in key)}
        )
        select
            count(*) filter (where old is null),
            count(*) filter (where new is null),
            count(*) filter (where both_there and ({any_change}))
            {"," + counts if counts else ""}
        from joined
    """

    parts = [connection.sql(query(part)).fetchall()[0] for part in _parts(connection, table, old_columns)]
    added, removed, changed, *by_column = (sum(counts) for counts in zip(*parts, strict=True))
    result |= {"rows_added": added, "rows_removed": removed, "rows_changed": changed}
    result["changed_by_column"] = {name: n for name, n in zip(changes, by_column, strict=True) if n}
    same = not (added or removed or changed or result["columns_added"] or result["columns_removed"])
    return {"status": "same" if same else "changed", **result}


def _extension(connection: duckdb.DuckDBPyConnection, table: Table) -> dict[str, Any]:
    """The difference of a table whose rows of before are all there."""
    rows = f"(select count(*) from new.{table.table}) - (select count(*) from old.{table.table})"
    ((added,),) = connection.sql(f"select {rows}").fetchall()
    nothing: dict[str, Any] = {"columns_added": [], "columns_removed": [], "rows_removed": 0, "rows_changed": 0}
    return {"status": "changed", **nothing, "rows_added": added, "changed_by_column": {}}


def diff(
    new: Path,
    old: Path | None,
    old_id: str | None,
    identical: Collection[str] = frozenset(),
    memory_limit: str = MEMORY_LIMIT,
    *,
    extended: Collection[str] = frozenset(),
) -> dict[str, Any]:
    """Compare two DuckDB files by each table's key.

    Not compared are the tables named in `identical`, whose files are equal, and in `extended`, which have the old
    table's files and more.
    """
    if old is None:
        return {"previous_release_id": None, "tables": {}}
    with scratch(".spill-", new.parent) as spill, duckdb.connect(":memory:") as connection:
        connection.execute(f"set memory_limit = {quote(memory_limit)}")
        connection.execute(f"set temp_directory = {quote(spill)}")
        connection.execute(f"attach {quote(old)} as old (read_only)")
        connection.execute(f"attach {quote(new)} as new (read_only)")
        periods = [_oews_period(connection, catalog) for catalog in ("old", "new")]
        tables = {
            str(name): {"status": "same"}
            if str(name) in identical
            else _extension(connection, table)
            if str(name) in extended
            else _compare(connection, table)
            for name, table in published_tables().items()
            if name not in AFTER_CHECKS
        }
        gone = connection.sql(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'old' except "
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'new' order by 1"
        ).fetchall()
    tables |= {str(row[0]): {"status": "removed table"} for row in gone}
    return {"previous_release_id": old_id, "oews_periods": periods, "tables": tables}


def _oews_period(connection: duckdb.DuckDBPyConnection, catalog: str) -> str | None:
    """The period of a release's OEWS; None for a database that has no table of its sources."""
    is_there = connection.execute(
        "select 1 from duckdb_tables() where database_name = ? and schema_name = 'reference' "
        "and table_name = 'source_vintage'",
        [catalog],
    ).fetchall()
    if not is_there:
        return None
    query = f"select reference_period from {catalog}.reference.source_vintage where source = 'oews'"
    rows = connection.execute(query).fetchall()  # all: DuckDB refuses the next query while rows of one are left
    return str(rows[0][0]) if rows else None


def describe(difference: dict[str, Any]) -> str:
    """A diff as Markdown."""
    previous = difference["previous_release_id"]
    if previous is None:
        return "# What changed\n\nThis is the first release.\n"
    lines = [f"# What changed since release {previous}", ""]
    old, new = difference["oews_periods"]
    if old != new:
        lines += [f"OEWS of {old} before, of {new} now. {NO_TREND}", ""]
    changed = {name: entry for name, entry in difference["tables"].items() if entry["status"] != "same"}
    if not changed:
        return "\n".join([*lines, "No figure changed.", ""])
    lines += [
        "| table | status | rows added | rows removed | rows changed | columns that changed |",
        "|---|---|---|---|---|---|",
    ]
    for name, entry in changed.items():
        columns = [f"{column} ({count:,})" for column, count in entry.get("changed_by_column", {}).items()]
        columns += [f"+{column}" for column in entry.get("columns_added", [])]
        columns += [f"-{column}" for column in entry.get("columns_removed", [])]
        counts = [f"{entry[key]:,}" if key in entry else "" for key in ("rows_added", "rows_removed", "rows_changed")]
        lines.append(f"| {name} | {entry['status']} | {' | '.join(counts)} | {', '.join(columns)} |")
    return "\n".join([*lines, ""])
