"""The contracts against the SQL and the reference CSV, and the faults that loader and enforcer must refuse."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

from pipelines.contracts.enforce import (
    LINE,
    check_columns,
    check_frame,
    comment_statements,
    polars_schema,
    read_csv,
    read_lines,
    select_with_types,
    write_frame,
)
from pipelines.contracts.model import Column, ColumnType, Table, contracts, published_tables, views
from pipelines.errors import BadInputError, BadInputsError, ContractError
from pipelines.estimation.made import made_tables
from pipelines.overlays.overlay_tables import OVERLAY_TABLES
from pipelines.paths import CONTRACTS, REFERENCE, SQL
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import SqlTable, sql_tables
from pipelines.yaml_files import load_yaml

#: Tables that Python makes, from what it knows of the run or from a state's overlay.
MADE_IN_PYTHON = {
    *OVERLAY_TABLES,
    TableName("reference", "source_vintage"),
    TableName("reference", "setting"),
    TableName("reference", "policy"),
    TableName("marts", "occupation_flag"),
    TableName("quality", "check_result"),
    TableName("quality", "release"),
}
SQL_TABLES = list(sql_tables().values())
TABLES = list(contracts().values())
CSV_TABLES = [table for table in TABLES if table.csv]
COLUMNS = [
    pytest.param(table, column, id=f"{table.table}.{column.name}") for table in TABLES for column in table.columns
]


def table_id(table: Table | SqlTable) -> str:
    return str(table.table)


def contract(name: str) -> Table:
    return contracts()[TableName.parse(name)]


# --- contracts and SQL -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def empty_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every declared table, empty, with the declared types."""
    with duckdb.connect(":memory:") as connection:
        for table in contracts().values():
            connection.execute(f"create schema if not exists {table.table.schema}")
            columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
            connection.execute(f"create table {table.table} ({columns})")
        yield connection


@pytest.mark.parametrize("sql_table", SQL_TABLES, ids=table_id)
def test_sql_gives_the_declared_columns(sql_table: SqlTable, empty_warehouse: duckdb.DuckDBPyConnection) -> None:
    described = empty_warehouse.sql(sql_table.sql)
    assert tuple(described.columns) == contracts()[sql_table.table].column_names


@pytest.mark.parametrize("sql_table", SQL_TABLES, ids=table_id)
def test_sql_gives_the_declared_types(sql_table: SqlTable, empty_warehouse: duckdb.DuckDBPyConnection) -> None:
    table = contracts()[sql_table.table]
    described = empty_warehouse.sql(sql_table.sql)
    computed = dict(zip(described.columns, map(str, described.types), strict=True))
    typed = empty_warehouse.sql(select_with_types(table, sql_table.sql, computed))
    assert [str(kind) for kind in typed.types] == [column.type.upper() for column in table.columns]


def test_sql_reads_declared_tables_only() -> None:
    read = set().union(*(table.upstream for table in SQL_TABLES))
    assert read <= contracts().keys()


def test_every_table_is_made_in_exactly_one_way() -> None:
    from_sql = {table.table for table in SQL_TABLES}
    from_csv = {table.table for table in CSV_TABLES}
    estimated = set(made_tables())
    raw = {name for name in contracts() if name.schema == "raw"}
    ways = (from_sql, from_csv, raw, estimated, MADE_IN_PYTHON)
    assert set().union(*ways) == contracts().keys()
    assert sum(map(len, ways)) == len(contracts())


def test_inputs_are_not_published() -> None:
    assert {table.table.schema for table in published_tables().values()} == {"reference", "core", "marts", "quality"}
    # nor are working tables that are large and say nothing by themselves
    assert {name.schema for name in contracts().keys() - published_tables().keys()} == {"raw", "seed", "core"}


# --- what a contract says ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_numbers_and_only_numbers_have_a_unit(table: Table, column: Column) -> None:
    is_number = column.type in (ColumnType.INTEGER, ColumnType.DOUBLE)
    assert bool(column.unit) == is_number


@pytest.mark.parametrize(
    ("ending", "unit"),
    [("_pct", "percent"), ("_hourly_usd", "USD an hour"), ("_usd", "USD a year"), ("employment", "jobs")],
)
def test_the_unit_is_in_the_name(ending: str, unit: str) -> None:
    named = [
        column
        for table in TABLES
        for column in table.columns
        if column.name.endswith(ending)
        and not (ending == "_usd" and "_hourly_" in column.name)
        and column.name != "occupations_without_employment"
    ]
    assert named
    assert {column.unit for column in named} == {unit}


def test_a_unit_of_percent_is_in_the_name() -> None:
    assert all(column.name.endswith("_pct") for table in TABLES for column in table.columns if column.unit == "percent")


@pytest.mark.parametrize("table", TABLES, ids=table_id)
def test_texts_are_whole_sentences(table: Table) -> None:
    texts = [table.description, *table.warnings, *(column.meaning for column in table.columns)]
    assert [text for text in texts if not re.fullmatch(r"[A-Z].*\.", text, re.DOTALL)] == []


def test_a_name_has_one_type_family_everywhere() -> None:
    number = {ColumnType.INTEGER, ColumnType.DOUBLE}
    families: dict[str, set[bool | ColumnType]] = {}
    for table in TABLES:
        for column in table.columns:
            families.setdefault(column.name, set()).add(True if column.type in number else column.type)
    assert {name: found for name, found in families.items() if len(found) > 1} == {}


