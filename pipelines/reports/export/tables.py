"""The tables of an export: the release's rows of a state, with names beside their codes."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.contracts.model import Column, Table, contracts
from pipelines.errors import NoReleaseError
from pipelines.release.dictionary import allowed
from pipelines.reports.export.headings import headings
from pipelines.reports.release import Release
from pipelines.reports.sections import sections
from pipelines.reports.spreadsheets import FLAG_WORDS, flag_columns, not_there
from pipelines.tables import TableName, quote

AREA = TableName("reference", "area")
#: Names of codes: the table and column that have the name, and the column's name in the export.
_NAMES = {
    "soc_code": ("reference.oews_occupation", "soc_code", "occupation_name", "occupation_name"),
    "naics_code": ("reference.naics", "naics_code", "naics_title", "naics_title"),
    **{
        f"{role}{node}_id": (f"reference.{node}", f"{node}_id", f"{node}_name", f"{role}{node}_name")
        for node in ("cluster", "sub_cluster", "legacy_cluster")
        for role in ("", "home_", "main_")
    },
}
#: Codes that an overlay has names of its own for.
_NODES = {"cluster_id": "cluster", "sub_cluster_id": "sub_cluster"}
#: What is written as the name of an id that stands for no single entry: `all` becomes All.
_SPELLED_OUT = "upper(left({code}, 1)) || replace(substr({code}, 2), '_', ' ')"


@dataclass(frozen=True)
class ExportedTable:
    """A table of the export: its contract with names put in, and the SQL for the state's rows, or the rows themselves.

    The SQL reads the areas of the state from `exported_area` (`sql/reports/state_areas.sql`).
    """

    contract: Table
    sql: str = ""
    frame: pl.DataFrame | None = None

    @property
    def name(self) -> str:
        """Name of files and sheets."""
        return self.contract.name

    def rows(self, connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
        """The state's rows."""
        return connection.sql(self.sql).pl() if self.frame is None else self.frame

    @property
    def flags(self) -> list[str]:
        """Columns of flags, which a CSV says in other words."""
        return flag_columns(self.contract)


def _overlay_key(contract: Table) -> str | None:
    """SQL for the overlay that a row of a table is of, where rows may be of one."""
    if "overlay_id" in contract.column_names:
        return "figures.overlay_id"
    return "split_part(figures.basis, ':', 2)" if "basis" in contract.column_names else None


def _published(table: str, name: str) -> Column:
    return next(column for column in contracts()[TableName.parse(table)].columns if column.name == name)


def _named(code: str, overlay: str | None) -> tuple[Column, str, list[str]]:
    """The column that has the name of a code, its SQL, and the joins that the SQL needs."""
    table, key, name, target = _NAMES[code]
    names = [f"{target}_of.{name}"]
    joins = [f"left join {table} as {target}_of on {target}_of.{key} = figures.{code}"]
    if code.endswith("_id"):
        names.append(_SPELLED_OUT.format(code=f"figures.{code}"))
    if overlay is not None and code in _NODES:
        node = f"{target}_in_state"
        names.insert(0, f"{node}.node_name")
        joins.append(
            f"left join reference.overlay_node as {node} on {node}.overlay_id = {overlay}"
            f" and {node}.level = '{_NODES[code]}' and {node}.{code} = figures.{code}"
        )
    column = _published(table, name).model_copy(update={"name": target, "nullable": True})
    return column, f"coalesce({', '.join(names)}) as {target}", joins


def _exported(contract: Table, basis: str | None) -> ExportedTable:
    """A table with names put beside its codes, in an overlay's rows the state's names.

    With a `basis` only its rows are taken from a table that has any.
    """
    overlay = _overlay_key(contract)
    columns: list[Column] = []
    selected: list[str] = []
    joins = ["inner join exported_area as area on area.area_id = figures.area_id"]
    for column in contract.columns:
        columns.append(column)
        selected.append(f"figures.{column.name}")
        if column.name == "area_id":
            columns += [_published(str(AREA), name) for name in ("area_name", "area_type")]
            selected += ["area.area_name", "area.area_type"]
        elif column.name in _NAMES and _NAMES[column.name][3] not in contract.column_names:
            named, sql, needed = _named(column.name, overlay)
            columns.append(named)
            selected.append(sql)
            joins += needed
    keys = [f"figures.{key}" for key in contract.primary_key if key != "area_id"]
    parts = [
        f"select {', '.join(selected)}",
        f"from {contract.table} as figures",
        *joins,
        f"where figures.basis = {quote(basis)}" if basis and "basis" in contract.column_names else "",
        f"order by {', '.join(['area.area_rank', 'area.area_name', 'figures.area_id', *keys])}",
    ]
    return ExportedTable(contract.model_copy(update={"columns": tuple(columns)}), "\n".join(filter(None, parts)))


