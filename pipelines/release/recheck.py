"""Checks the tables of a release file again."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.contracts.enforce import check_columns
from pipelines.errors import NoReleaseError, machine_error
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import release_checks
from pipelines.quality.result import CheckResult
from pipelines.quality.suites import run_checks
from pipelines.tables import TableName, parquet_path, quote


def recheck(database: Path, on_table: Callable[[TableName], None] | None = None) -> list[CheckResult]:
    """The results of every check on a DuckDB file, opened read only. Raises NoReleaseError when it cannot be read."""
    if not database.is_file():
        problem = (
            "is a folder; give the DuckDB file in it" if database.is_dir() else "does not exist; run `lmi run` first"
        )
        raise NoReleaseError(f"{database} {problem}")
    with tempfile.TemporaryDirectory() as folder:
        staging = Path(folder)
        try:
            with duckdb.connect(str(database), read_only=True) as connection:
                for table in checked_tables():
                    check_columns(table, list(connection.sql(f"select * from {table.table}").columns))
                    target = parquet_path(staging, table.table)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    connection.execute(f"copy {table.table} to {quote(target)} (format parquet)")
        except duckdb.Error as error:
            raise machine_error(error) or NoReleaseError(f"{database} is not a readable release: {error}") from error
        return run_checks(staging, release_checks(), on_table=on_table)