FOREIGN_KEYS = [
    pytest.param(table, column, target, id=f"{table.table}.{column}")
    for table in TABLES
    for column, target in table.foreign_keys.items()
]


@pytest.mark.parametrize(("table", "column", "target"), FOREIGN_KEYS)
def test_foreign_keys_lead_to_a_key(table: Table, column: str, target: str) -> None:
    name, _, target_column = target.rpartition(".")
    referred = contract(name)
    assert referred.primary_key == (target_column,)
    kinds = {each.name: each.type for each in referred.columns}
    assert kinds[target_column] == {each.name: each.type for each in table.columns}[column]


def test_a_published_table_refers_to_published_tables() -> None:
    published = {str(name) for name in published_tables()}
    for table in published_tables().values():
        assert {target.rpartition(".")[0] for target in table.foreign_keys.values()} <= published, table.table


PROMISED = {
    "marts.cluster_indicators": (
        "area_id level cluster_id sub_cluster_id basis period employment employment_share_pct location_quotient "
        "wage_mean_usd wage_p10_usd wage_p25_usd wage_p50_usd wage_p75_usd wage_p90_usd wage_p50_status "
        "wage_premium_pct employment_rse_pct reliability employment_low employment_high coverage_pct "
        "wage_coverage_pct occupations occupations_without_employment status"
    ),
    "quality.check_result": "table_name check_name severity passed failing_rows observed expected",
    "quality.method_accuracy": (
        "area_type grouping statistic method groups median_abs_error_pct p90_abs_error_pct max_abs_error_pct bias_pct"
    ),
    "marts.soc_allocation": "soc_code sub_cluster_id weight",
    "marts.occupation_indicators": "area_id soc_code",
}


@pytest.mark.parametrize("name", PROMISED)
def test_names_that_readers_rely_on(name: str) -> None:
    assert set(PROMISED[name].split()) <= set(contract(name).column_names)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("marts.cluster_indicators", ("area_id", "level", "cluster_id", "sub_cluster_id", "basis", "period")),
        ("marts.occupation_indicators", ("area_id", "soc_code", "period")),
        ("marts.soc_allocation", ("soc_code", "sub_cluster_id")),
        ("quality.method_accuracy", ("area_type", "grouping", "coverage_band", "statistic", "method")),
        ("quality.check_result", ("table_name", "check_name")),
        ("reference.naics_sub_cluster", ("code_system", "naics_code")),
        ("core.oews_area_occupation", ("area_id", "soc_code", "period")),
    ],
)
def test_keys(name: str, key: tuple[str, ...]) -> None:
    assert contract(name).primary_key == key


def test_what_may_be_missing_in_cluster_indicators() -> None:
    nullable = {column.name for column in contract("marts.cluster_indicators").columns if column.nullable}
    wages = {f"wage_{figure}_usd" for figure in ("mean", "p10", "p25", "p50", "p75", "p90")}
    assert nullable == wages | {
        "employment",
        "employment_published",
        "modelled_pct",
        "evidence_pct",
        "employment_share_pct",
        "location_quotient",
        "wage_premium_pct",
        "employment_rse_pct",
        "total_error_pct",
        "reliability",
        "reliability_reason",
        "employment_low",
        "employment_high",
        "coverage_pct",
        "wage_coverage_pct",
    }


@pytest.mark.parametrize("name", ["raw.oews_area_occupation", "raw.oews_industry_occupation"])
def test_each_oews_figure_is_followed_by_its_status(name: str) -> None:
    columns = contract(name).columns
    after = dict(pairwise(columns))
    # BLS numbers its figures 01 to 17
    figures = [column for column in columns if f"{column.name}_status" in contract(name).column_names]
    assert len(figures) == 17
    assert [after[column].name for column in figures] == [f"{column.name}_status" for column in figures]
    assert all(column.nullable and not after[column].nullable for column in figures)


def test_no_two_contracts_change_a_column_in_the_same_way() -> None:
    """What two tables change alike is declared once, as a variant in columns.yml."""
    tables: dict[str, list[str]] = {}
    for path in [*SQL.glob("*/*.yml"), *CONTRACTS.glob("tables/*/*.yml")]:
        for listed in load_yaml(path)["columns"]:
            if isinstance(listed, dict):
                tables.setdefault(json.dumps(listed, sort_keys=True), []).append(path.stem)
    assert {change: found for change, found in tables.items() if len(found) > 1} == {}


CODES = {
    "area_id": (["US", "TX", "C26420", "N4800001", "48453"], ["us", "TXX", "C2642", "N480001", "4845", "0026420", ""]),
    "soc_code": (["15-1252", "00-0000"], ["151252", "15-125", "15-1252.00", " 15-1252"]),
    "naics_code": (["11", "31-33", "5415", "541511"], ["1", "31_33", "5415110", "541A", "3133-"]),
    "industry_code": (["000000", "31--34", "3250A1", "622002"], ["31-33", "54150", "5415000", "a11000"]),
    "period": (["2025-05"], ["2025", "2025-5", "2025-05-01", "May 2025"]),
    "cluster_id": (["marketing_sales", "all"], ["Marketing & Sales", "marketing-sales", "_x", ""]),
    "sha256": (["0" * 64], ["0" * 63, "A" * 64]),
    "oews_area_code": (["0026420"], ["26420", "C026420"]),
}


