"""Checks a release file again, from the tables that are in it."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.contracts.enforce import check_columns
from pipelines.contracts.model import Table
from pipelines.errors import NoReleaseError
from pipelines.quality.expectations import checked_tables, run_expectations
from pipelines.quality.reconciliation import run_reconciliations
from pipelines.quality.result import CheckResult
from pipelines.tables import parquet_path


def recheck(database: Path, on_table: Callable[[Table], None] | None = None) -> list[CheckResult]:
    """Every check on the tables of a DuckDB file, opened read only. Raises NoReleaseError when it cannot be read."""
    if not database.is_file():
        raise NoReleaseError(f"{database} does not exist; run `lmi run` first")
    with tempfile.TemporaryDirectory() as folder:
        staging = Path(folder)
        try:
            with duckdb.connect(str(database), read_only=True) as connection:
                for table in checked_tables():
                    check_columns(table, list(connection.sql(f"select * from {table.table}").columns))
                    target = parquet_path(staging, table.table)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    connection.sql(f"select * from {table.table}").pl().write_parquet(target)
        except duckdb.Error as error:
            raise NoReleaseError(f"{database} is not a readable release: {error}") from error
        # checks on publishers' tables need more than a release holds
        within = {table.table for table in checked_tables()}
        return run_expectations(staging, checked_tables(), None, on_table) + run_reconciliations(staging, within=within)
