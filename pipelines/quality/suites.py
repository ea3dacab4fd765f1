"""Runs checks as Great Expectations suites over DuckDB views of staged tables: every check, on every row."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import Stopped
from pipelines.quality.check import Check
from pipelines.quality.result import CheckResult
from pipelines.settings import MEMORY_LIMIT
from pipelines.tables import TableName, parquet_path, parquet_source
from pipelines.warehouse.engine import connect
from pipelines.warehouse.parts import Only, Part, database_parts, parts

#: Checks in one suite: Great Expectations compares each with all others of its suite.
_TOGETHER = 20


class Staged:
    """The staged tables of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, table: TableName) -> bool:
        """Whether a table is there."""
        return parquet_path(self._folder, table).exists()

    def rows(self, table: TableName, years: Collection[str]) -> str:
        """What stands in SQL for the rows of a table, of which those of some years are read, all if none is told."""
        return parquet_source(parquet_path(self._folder, table), years=years)

    def parts(self, check: Check) -> list[Part]:
        """The parts of tables that a check runs over one after another."""
        return parts(self._folder, sorted(check.upstream), check.parts, check.years_before)


class Attached:
    """The tables of a database that is attached to the connection of the checks under a name."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
        self._connection, self._catalog = connection, catalog
        names = "select schema_name, table_name from duckdb_tables() where database_name = ?"
        found = connection.execute(names, [catalog])
        self._tables = {TableName(schema, name) for schema, name in found.fetchall()}

    def has(self, table: TableName) -> bool:
        """Whether a table is there."""
        return table in self._tables

    def rows(self, table: TableName, _: Collection[str]) -> str:
        """What stands in SQL for the rows of a table."""
        return f"{self._catalog}.{table}"

    def parts(self, check: Check) -> list[Part]:
        """The parts of tables that a check runs over one after another."""
        tables = sorted(check.upstream)
        return database_parts(self._connection, self._catalog, tables, check.parts, check.years_before)


class Suites:
    """Checks tables, one table's checks at a time."""

    def __init__(self, tables: Staged | Attached, connection: duckdb.DuckDBPyConnection) -> None:
        from pipelines.quality import gx  # noqa: PLC0415

        self._gx = gx
        self._tables = tables
        self._connection = connection
        catalog = connection.sql("select current_database()").fetchall()[0][0]
        gx.OpenDuckDB.connections[catalog] = connection
        self._source = gx.open_datasource(catalog)
        self._batches: dict[TableName, Any] = {}
        #: Values of the first column of parts for which a check need not be run, by table and name.
        self.same: dict[tuple[TableName, str], frozenset[str]] = {}

    def run(self, table: TableName, checks: Sequence[Check]) -> list[CheckResult]:
        """The results of checks of one table, in order.

        A check that reads a table that is not staged, or that cannot be run, fails with severity error.
        """
        results: dict[str, CheckResult] = {}
        ready: list[Check] = []
        for check in checks:
            missing = sorted(each for each in check.upstream if not self._tables.has(each))
            if missing:
                results[check.name] = check.could_not_run(f"not staged: {', '.join(map(str, missing))}")
            else:
                ready.append(check)
        together: dict[tuple[object, ...], list[Check]] = {}
        for check in ready:
            # checks without parts run together, over all rows of all that they read
            how = (check.parts, check.years_before, check.in_every_part, check.upstream) if check.parts else ()
            together.setdefault(how, []).append(check)
        for some in together.values():
            results |= self._in_parts(table, some)
        return [results[check.name] for check in checks]

    def _in_parts(self, table: TableName, checks: Sequence[Check]) -> dict[str, CheckResult]:
        """The results of checks with the same parts by name; one of which every part is the same has passed."""
        first = checks[0]
        outcomes: dict[str, list[Any]] = {}
        for part in self._tables.parts(first):
            some = [check for check in checks if part.value is None or part.value not in self.same.get(check.key, ())]
            if some:
                tables = {each for check in some for each in check.upstream}
                self._show(tables, partial(_with_always, part.only, first.in_every_part), part.years)
                own = [_of_part(check, part) for check in some]
                for check, outcome in self._validate(table, own):
                    outcomes.setdefault(check.name, []).append(outcome)
        return {
            check.name: _judge(check, outcomes[check.name]) if check.name in outcomes else check.passed()
            for check in checks
        }

    def _show(self, tables: Iterable[TableName], only: Only, years: Collection[str]) -> None:
        """Make each table a view of the rows that `only` chooses, which are of `years`, any if none is told."""
        for table in sorted(tables):
            rows = self._tables.rows(table, years)
            self._connection.execute(f"create schema if not exists {table.schema}")
            self._connection.execute(f"create or replace view {table} as select * from {rows} where {only(table)}")

    def _validate(self, table: TableName, checks: Sequence[Check]) -> list[tuple[Check, Any]]:
        """What Great Expectations says of each check; None where it says nothing.

        Whether checks pass is asked in one call; what those that fail saw, in another.
        """
        if not checks:
            return []
        found = self._ask(table, checks, "BOOLEAN_ONLY")
        failed = [check for check in checks if (outcome := found.get(check.name)) is not None and not outcome.success]
        found |= self._ask(table, failed, "BASIC") if failed else {}
        return [(check, found.get(check.name)) for check in checks]

    def _ask(self, table: TableName, checks: Sequence[Check], result_format: str) -> dict[str, Any]:
        if table not in self._batches:
            asset = self._source.add_table_asset(str(table), table_name=table.name, schema_name=table.schema)
            self._batches[table] = asset.add_batch_definition_whole_table("all")
        batch = self._batches[table].get_batch()
        outcomes: dict[str, Any] = {}
        for first in range(0, len(checks), _TOGETHER):
            some = [self._expectation(each) for each in checks[first : first + _TOGETHER]]
            suite = self._gx.table_suite(str(table), some)
            found = batch.validate(suite, result_format={"result_format": result_format})
            outcomes |= {outcome.expectation_config.meta["check"]: outcome for outcome in found.results}
        return outcomes

    def _expectation(self, check: Check) -> Any:
        described = {
            "meta": {"check": check.name, "severity": check.severity.value, "expected": check.expected},
            "description": check.description,
        }
        if check.sql:
            return self._gx.failing_rows(check.sql, **described)
        return self._gx.expectation(check.expectation, **check.arguments, **described)