@pytest.mark.parametrize("name", CODES)
def test_patterns_take_codes_and_nothing_else(name: str) -> None:
    pattern = next(column.pattern for table in TABLES for column in table.columns if column.name == name)
    assert pattern is not None
    good, bad = CODES[name]
    # Polars checks when a table is written, DuckDB before a release: both must read the pattern alike
    in_polars = pl.Series([*good, *bad]).str.contains(pattern).to_list()
    with duckdb.connect(":memory:") as connection:
        query = "select regexp_matches(text, ?) from (select unnest(?) as text)"
        in_duckdb = [row[0] for row in connection.execute(query, [pattern, [*good, *bad]]).fetchall()]
    assert in_polars == in_duckdb == [True] * len(good) + [False] * len(bad)


def test_comments_reach_the_database() -> None:
    table = contract("core.group_total")
    with duckdb.connect(":memory:") as connection:
        connection.execute("create schema core")
        columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
        connection.execute(f"create table core.group_total ({columns})")
        for statement in comment_statements(table):
            connection.execute(statement)
        (of_table,) = connection.execute("select comment from duckdb_tables()").fetchall()[0]
        of_columns = dict(connection.execute("select column_name, comment from duckdb_columns()").fetchall())
    assert of_table.startswith("Working layer:")
    assert "Grain: one row per area and group" in of_table
    assert of_table.endswith("Never add up groups on the duplicated basis.")
    assert of_columns["employment"].startswith("Estimate of all wage and salary jobs that belong here")
    assert of_columns["employment"].endswith(" [jobs]")


# --- reference CSV -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", CSV_TABLES, ids=table_id)
def test_reference_csv_keeps_its_contract(table: Table) -> None:
    frame = read_csv(table, REFERENCE)
    check_frame(table, frame)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("reference.cluster_grouping", 6),
        ("reference.cluster", 14),
        ("reference.sub_cluster", 72),
        ("reference.legacy_cluster", 16),
        ("seed.soc_sub_cluster", 1203),
    ],
)
def test_reference_csv_has_the_publishers_number_of_rows(name: str, rows: int) -> None:
    assert read_csv(contract(name), REFERENCE).height == rows


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        param
        for param in FOREIGN_KEYS
        if param.values[0] in CSV_TABLES and contract(str(param.values[2]).rpartition(".")[0]).csv
    ],
)
def test_reference_csv_refers_to_rows_that_exist(table: Table, column: str, target: str) -> None:
    name, _, target_column = target.rpartition(".")
    known = read_csv(contract(name), REFERENCE)[target_column]
    used = read_csv(table, REFERENCE)[column].drop_nulls()
    assert used.filter(~used.is_in(known.implode())).to_list() == []


# --- faults in contracts -----------------------------------------------------------------------------------------

SMALL_COLUMNS: dict[str, Any] = {
    "area_id": {"type": "varchar", "meaning": "Area of the row.", "pattern": "^[A-Z]{2}$"},
    "employment": {"type": "bigint", "meaning": "Jobs in the area.", "unit": "jobs", "nullable": True, "min": 0},
}
SMALL_TABLE: dict[str, Any] = {
    "description": "Jobs of areas.",
    "grain": "one row per area",
    "primary_key": ["area_id"],
    "sources": ["this project"],
    "columns": ["area_id", {"employment": {"nullable": False, "max": 1000}}],
}

Write = Callable[..., Path]


@pytest.fixture
def write_contracts(tmp_path: Path) -> Write:
    """Writes a small set of contracts, with changes to the table, the columns, or the text of a file."""

    def write(
        table: dict[str, Any] | None = None,
        columns: dict[str, Any] | None = None,
        text: dict[str, str] | None = None,
    ) -> Path:
        content = {
            "columns.yml": yaml.safe_dump(SMALL_COLUMNS | (columns or {})),
            "tables/marts/area_jobs.yml": yaml.safe_dump(SMALL_TABLE | (table or {})),
            **(text or {}),
        }
        for name, body in content.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        return tmp_path

    return write


def test_a_table_takes_columns_with_its_own_changes(write_contracts: Write) -> None:
    root = write_contracts()
    table = contracts(root, root / "sql")[TableName("marts", "area_jobs")]
    area, employment = table.columns
    assert (area.name, area.type, area.pattern, area.nullable) == ("area_id", ColumnType.TEXT, "^[A-Z]{2}$", False)
    assert (employment.unit, employment.min, employment.max) == ("jobs", 0, 1000)
    assert not employment.nullable
    assert table.published


def test_a_contract_in_sql_stands_beside_its_select(write_contracts: Write) -> None:
    lone = {"sql/core/spare.yml": yaml.safe_dump(SMALL_TABLE)}
    root = write_contracts(text=lone)
    with pytest.raises(ContractError, match=r"core/spare.yml: no spare.sql stands beside this contract"):
        contracts(root, root / "sql")
    (root / "sql/core/spare.sql").write_text("select 1\n", encoding="utf-8")
    assert TableName("core", "spare") in contracts(root, root / "sql")


VIEW = {
    "description": "A view of small jobs.",
    "grain": "one row per area",
    "primary_key": ["area_id"],
    "sources": ["this project"],
}


