"""The tables of one state for people who work in spreadsheets and scripts: CSV, Parquet and one workbook.

Figures are the release's, row for row; names are put beside codes. What columns mean comes from the contracts.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from pipelines.contracts.model import Column, Table, contracts
from pipelines.errors import LmiError, NoReleaseError
from pipelines.release.dictionary import allowed
from pipelines.reports import queries
from pipelines.reports.exported import ExportedTable, Notes
from pipelines.reports.format import edition
from pipelines.reports.places import check_basis, find_state
from pipelines.tables import TableName

#: A code's name beside it: the table and column that have it, and what the column is called where it is put.
_NAMES = {
    "cluster_id": ("reference.cluster", "cluster_id", "cluster_name", "cluster_name"),
    "sub_cluster_id": ("reference.sub_cluster", "sub_cluster_id", "sub_cluster_name", "sub_cluster_name"),
    "home_cluster_id": ("reference.cluster", "cluster_id", "cluster_name", "home_cluster_name"),
    "home_sub_cluster_id": ("reference.sub_cluster", "sub_cluster_id", "sub_cluster_name", "home_sub_cluster_name"),
    "main_cluster_id": ("reference.cluster", "cluster_id", "cluster_name", "main_cluster_name"),
    "legacy_cluster_id": (
        "reference.legacy_cluster",
        "legacy_cluster_id",
        "legacy_cluster_name",
        "legacy_cluster_name",
    ),
    "soc_code": ("reference.oews_occupation", "soc_code", "occupation_name", "occupation_name"),
    "naics_code": ("reference.naics", "naics_code", "naics_title", "naics_title"),
}
#: Codes that an overlay has names of its own for, by the level of their place.
_PLACES = {"cluster_id": "cluster", "sub_cluster_id": "sub_cluster"}
#: What is written as the name of an id that stands for no single entry: `all` becomes All.
_SPELLED_OUT = "upper(left({code}, 1)) || replace(substr({code}, 2), '_', ' ')"

#: The state first, its counties last.
_AREA_RANK = "case area.area_type when 'state' then 1 when 'region' then 2 when 'county' then 4 else 3 end"

AREA = TableName("reference", "area")

#: What people look for first, in this order; other tables follow by name.
_FIRST = (
    "area",
    "cluster_indicators",
    "occupation_indicators",
    "cluster_outlook",
    "occupation_outlook",
    "cluster_education_mix",
    "cluster_flag_share",
    "occupation_flag",
    "industry_indicators",
    "industry_detail",
)


@dataclass(frozen=True)
class Export:
    """What was written: files in the order they came, and rows of each table."""

    state_id: str
    files: tuple[Path, ...]
    rows: dict[str, int]


def _with_name(column: Column, target: str) -> Column:
    """The contract of a column that holds the name of a code, missing where the code has none."""
    return column.model_copy(update={"name": target, "nullable": True})


def _overlay_key(contract: Table) -> str | None:
    """SQL for the overlay that a row of a table is of, where rows may be of one."""
    if "overlay_id" in contract.column_names:
        return "figures.overlay_id"
    return "split_part(figures.basis, ':', 2)" if "basis" in contract.column_names else None


def _exported(contract: Table, areas: str, basis: str | None) -> ExportedTable:
    """Columns and SQL of a table with names put beside its codes; `areas` selects the area_ids.

    Rows of a state's own scheme carry the state's names. With a `basis` only its rows are among those of a table that
    has any.
    """
    overlay = _overlay_key(contract)
    known = contracts()
    area_name, area_type = (
        next(column for column in known[AREA].columns if column.name == name) for name in ("area_name", "area_type")
    )
    columns: list[Column] = []
    selected: list[str] = []
    joins = ["inner join reference.area as area on area.area_id = figures.area_id"]
    for column in contract.columns:
        columns.append(column)
        selected.append(f"figures.{column.name}")
        if column.name == "area_id":
            columns += [area_name, area_type]
            selected += ["area.area_name", "area.area_type"]
        elif column.name in _NAMES:
            table, key, name, target = _NAMES[column.name]
            if target in contract.column_names:
                continue
            source = next(other for other in known[TableName.parse(table)].columns if other.name == name)
            columns.append(_with_name(source, target))
            alias = f"{target}_of"
            code = f"figures.{column.name}"
            spelled_out = f", {_SPELLED_OUT.format(code=code)}" if column.name.endswith("_id") else ""
            names = f"{alias}.{name}{spelled_out}"
            if overlay is not None and column.name in _PLACES:
                place = f"{target}_in_state"
                names = f"{place}.node_name, {names}"
                joins.append(
                    f"left join reference.overlay_node as {place} on {place}.overlay_id = {overlay}"
                    f" and {place}.level = '{_PLACES[column.name]}' and {place}.{column.name} = figures.{column.name}"
                )
            selected.append(f"coalesce({names}) as {target}")
            joins.append(f"left join {table} as {alias} on {alias}.{key} = figures.{column.name}")
    keys = ", ".join(f"figures.{key}" for key in contract.primary_key if key != "area_id")
    sql = (
        f"select {', '.join(selected)}\nfrom {contract.table} as figures\n"
        + "\n".join(joins)
        + f"\nwhere figures.area_id in ({areas})"
        + (f" and figures.basis = '{basis}'" if basis and "basis" in contract.column_names else "")
        + f"\norder by {_AREA_RANK}, area.area_name, figures.area_id"
        + (f", {keys}" if keys else "")
    )
    return ExportedTable(contract.model_copy(update={"columns": tuple(columns)}), sql)


def _area_filter(state_id: str, *, shared: bool) -> str:
    """SQL for the ids of the areas of a state; with `shared`, metro areas of other states that reach into it, too."""
    sql = f"select area_id from reference.area where state_id = '{state_id}'"
    if shared:
        sql += (
            " union select cbsa_area_id from reference.area"
            f" where state_id = '{state_id}' and area_type = 'county' and cbsa_area_id is not null"
        )
    return sql


def exported_tables(
    connection: duckdb.DuckDBPyConnection, state_id: str, *, shared: bool = False, basis: str | None = None
) -> list[ExportedTable]:
    """The areas of a state, and every table of `marts` that has rows of them, on every basis or on one.

    Raises NoReleaseError where the release has other columns than this version of the project declares.
    """
    areas = _area_filter(state_id, shared=shared)
    found: list[ExportedTable] = []
    present = queries.tables(connection)
    for name, contract in contracts().items():
        if not contract.published or str(name) not in present or "area_id" not in contract.column_names:
            continue
        if name.schema != "marts" and name != AREA:
            continue
        columns = [str(row[0]) for row in connection.sql(f"describe {name}").fetchall()]
        if tuple(columns) != contract.column_names:
            raise NoReleaseError(
                f"{name} of this release is of another version of this project; `lmi run --force` publishes a new one"
            )
        if name == AREA:
            sql = (
                f"select * from reference.area as area where area_id in ({areas})"
                f" order by {_AREA_RANK}, area_name, area_id"
            )
            found.append(ExportedTable(contract, sql))
        elif connection.sql(f"select 1 from {name} where area_id in ({areas}) limit 1").fetchall():
            found.append(_exported(contract, areas, basis))
    return sorted(found, key=lambda table: _FIRST.index(table.name) if table.name in _FIRST else len(_FIRST))


def dictionary_frame(tables: list[ExportedTable]) -> pl.DataFrame:
    """Columns of the exported tables, one row each: table, column, type, unit, may_be_missing, meaning, allowed."""
    return pl.DataFrame(
        [
            {
                "table": table.name,
                "column": column.name,
                "type": column.type.value,
                "unit": column.unit or "",
                "may_be_missing": "yes" if column.nullable else "no",
                "meaning": column.meaning,
                "allowed": ", ".join(allowed(column)),
            }
            for table in tables
            for column in table.contract.columns
        ]
    )


def _shared_elsewhere(connection: duckdb.DuckDBPyConnection, state_id: str) -> list[str]:
    """Metro areas that reach into the state and are listed under another, as `Wheeling, WV-OH (C48540)`."""
    rows = connection.sql(
        f"""
        select area_name || ' (' || area_id || ')'
        from reference.area
        where area_type = 'metro'
            and state_id <> '{state_id}'
            and area_id in ({_area_filter(state_id, shared=True)})
        order by area_name
        """
    ).fetchall()
    return [str(name) for (name,) in rows]


def _has_states(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table has rows of states at all; some are of the nation only."""
    if "area_id" not in (str(row[0]) for row in connection.sql(f"describe {table}").fetchall()):
        return False
    states = "select area_id from reference.area where area_type = 'state'"
    return bool(connection.sql(f"select 1 from {table} where area_id in ({states}) limit 1").fetchall())