def _of_part(check: Check, part: Part) -> Check:
    """A check that tells of rows of its part only, where it reads rows of others, too."""
    sql = part.own(check.sql)
    if check.in_every_part:
        sql = f"select * from (\n{sql}\n) where {part.only(check.table)}"
    return replace(check, sql=sql)


def _with_always(only: Only, always: str, table: TableName) -> str:
    """The condition of a part, with rows that are in every part."""
    condition = only(table)
    return f"{condition} or {always}" if always and condition != "true" else condition


def run_by_table(
    suites: Suites, checks: Iterable[Check], on_table: Callable[[TableName], None] | None = None
) -> list[CheckResult]:
    """The results of checks, a suite for each table; `on_table` is called as each table begins."""
    by_table: dict[TableName, list[Check]] = {}
    for check in checks:
        by_table.setdefault(check.table, []).append(check)
    results = []
    for table, some in by_table.items():
        if on_table is not None:
            on_table(table)
        results += suites.run(table, some)
        # Great Expectations takes any exception for a check that failed, and a failed check is run again
        Stopped.again()
    return results


def run_checks(
    folder: Path,
    checks: Iterable[Check],
    memory_limit: str = MEMORY_LIMIT,
    on_table: Callable[[TableName], None] | None = None,
) -> list[CheckResult]:
    """Run checks over the Parquet files of a folder, in the engine that the run's tables are made in."""
    with connect(folder, (), memory_limit) as connection:
        return run_by_table(Suites(Staged(folder), connection), checks, on_table)


def _raised(info: Any) -> str | None:
    """The message of an exception inside an expectation; Great Expectations nests them by metric or not at all."""
    if not isinstance(info, dict):
        return None
    entries = [info] if "raised_exception" in info else [entry for entry in info.values() if isinstance(entry, dict)]
    for entry in entries:
        if entry.get("raised_exception"):
            # SQLAlchemy says the whole query after the engine's words
            return str(entry.get("exception_message") or "an exception without a message").partition("\n[SQL:")[0]
    return None


def _judge(check: Check, outcomes: Sequence[Any]) -> CheckResult:
    """The result of a check from the outcome of each part; one without an answer, or that raised, has failed."""
    failed = []
    for outcome in outcomes:
        if outcome is None:
            return check.could_not_run("the expectation gave no result")
        if (message := _raised(outcome.exception_info)) is not None:
            return check.could_not_run(f"could not be checked: {message}")
        if outcome.success is not True:
            failed.append(outcome.result)
    if not outcomes:
        return check.could_not_run("the expectation gave no result")
    if not failed:
        return check.passed()
    if check.sql:
        shown = "; ".join(result["details"]["rows"] for result in failed)
        return check.failed(sum(int(result["observed_value"]) for result in failed), shown)
    return _judge_values(check, failed, of_all=len(outcomes) == 1)


def _judge_values(check: Check, results: Sequence[dict[str, Any]], *, of_all: bool) -> CheckResult:
    """The result of a failed expectation of Great Expectations' own: of a table, or of each value of a column."""
    from pipelines.quality.gx import SHOWN_ROWS, show_value  # noqa: PLC0415

    first = results[0]
    if first.get("unexpected_count") is None:
        seen = first.get("observed_value")
        return check.failed(None, ", ".join(map(str, seen)) if isinstance(seen, list) else f"{seen}")
    count = sum(int(result["unexpected_count"]) for result in results)
    found = [value for result in results for value in result.get("partial_unexpected_list") or ()]
    shown = "; ".join(list(dict.fromkeys(show_value(value) for value in found if value is not None))[:SHOWN_ROWS])
    rows = f"{count} of {first.get('element_count')} rows" if of_all else f"{count} rows"
    return check.failed(count, rows + (f": {shown}" if shown else ""))