def _with_view(write_contracts: Write, *entries: object) -> Path:
    contract = yaml.safe_dump({**VIEW, "columns": list(entries)})
    return write_contracts(text={"sql/main/v_jobs.yml": contract, "sql/main/v_jobs.sql": "select 1\n"})


def test_a_view_takes_columns_of_tables_and_is_no_table(write_contracts: Write) -> None:
    root = _with_view(write_contracts, "area_id", {"marts.area_jobs": {"without": ["area_id"], "outer": True}})
    (view,) = views(root, root / "sql").values()
    area, employment = view.columns
    assert (area.name, area.nullable) == ("area_id", False)
    # as the table has it, but for rows that it lacks
    assert (employment.name, employment.max, employment.nullable) == ("employment", 1000, True)
    assert contracts(root, root / "sql").keys() == {TableName("marts", "area_jobs")}


def test_a_view_takes_only_columns_that_there_are(write_contracts: Write) -> None:
    root = _with_view(write_contracts, {"marts.area_jobs": {"only": ["jobs"]}})
    with pytest.raises(ContractError, match=r"main/v_jobs.yml: marts.area_jobs has no column jobs"):
        views(root, root / "sql")


def test_a_change_may_take_a_constraint_away(write_contracts: Write) -> None:
    root = write_contracts({"columns": [{"area_id": {"pattern": None}}, "employment"]})
    area, employment = contracts(root, root / "sql")[TableName("marts", "area_jobs")].columns
    assert area.pattern is None
    assert employment.nullable


TABLE_FAULTS = {
    "unknown column": ({"columns": ["area_id", "jobs"]}, "column jobs is not declared"),
    "column listed twice": ({"columns": ["area_id", "employment", "employment"]}, "a column is listed twice"),
    "two columns in one entry": (
        {"columns": ["area_id", {"employment": {}, "area_id": {}}]},
        "a column is a name or one name with its changes",
    ),
    "unknown attribute of a column": ({"columns": ["area_id", {"employment": {"units": "jobs"}}]}, "units"),
    "unknown type": ({"columns": ["area_id", {"employment": {"type": "integer"}}]}, "type"),
    "values on a number": (
        {"columns": ["area_id", {"employment": {"values": ["1"]}}]},
        "values and pattern are for text",
    ),
    "pattern on a number": (
        {"columns": ["area_id", {"employment": {"pattern": "1"}}]},
        "values and pattern are for text",
    ),
    "range on a text": ({"columns": [{"area_id": {"min": 1}}, "employment"]}, "min and max are for numbers"),
    "key not among the columns": ({"primary_key": ["area"]}, "primary key column area is not among the columns"),
    "key that may be missing": (
        {"columns": ["area_id", "employment"], "primary_key": ["employment"]},
        "primary key column employment must not be nullable",
    ),
    "no key": ({"primary_key": []}, "primary_key"),
    "no sources": ({"sources": []}, "sources"),
    "no columns": ({"columns": []}, "columns"),
    "unknown attribute of a table": ({"owner": "someone"}, "owner"),
    "foreign key from nowhere": (
        {"foreign_keys": {"area": "marts.area_jobs.area_id"}},
        "foreign key column area is not among the columns",
    ),
}


def test_parts_by_year_have_a_second_column(write_contracts: Write) -> None:
    changes = {"columns": ["area_id", "employment", "year"], "parts": ["year"]}
    root = write_contracts(changes, columns={"year": {"type": "bigint", "meaning": "Year of the figures."}})
    with pytest.raises(ContractError, match="parts by year need a second column"):
        contracts(root, root / "sql")


def test_years_before_are_of_a_table_in_parts_by_year(write_contracts: Write) -> None:
    root = write_contracts({"parts": ["area_id"], "years_before": [1]})
    with pytest.raises(ContractError, match="years_before is for tables with parts by year"):
        contracts(root, root / "sql")


@pytest.mark.parametrize("fault", TABLE_FAULTS)
def test_a_faulty_table_is_refused(fault: str, write_contracts: Write) -> None:
    changes, problem = TABLE_FAULTS[fault]
    # what the changed table leaves out must not be the fault that is found
    spare = SMALL_TABLE | {"columns": ["area_id", "employment"], "primary_key": ["area_id"]}
    root = write_contracts(changes, text={"tables/core/spare.yml": yaml.safe_dump(spare)})
    with pytest.raises(ContractError, match=rf"(?s)^marts/area_jobs\.yml: .*{re.escape(problem)}"):
        contracts(root, root / "sql")


@pytest.mark.parametrize("target", ["marts.areas.area_id", "marts.area_jobs.area", "area_jobs.area_id"])
def test_a_foreign_key_to_nowhere_is_refused(target: str, write_contracts: Write) -> None:
    root = write_contracts({"foreign_keys": {"area_id": target}})
    with pytest.raises(
        ContractError, match=rf"marts/area_jobs\.yml: area_id refers to {re.escape(target)}, which is not"
    ):
        contracts(root, root / "sql")


VARIANT = {"employment@measured": {"type": "double", "min": None}}
LIST = {"figures": ["area_id", "employment"]}


