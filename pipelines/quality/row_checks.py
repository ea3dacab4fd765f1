"""Checks that are one SELECT of failing rows, run in DuckDB over staged tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import duckdb
import polars as pl
import pyarrow as pa

from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.settings import MEMORY_LIMIT
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.engine import connect
from pipelines.warehouse.parts import split

#: Failing rows shown in a result.
SHOWN_ROWS = 3


@dataclass(frozen=True)
class RowCheck:
    """A SELECT that returns the rows of `table` that are wrong, and the tables it reads.

    Rows that differ in a column of `parts` have nothing to do with each other in it, so that it is run in parts.
    """

    table: TableName
    name: str
    kind: Kind
    severity: Severity
    expected: str
    description: str
    sql: str
    upstream: frozenset[TableName]
    parts: tuple[str, ...] = ()

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


def show_rows(rows: pl.DataFrame, count: int) -> str:
    """The first of `count` rows as `column=value, ...; ...`."""
    shown = "; ".join(
        ", ".join(f"{name}={show_value(value)}" for name, value in row.items())
        for row in rows.head(SHOWN_ROWS).iter_rows(named=True)
    )
    more = count - SHOWN_ROWS
    return f"{shown}; and {more} more" if more > 0 else shown


def _failing(connection: duckdb.DuckDBPyConnection, check: RowCheck) -> tuple[int, pl.DataFrame]:
    """The number of failing rows and the first of them: of a large table that is all wrong they are millions."""
    batches = connection.sql(check.sql).to_arrow_reader(100_000)
    first = cast(pl.DataFrame, pl.from_arrow(batches.schema.empty_table()))
    count = 0
    for batch in batches:
        if count < SHOWN_ROWS:
            rows = cast(pl.DataFrame, pl.from_arrow(pa.Table.from_batches([batch])))
            first = pl.concat([first, rows.head(SHOWN_ROWS)]).head(SHOWN_ROWS)
        count += batch.num_rows
    return count, first


def _run(folder: Path, whole: duckdb.DuckDBPyConnection, check: RowCheck, memory_limit: str) -> CheckResult:
    found = []
    try:
        parts = split(folder, sorted(check.upstream), check.parts)
        if len(parts) == 1:
            found.append(_failing(whole, check))
        else:
            for only in parts:
                with connect(folder, sorted(check.upstream), memory_limit, only) as connection:
                    found.append(_failing(connection, check))
    except duckdb.Error as error:
        return check.could_not_run(f"the query failed: {error}")
    failing = sum(count for count, _ in found)
    if not failing:
        return check.result(passed=True, failing_rows=0, observed=None)
    shown = show_rows(pl.concat(rows for _, rows in found), failing)
    return check.result(passed=False, failing_rows=failing, observed=shown)


def run_row_checks(folder: Path, checks: Iterable[RowCheck], memory_limit: str = MEMORY_LIMIT) -> list[CheckResult]:
    """Run checks over the Parquet of `folder`, one result each.

    A check that reads a table that is not staged, or whose query fails, fails with severity error.
    """
    checks = list(checks)
    read = {table for check in checks for table in check.upstream}
    staged = sorted(table for table in read if parquet_path(folder, table).is_file())
    results = []
    with connect(folder, staged, memory_limit) as connection:
        for check in checks:
            missing = sorted(check.upstream.difference(staged))
            if missing:
                results.append(check.could_not_run(f"not staged: {', '.join(map(str, missing))}"))
            else:
                results.append(_run(folder, connection, check, memory_limit))
    return results