def notes(
    connection: duckdb.DuckDBPyConnection,
    state_id: str,
    tables: list[ExportedTable],
    *,
    shared: bool,
    basis: str | None = None,
) -> Notes:
    """How to read the figures, the warnings of each table, and the sources with their editions and attribution."""
    release = queries.release(connection)
    sources = queries.vintages(connection).to_dicts()
    vintage_warnings = tuple(
        f"{row['title']}, {row['vintage']}: this source {edition(row['status'])}. Its figures are of "
        f"{row['reference_period']}."
        for row in sources
        if row["status"] != "ok"
    )
    across = _shared_elsewhere(connection, state_id)
    metro_note: tuple[str, ...] = ()
    if across and shared:
        metro_note = (f"Metro areas of other states that reach into this one are here, too: {'; '.join(across)}.",)
    elif across:
        metro_note = (
            "Metro areas that reach into this state but are listed under another are not here: "
            f"{'; '.join(across)}. `lmi export --shared-metros` brings them.",
        )
    reading = (
        "An empty figure is never zero. In the workbook a word stands where a figure is missing and says why: withheld "
        "(the publisher does not release it), no occupations, not in this edition, and so on. In CSV and Parquet the "
        "field is empty and the status column beside it says why.",
        "A wage written with >= is a lower bound, because the publisher gives high wages only as at least so much. The "
        "cell holds the bound, the status column says top_coded.",
        "Basis unduplicated counts every job once: clusters may be added up. Basis duplicated counts a job in full in "
        "every cluster it belongs to: never add those up. A basis with a name after a colon is a scheme of your own.",
        "Never add up rows of different levels (all, cluster, sub_cluster), nor a state and the areas in it. Never "
        "average medians, percentiles or location quotients.",
        "employment_low and employment_high are a 90 percent interval from sampling; reliability grades it A (under 10 "
        "percent error), B (under 20), C (under 30), D. For industries they are bounds on what is withheld.",
        "coverage_pct tells how much of the figure's occupations the area publishes.",
    )
    table_notes = tuple(f"{table.name}: {warning}" for table in tables for warning in table.contract.warnings)
    source_notes = tuple(
        f"{row['publisher']}, {row['title']}, {row['vintage']} (refers to {row['reference_period']}; released "
        f"{row['released_on'] or 'day not stated'}; status {row['status']}). {row['url']}"
        for row in sources
    )
    attribution = tuple(dict.fromkeys(f"{row['attribution']}." for row in sources))
    here = {str(table.contract.table) for table in tables}
    nothing = sorted(
        name
        for name in queries.tables(connection) - here
        if name.startswith("marts.") and _has_states(connection, name)
    )
    nothing_note = tuple(f"{name} has no rows of this state in this release." for name in nothing)
    sections = [
        (
            "Release",
            (
                f"Release {release['release_id']}, published {release['published_at']} UTC.",
                *([f"Of the tables with a basis only rows of {basis} are here."] if basis else []),
                *metro_note,
                *nothing_note,
            ),
        ),
        ("Old or partial sources", vintage_warnings),
        ("How to read the figures", reading),
        ("What to mind in each table", table_notes),
        ("Sources", source_notes),
        ("Attribution", attribution),
    ]
    return Notes(tuple((heading, paragraphs) for heading, paragraphs in sections if paragraphs))