def test_a_variant_takes_its_column_and_says_what_differs(write_contracts: Write) -> None:
    root = write_contracts({"columns": ["area_id", {"employment@measured": {"max": 5}}]}, VARIANT)
    _, employment = contracts(root, root / "sql")[TableName("marts", "area_jobs")].columns
    assert (employment.name, employment.type, employment.min, employment.max) == (
        "employment",
        ColumnType.DOUBLE,
        None,
        5,
    )
    assert (employment.unit, employment.meaning, employment.nullable) == ("jobs", "Jobs in the area.", True)


def test_a_list_of_columns_stands_for_its_columns_in_order(write_contracts: Write) -> None:
    root = write_contracts({"columns": ["figures"]}, LIST)
    table = contracts(root, root / "sql")[TableName("marts", "area_jobs")]
    assert table.column_names == ("area_id", "employment")


COLUMN_FAULTS: dict[str, tuple[list[Any], dict[str, Any], str]] = {
    "variant of nothing": (
        ["area_id", "employment"],
        {"jobs@all": {"min": 1}},
        "columns.yml: jobs@all is a variant of jobs, which is not declared",
    ),
    "variant that says what its column says": (
        ["area_id", "employment@us"],
        {"employment@us": {"unit": "jobs", "max": 9}},
        "columns.yml: employment@us repeats unit of employment; a variant says what differs",
    ),
    "variant that no table has": (
        ["area_id", "employment"],
        VARIANT,
        "columns.yml: no table has employment@measured",
    ),
    "unknown variant": (
        ["area_id", "employment@all"],
        VARIANT,
        "marts/area_jobs.yml: column employment@all is not declared in columns.yml",
    ),
    "column and its variant": (
        ["area_id", "employment", "employment@measured"],
        VARIANT,
        "marts/area_jobs.yml: .*a column is listed twice",
    ),
    "attributes without names": (
        ["area_id", "employment"],
        {"employment@all": "jobs"},
        "columns.yml: employment@all: expected attributes by name \\(found 'jobs'\\)",
    ),
    "list of an unknown column": (
        ["area_id", "employment"],
        {"figures": ["area_id", "jobs"]},
        "columns.yml: figures lists jobs, which is not declared",
    ),
    "list that no table has": (["area_id", "employment"], LIST, "columns.yml: no table has figures"),
    "list with changes": (
        [{"figures": {"nullable": False}}],
        LIST,
        "marts/area_jobs.yml: figures is a list of columns and takes no changes",
    ),
}


@pytest.mark.parametrize("fault", COLUMN_FAULTS)
def test_a_faulty_variant_or_list_is_refused(fault: str, write_contracts: Write) -> None:
    listed, declared, problem = COLUMN_FAULTS[fault]
    root = write_contracts({"columns": listed}, declared)
    with pytest.raises(ContractError, match=rf"(?s)^{problem}"):
        contracts(root, root / "sql")


def test_a_column_declared_twice_is_refused(write_contracts: Write) -> None:
    column = yaml.safe_dump({"employment": {"type": "bigint", "meaning": "Jobs."}})
    root = write_contracts(text={"columns.yml": yaml.safe_dump(SMALL_COLUMNS) + column})
    with pytest.raises(ContractError, match=r"columns\.yml: employment is declared twice"):
        contracts(root, root / "sql")


def test_a_column_that_no_table_has_is_refused(write_contracts: Write) -> None:
    root = write_contracts(columns={"wages": {"type": "double", "meaning": "Wages paid.", "unit": "USD a year"}})
    with pytest.raises(ContractError, match=r"columns\.yml: no table has wages"):
        contracts(root, root / "sql")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ({"columns.yml": "area_id: {type: varchar"}, r"columns\.yml: not valid YAML"),
        ({"columns.yml": "- area_id"}, r"columns\.yml: expected a mapping"),
        ({"tables/marts/area_jobs.yml": "columns: [area_id"}, r"area_jobs\.yml: not valid YAML"),
        ({"tables/marts/area_jobs.yml": "- area_id"}, r"marts/area_jobs\.yml: expected a mapping"),
    ],
)
def test_broken_yaml_is_refused(text: dict[str, str], problem: str, write_contracts: Write) -> None:
    root = write_contracts(text=text)
    with pytest.raises(ContractError, match=problem):
        contracts(root, root / "sql")


# --- faults in CSV -----------------------------------------------------------------------------------------------

FIRMS = Table.model_validate(
    {
        "schema": "seed",
        "name": "firm",
        "description": "Firms of areas.",
        "grain": "one row per area and firm",
        "primary_key": ["area_id", "firm"],
        "sources": ["this project"],
        "csv": "firms/firm.csv",
        "published": False,
        "columns": [
            {"name": "area_id", "type": "varchar", "meaning": "Area of the firm.", "pattern": "^[A-Z]{2}$"},
            {"name": "firm", "type": "varchar", "meaning": "Name of the firm."},
            {
                "name": "owner",
                "type": "varchar",
                "meaning": "Who owns it.",
                "values": ["private", "public"],
                "nullable": True,
            },
            {"name": "jobs", "type": "bigint", "meaning": "Jobs in the firm.", "min": 1, "max": 100},
            {"name": "share_pct", "type": "double", "meaning": "Share of the jobs.", "nullable": True},
            {"name": "is_new", "type": "boolean", "meaning": "Whether it is new."},
        ],
    }
)
HEADER = "area_id,firm,owner,jobs,share_pct,is_new"
GOOD_ROWS = ['TX,"Bolts, Nuts",private,7,12.5,true', "OK,Corn,,100,,false"]


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str) -> Path:
        path = tmp_path / "firms" / "firm.csv"
        path.parent.mkdir()
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return tmp_path

    return write


