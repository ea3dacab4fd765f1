"""Checks that are one SELECT of failing rows, run in DuckDB over staged tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.warehouse.engine import connect, parquet_path
from pipelines.warehouse.sql_tables import TableName

#: Failing rows shown in a result.
SHOWN_ROWS = 3


@dataclass(frozen=True)
class RowCheck:
    """A SELECT that returns the rows of `table` that are wrong, and the tables it reads."""

    table: TableName
    name: str
    kind: Kind
    severity: Severity
    expected: str
    description: str
    sql: str
    upstream: frozenset[TableName]

    def result(
        self, *, passed: bool, failing_rows: int | None, observed: str | None, severity: Severity | None = None
    ) -> CheckResult:
        """The result of this check; `severity` where it differs from the declared one."""
        return CheckResult(
            table=self.table,
            check=self.name,
            kind=self.kind,
            severity=severity or self.severity,
            passed=passed,
            failing_rows=failing_rows,
            observed=observed,
            expected=self.expected,
            description=self.description,
        )

    def could_not_run(self, reason: str) -> CheckResult:
        """A failure that blocks whatever the severity: what was not looked at is not known to be right."""
        return self.result(passed=False, failing_rows=None, observed=reason, severity=Severity.ERROR)


def show_value(value: object) -> str:
    """A value as short text; numbers without digits that only floating point adds."""
    if value is None:
        return "missing"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def show_rows(rows: pl.DataFrame) -> str:
    """The first rows as `column=value, ...; ...`."""
    shown = "; ".join(
        ", ".join(f"{name}={show_value(value)}" for name, value in row.items())
        for row in rows.head(SHOWN_ROWS).iter_rows(named=True)
    )
    more = rows.height - SHOWN_ROWS
    return f"{shown}; and {more} more" if more > 0 else shown


def _run(connection: duckdb.DuckDBPyConnection, check: RowCheck) -> CheckResult:
    try:
        failing = connection.sql(check.sql).pl()
    except duckdb.Error as error:
        return check.could_not_run(f"the query failed: {error}")
    if failing.is_empty():
        return check.result(passed=True, failing_rows=0, observed=None)
    return check.result(passed=False, failing_rows=failing.height, observed=show_rows(failing))


def run_row_checks(folder: Path, checks: Iterable[RowCheck]) -> list[CheckResult]:
    """Run checks over the Parquet of `folder`, one result each.

    A check that reads a table that is not staged, or whose query fails, fails with severity error.
    """
    checks = list(checks)
    read = {table for check in checks for table in check.upstream}
    staged = sorted(table for table in read if parquet_path(folder, table).is_file())
    results = []
    with connect(folder, staged) as connection:
        for check in checks:
            missing = sorted(check.upstream.difference(staged))
            if missing:
                results.append(check.could_not_run(f"not staged: {', '.join(map(str, missing))}"))
            else:
                results.append(_run(connection, check))
    return results