def _has_rows(connection: duckdb.DuckDBPyConnection, table: str, areas: str, basis: str | None = None) -> bool:
    """Whether a table has rows of areas; with a `basis`, rows of it."""
    of_basis = "" if basis is None else f"and basis = {quote(basis)}"
    return bool(connection.sql(f"select 1 from {table} where area_id in ({areas}) {of_basis} limit 1").fetchall())


_EXPORTED = "select area_id from exported_area"


def exported_tables(release: Release, basis: str | None = None) -> list[ExportedTable]:
    """The areas of a state, and every table of `marts` that has rows of them, on every basis or on one.

    A table with a basis is left out where it has no rows of the one that is asked for.

    Raises NoReleaseError where the release has other columns than this version of the project declares.
    """
    connection, found = release.connection, {}
    for name, contract in contracts().items():
        is_asked = contract.published and (name.schema == "marts" or name == AREA)
        if not is_asked or str(name) not in release.tables or "area_id" not in contract.column_names:
            continue
        columns = tuple(str(row[0]) for row in connection.sql(f"describe {name}").fetchall())
        if columns != contract.column_names:
            raise NoReleaseError(
                f"{name} of this release is of another version of this project; `lmi run --force` publishes a new one"
            )
        if name == AREA:
            sql = (
                "select figures.* from reference.area as figures inner join exported_area as area using (area_id) "
                "order by area.area_rank, area.area_name, area.area_id"
            )
            found[str(name)] = ExportedTable(contract, sql)
        elif _has_rows(connection, str(name), _EXPORTED, basis if "basis" in columns else None):
            found[str(name)] = _exported(contract, basis)
    first = [str(AREA), *(table for section in sections() for table in section.tables)]
    return [found[name] for name in sorted(found, key=lambda name: first.index(name) if name in first else len(first))]


def tables_left_out(release: Release, tables: list[ExportedTable], basis: str | None) -> Iterator[str]:
    """Sentences on tables that are not here: those with rows of other states only, or not on the basis asked for."""
    here = {str(table.contract.table) for table in tables}
    states = "select area_id from reference.area where area_type = 'state'"
    for name in sorted(release.tables - here):
        columns = [row[0] for row in release.connection.sql(f"describe {name}").fetchall()]
        if not name.startswith("marts.") or "area_id" not in columns:
            continue
        if basis and "basis" in columns and _has_rows(release.connection, name, _EXPORTED):
            yield f"{name} has no rows of this state on the basis {basis}, and is left out."
        elif _has_rows(release.connection, name, states):
            yield f"{name} has no rows of this state in this release."


def _flag_words(column: Column) -> list[str]:
    """What a CSV says of a flag."""
    return [FLAG_WORDS[each] for each in allowed(column)] + ([not_there(column.name)] if column.nullable else [])


def dictionary_frame(tables: list[ExportedTable], *, in_csv: bool = False) -> pl.DataFrame:
    """Columns of the exported tables, one row each: table, column, heading in the workbook, type, unit, may_be_missing,
    meaning, allowed.


    `in_csv` tells what the CSV files hold.
    """
    return pl.DataFrame(
        [
            {
                "table": table.name,
                "column": column.name,
                "heading": heading,
                "type": column.type.value,
                "unit": column.unit or "",
                "may_be_missing": "yes" if column.nullable else "no",
                "meaning": column.meaning,
                "allowed": ", ".join(_flag_words(column) if in_csv and column.name in table.flags else allowed(column)),
            }
            for table in tables
            for column, heading in zip(table.contract.columns, headings(table.contract.columns), strict=True)
        ]
    )