def _frames(connection: duckdb.DuckDBPyConnection, tables: list[ExportedTable]) -> Iterator[pl.DataFrame]:
    for table in tables:
        yield connection.sql(table.sql).pl()


def export_state(
    database: Path,
    state: str,
    folder: Path,
    *,
    shared: bool = False,
    basis: str | None = None,
    on_step: Callable[[str, bool], None] = lambda *_: None,
) -> Export:
    """Write the tables of a state into a folder; files of the same names are replaced once all are complete.

    `csv/` and `parquet/` hold a file for each table and their dictionary, `lmi_OH.xlsx` all of it, `notes_OH.md` how to
    read it. Raises UnknownNameError, NoReleaseError, or LmiError where the folder cannot be written.
    """
    from pipelines.reports.workbook import Workbook  # noqa: PLC0415

    with queries.open_database(database) as connection:
        state_id, state_name = find_state(connection, state)
        if basis is not None:
            check_basis(connection, basis, [state_id])
        tables = exported_tables(connection, state_id, shared=shared, basis=basis)
        about = notes(connection, state_id, tables, shared=shared, basis=basis)
        release = queries.release(connection)
        rows: dict[str, int] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(prefix=".lmi-export-", dir=folder) as name:
                building = Path(name)
                for kind in ("csv", "parquet"):
                    (building / kind).mkdir()
                title = f"Labor market by Career Cluster: {state_name}"
                with Workbook(building / f"lmi_{state_id}.xlsx", title=title, release=release, notes=about) as workbook:
                    for table, frame in zip(tables, _frames(connection, tables), strict=True):
                        on_step(table.name, False)
                        frame.write_csv(building / "csv" / f"{state_id}_{table.name}.csv")
                        frame.write_parquet(
                            building / "parquet" / f"{state_id}_{table.name}.parquet",
                            metadata={
                                "release_id": str(release["release_id"]),
                                "description": table.contract.description,
                                "columns": json.dumps({c.name: [c.unit, c.meaning] for c in table.contract.columns}),
                            },
                        )
                        workbook.add(table, frame)
                        rows[table.name] = frame.height
                        on_step(table.name, True)
                    dictionary = dictionary_frame(tables)
                    workbook.add_dictionary(dictionary)
                dictionary.write_csv(building / "csv" / f"{state_id}_dictionary.csv")
                dictionary.write_parquet(building / "parquet" / f"{state_id}_dictionary.parquet")
                (building / f"notes_{state_id}.md").write_text(about.markdown(title), encoding="utf-8")
                files = tuple(_move(building, folder))
        except OSError as error:
            raise LmiError(
                f"{folder} cannot be written: {error.strerror or error}; choose another with --out"
            ) from error
    return Export(state_id, files, rows)


def _move(building: Path, folder: Path) -> Iterator[Path]:
    for path in sorted(building.rglob("*")):
        target = folder / path.relative_to(building)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            path.replace(target)
            yield target
