"""Runs one SQL file over small tables written as Parquet, as the warehouse does."""

import shutil
from collections.abc import Callable

import polars as pl
import pytest
from sql_inputs import DEFAULTS, Tables, typed_table

from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import sql_tables
from pipelines.warehouse.staging import stage_sql

RunSql = Callable[[str, Tables], pl.DataFrame]


@pytest.fixture(scope="session")
def run_sql(tmp_path_factory: pytest.TempPathFactory) -> RunSql:
    """`run_sql("core.group_total", {"core.occupation_group": [...], ...})` gives the rows of that SQL file.

    Exactly the tables that the file reads must be given, apart from those with a default.
    """
    # one folder, for the engine stays with it
    folder = tmp_path_factory.mktemp("staging")

    def run(name: str, tables: Tables) -> pl.DataFrame:
        target = sql_tables()[TableName.parse(name)]
        needed = {str(table) for table in target.upstream}
        given = {**{table: rows for table, rows in DEFAULTS.items() if table in needed}, **tables}
        assert given.keys() == needed, f"{name} reads {sorted(needed)}, given {sorted(given)}"
        try:
            for table, rows in given.items():
                path = parquet_path(folder, TableName.parse(table))
                path.parent.mkdir(exist_ok=True)
                typed_table(table, rows).write_parquet(path)
            stage_sql(target, folder, "test", memory_limit="500MB")
            return pl.read_parquet(parquet_path(folder, target.table), glob=False)
        finally:
            for schema in folder.iterdir():
                shutil.rmtree(schema)

    return run


@pytest.fixture(scope="session")
def run_indicators(run_sql: RunSql) -> Callable[[Tables], pl.DataFrame]:
    """`run_indicators(tables)` gives the rows of marts.industry_indicators, of the sums that the same tables make."""

    def run(tables: Tables) -> pl.DataFrame:
        made = dict(tables)
        for name in ("core.industry_sum", "core.industry_nation", "marts.industry_indicators"):
            needed = {str(table) for table in sql_tables()[TableName.parse(name)].upstream}
            made[name] = run_sql(name, {table: rows for table, rows in made.items() if table in needed})
        return made["marts.industry_indicators"]

    return run