def refused(root: Path) -> BadInputError:
    with pytest.raises(BadInputError) as error:
        read_csv(FIRMS, root)
    assert str(error.value).startswith("reference table seed.firm: firms/firm.csv: ")
    return error.value


def test_csv_cells_become_typed_values(write_csv: Write) -> None:
    frame = read_csv(FIRMS, write_csv(HEADER, *GOOD_ROWS))
    assert frame.schema == polars_schema(FIRMS)
    assert frame.rows() == [
        ("TX", "Bolts, Nuts", "private", 7, 12.5, True),
        ("OK", "Corn", None, 100, None, False),
    ]


CELL_FAULTS = {
    "empty cell": ("TX,,private,7,,true", "firm is empty", None),
    "decimal jobs": ("TX,Bolts,private,7.5,,true", "jobs is not a whole number in plain digits", "7.5"),
    "thousands separator": ('TX,Bolts,private,"1,000",,true', "jobs is not a whole number in plain digits", "1,000"),
    "leading zero": ("TX,Bolts,private,07,,true", "jobs is not a whole number in plain digits", "07"),
    "plus sign": ("TX,Bolts,private,+7,,true", "jobs is not a whole number in plain digits", "+7"),
    "exponent": ("TX,Bolts,private,7,1e1,true", "share_pct is not a number in plain digits, such as 0.5", "1e1"),
    "text for a number": (
        "TX,Bolts,private,7,10 %,true",
        "share_pct is not a number in plain digits, such as 0.5",
        "10 %",
    ),
    "boolean in capitals": ("TX,Bolts,private,7,,TRUE", "is_new is not true or false in small letters", "TRUE"),
    "value out of the set": ("TX,Bolts,state,7,,true", "owner is not one of private, public", "state"),
    "pattern": ("Texas,Bolts,private,7,,true", "area_id does not look like ^[A-Z]{2}$", "Texas"),
    "below the range": ("TX,Bolts,private,0,,true", "jobs is below 1", "0"),
    "above the range": ("TX,Bolts,private,101,,true", "jobs is above 100", "101"),
}


@pytest.mark.parametrize("fault", CELL_FAULTS)
def test_a_faulty_cell_is_refused_with_its_line(fault: str, write_csv: Write) -> None:
    row, problem, value = CELL_FAULTS[fault]
    error = refused(write_csv(HEADER, *GOOD_ROWS, row, "KS,Wheat,private,7,,true"))
    assert (error.place, error.problem, error.value) == ("line 4", problem, value)
    assert f"line 4: {problem}" in str(error)
    assert value is None or repr(value) in str(error)


def test_a_key_met_twice_is_refused(write_csv: Write) -> None:
    error = refused(write_csv(HEADER, *GOOD_ROWS, "OK,Corn,public,7,,true"))
    assert (error.place, error.problem) == ("line 4", "the key area_id, firm appears twice")
    assert error.value == ("OK", "Corn")


@pytest.mark.parametrize(
    "header",
    [
        HEADER.replace("owner", "owned_by"),
        HEADER.removesuffix(",is_new"),
        f"{HEADER},note",
        HEADER.replace("area_id,firm", "firm,area_id"),
        HEADER.replace("firm", "area_id"),
    ],
    ids=["renamed", "missing", "added", "order", "twice"],
)
def test_other_columns_are_refused(header: str, write_csv: Write) -> None:
    row = ",".join(["x"] * len(header.split(",")))
    error = refused(write_csv(header, row))
    assert error.place == "line 1"
    assert error.problem == f"the columns must be {HEADER.replace(',', ', ')}"
    assert str(error.value).split(", ")[3:5] == header.split(",")[3:5]


def test_a_missing_csv_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path).problem == "the file is missing"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ((), "the file is empty"),
        ((HEADER,), "no rows"),
        ((HEADER, *GOOD_ROWS, "TX,Bolts,private,7,,true,more"), "7 cells where the header has 6"),
    ],
    ids=["empty file", "header only", "cell too many"],
)
def test_a_csv_without_readable_rows_is_refused(lines: tuple[str, ...], problem: str, write_csv: Write) -> None:
    assert refused(write_csv(*lines)).problem.startswith(problem)


def test_every_fault_of_a_csv_is_listed_with_the_line_of_the_file(write_csv: Write) -> None:
    """A cell with breaks of lines and blank lines do not move the lines of the others."""
    rows = ['TX,"Bolts,\nNuts\nand more",private,7,,true', "", "OK,Corn,,0,x,true", ",,,,,", "OK,Corn,state,1,,"]
    with pytest.raises(BadInputsError) as caught:
        read_csv(FIRMS, write_csv(HEADER, *rows))
    assert [(each.place, each.problem.partition(" a n")[0]) for each in caught.value.faults] == [
        ("line 6", "jobs is below 1"),
        ("line 6", "share_pct is not"),
        ("line 8", "the key area_id, firm appears twice"),
        ("line 8", "owner is not one of private, public"),
        ("line 8", "is_new is empty"),
    ]


def test_rows_of_another_length_are_listed_with_a_quote_that_is_not_closed(write_csv: Write) -> None:
    with pytest.raises(BadInputsError) as caught:
        read_csv(FIRMS, write_csv(HEADER, *GOOD_ROWS, "KS,Wheat", "", "NE,a,b,c,d,e,f", 'KS,"open,x', "NE,b"))
    assert [(each.place, each.problem.partition(" where")[0].partition(":")[0]) for each in caught.value.faults] == [
        ("line 4", "2 cells"),
        ("line 6", "7 cells"),
        ("line 7", "a quote opens in this row and is never closed"),
    ]


def test_the_lines_of_rows_are_those_of_the_file(write_csv: Write) -> None:
    root = write_csv(HEADER, GOOD_ROWS[0], "", 'KS,"a\nb",private,7,,true', GOOD_ROWS[1])
    assert read_lines(FIRMS, root).select(LINE, "firm").rows() == [(2, "Bolts, Nuts"), (4, "a\nb"), (6, "Corn")]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_csv_with_other_marks_between_cells_is_told_to_use_commas(mark: str, write_csv: Write) -> None:
    assert "save the file as comma-separated" in refused(write_csv(HEADER.replace(",", mark), "x")).problem


def test_every_pattern_is_said_in_words() -> None:
    """No regular expression reaches a person: a column that has a pattern has its form, too."""
    columns = [(table.table, column) for table in contracts().values() for column in table.columns]
    assert [f"{table}: {column.name}" for table, column in columns if column.pattern and not column.form] == []
    forms = {column.form: column.pattern for _, column in columns if column.form}
    assert len(forms) > 15
    for form, pattern in forms.items():
        for example in re.findall(r"such as ([A-Za-z0-9:.;=/_-]+)", form):
            assert re.search(str(pattern), example), f"{example} is no {form}"


def test_a_csv_in_another_encoding_is_refused(write_csv: Write) -> None:
    root = write_csv(HEADER)
    (root / "firms" / "firm.csv").write_bytes(f"{HEADER}\nTX,Café,private,7,,true\n".encode("latin-1"))
    error = refused(root)
    assert (error.place, error.problem[:22]) == ("line 2", "the byte E9 is not UTF")


def test_a_table_without_csv_cannot_be_read_from_one() -> None:
    with pytest.raises(ContractError, match=r"core\.group_total: no csv is declared"):
        read_csv(contract("core.group_total"), REFERENCE)


# --- faults in frames --------------------------------------------------------------------------------------------


@pytest.fixture
def firms() -> pl.DataFrame:
    rows = [("TX", "Bolts", "private", 7, 12.5, True), ("OK", "Corn", None, 100, None, False)]
    return pl.DataFrame(rows, schema=polars_schema(FIRMS), orient="row")


def test_a_sound_frame_is_written_the_same_each_time(firms: pl.DataFrame, tmp_path: Path) -> None:
    first = write_frame(FIRMS, firms, tmp_path / "first")
    second = write_frame(FIRMS, firms.clone(), tmp_path / "second")
    assert first == parquet_path(tmp_path / "first", FIRMS.table)
    assert pl.read_parquet(first).equals(firms)
    assert first.read_bytes() == second.read_bytes()


def set_cell(column: str, value: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The frame with another value in the second row."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        kept = frame[column].to_list()[:1]
        return frame.with_columns(pl.Series(column, [*kept, value], dtype=frame.schema[column]))

    return change


AT_OK = "at area_id: 'OK', firm: 'Corn'"
FRAME_FAULTS: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "column missing": (lambda frame: frame.drop("jobs"), "columns differ from the contract: missing jobs"),
    "column not declared": (lambda frame: frame.with_columns(pl.lit(1).alias("rank")), "not declared rank"),
    "order of columns": (lambda frame: frame.select(reversed(frame.columns)), "order differs: expected area_id, firm"),
    "type": (lambda frame: frame.cast({"jobs": pl.Float64}), "jobs is Float64, declared bigint"),
    "narrower type": (lambda frame: frame.cast({"jobs": pl.Int32}), "jobs is Int32, declared bigint"),
    "value missing": (set_cell("is_new", None), f"is_new is empty {AT_OK}"),
    "value out of the set": (
        set_cell("owner", "state"),
        f"owner is not one of private, public {AT_OK} (found 'state')",
    ),
    "pattern": (set_cell("area_id", "ok"), "area_id does not look like ^[A-Z]{2}$"),
    "below the range": (set_cell("jobs", 0), f"jobs is below 1 {AT_OK} (found 0)"),
    "above the range": (set_cell("jobs", 101), f"jobs is above 100 {AT_OK} (found 101)"),
    "key twice": (
        lambda frame: pl.concat([frame, frame[1:]]),
        "two rows have the key area_id: 'OK', firm: 'Corn'",
    ),
    "no rows": (lambda frame: frame.clear(), "no rows"),
}


@pytest.mark.parametrize("fault", FRAME_FAULTS)
def test_a_faulty_frame_is_refused(fault: str, firms: pl.DataFrame, tmp_path: Path) -> None:
    change, problem = FRAME_FAULTS[fault]
    check_frame(FIRMS, firms)
    with pytest.raises(ContractError) as error:
        write_frame(FIRMS, change(firms), tmp_path)
    assert str(error.value).startswith("seed.firm: ")
    assert problem in str(error.value)
    assert list(tmp_path.rglob("*.*")) == []


CELLS = {"value missing", "value out of the set", "pattern", "below the range", "above the range"}


@pytest.mark.parametrize("fault", FRAME_FAULTS)
def test_the_cells_of_a_published_table_are_left_to_the_gate(fault: str, firms: pl.DataFrame) -> None:
    change, problem = FRAME_FAULTS[fault]
    published = FIRMS.model_copy(update={"published": True})
    if fault in CELLS:
        check_frame(published, change(firms))
    else:
        with pytest.raises(ContractError, match=re.escape(problem)):
            check_frame(published, change(firms))


def test_missing_and_unknown_columns_are_named_together() -> None:
    with pytest.raises(ContractError, match=r"seed\.firm: .*missing is_new; not declared is_old"):
        check_columns(FIRMS, [*FIRMS.column_names[:-1], "is_old"])


# --- types of a SELECT -------------------------------------------------------------------------------------------

PAY = Table.model_validate(
    SMALL_TABLE
    | {
        "schema": "marts",
        "name": "pay",
        "columns": [
            {"name": "area_id", "type": "varchar", "meaning": "Area of the row."},
            {"name": "jobs", "type": "bigint", "meaning": "Jobs there."},
            {"name": "pay_usd", "type": "double", "meaning": "Pay there."},
        ],
    }
)


def computed(sql: str) -> dict[str, str]:
    with duckdb.connect(":memory:") as connection:
        described = connection.sql(sql)
        return dict(zip(described.columns, map(str, described.types), strict=True))


def test_a_select_is_widened_to_the_declared_types() -> None:
    sql = "select 'TX' as area_id, cast(7 as integer) as jobs, 12.5 as pay_usd"
    assert list(computed(sql).values()) == ["VARCHAR", "INTEGER", "DECIMAL(3,1)"]
    assert list(computed(select_with_types(PAY, sql, computed(sql))).values()) == ["VARCHAR", "BIGINT", "DOUBLE"]


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("select 'TX' as area_id, 7.5 as jobs, 12.5 as pay_usd", r"jobs is DECIMAL\(2,1\), declared bigint"),
        ("select 'TX' as area_id, 7 as jobs, '12.5' as pay_usd", "pay_usd is VARCHAR, declared double"),
        ("select 48 as area_id, 7 as jobs, 12.5 as pay_usd", "area_id is INTEGER, declared varchar"),
        ("select 'TX' as area_id, true as jobs, 12.5 as pay_usd", "jobs is BOOLEAN, declared bigint"),
        ("select 'TX' as area_id, 7 as jobs", "missing pay_usd"),
        ("select 7 as jobs, 'TX' as area_id, 12.5 as pay_usd", "order differs"),
    ],
)
def test_a_select_that_would_be_converted_is_refused(sql: str, problem: str) -> None:
    with pytest.raises(ContractError, match=rf"marts\.pay: .*{problem}"):
        select_with_types(PAY, sql, computed(sql))


@pytest.mark.parametrize(
    ("cell", "problem"),
    [(cell, "not a number in plain digits") for cell in ("nan", "inf", "1e1", "+50", "50.", ".5", "050", "-0.5e-3")],
)
def test_a_number_that_is_none_is_refused_in_a_csv(tmp_path: Path, cell: str, problem: str) -> None:
    table = contracts()[TableName("reference", "method_parameter")]
    good = (REFERENCE / str(table.csv)).read_text(encoding="utf-8").splitlines()
    fields = good[2].split(",")
    fields[1] = cell
    (tmp_path / str(table.csv)).write_text("\n".join([*good[:2], ",".join(fields), *good[3:]]), encoding="utf-8")
    with pytest.raises(BadInputError, match=rf"line 3: value is {problem}.*{re.escape(cell)}"):
        read_csv(table, tmp_path)


@pytest.mark.parametrize("weights", ["engineering=2", "engineering=0.5;", "Engineering", "engineering = 1"], ids=str)
def test_weights_of_a_function_that_cannot_be_read_are_refused_with_line_and_value(
    tmp_path: Path, weights: str
) -> None:
    table = contracts()[TableName("seed", "soc_function")]
    path = tmp_path / str(table.csv)
    path.parent.mkdir()
    header = ",".join(table.column_names)
    rows = ["17-2141,function,engineering=1,Why,a,b", f"17-2199,function,{weights},Why,a,b"]
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    with pytest.raises(BadInputError, match=r"line 3: weights .*") as caught:
        read_csv(table, tmp_path)
    assert caught.value.value == weights.strip('"')


@pytest.mark.parametrize("cell", ['" "', "wage_tail_floor "])
def test_blank_and_untrimmed_text_is_refused_in_a_csv(tmp_path: Path, cell: str) -> None:
    table = contracts()[TableName("reference", "method_parameter")]
    good = (REFERENCE / str(table.csv)).read_text(encoding="utf-8").splitlines()
    rest = good[1].split(",", 1)[1]
    (tmp_path / str(table.csv)).write_text("\n".join([good[0], f"{cell},{rest}", *good[2:]]), encoding="utf-8")
    with pytest.raises(BadInputError, match="line 2: parameter is blank or has blanks at an end"):
        read_csv(table, tmp_path)
