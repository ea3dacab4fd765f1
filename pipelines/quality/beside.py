"""Runs checks in a thread beside a run, each as soon as the tables that it reads are staged.

A check that passed before a release is not run again while it, its code and the files that it reads are the same.
"""

import hashlib
import warnings
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipelines.files import content_sha256
from pipelines.own_files import code_version
from pipelines.quality.check import Check
from pipelines.quality.reconciliation import all_checks
from pipelines.quality.result import CheckResult
from pipelines.quality.suites import Staged, Suites, run_by_table
from pipelines.settings import MEMORY_LIMIT
from pipelines.tables import TableName, parquet_path, row_count
from pipelines.warehouse.engine import connect
from pipelines.warehouse.parts import PART_ROWS
from pipelines.warehouse.slices import YEAR, year_checksums

#: Results of checks by table and name.
Passed = Mapping[tuple[TableName, str], CheckResult]


class Beside:
    """The checks of one staging folder, in one thread: DuckDB and Polars let other threads work."""

    def __init__(self, folder: Path, memory_limit: str = MEMORY_LIMIT, passed: Passed | None = None) -> None:
        """`passed` are checks that passed before a release."""
        self._folder = folder
        self._memory_limit = memory_limit
        self._passed = passed or {}
        self._code = f"{code_version(run_by_table.__module__)} {version('great-expectations')}"
        self._thread = ThreadPoolExecutor(1, "checks")
        self._stack = ExitStack()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._suites: Suites | None = None
        self._checksums: dict[TableName, str] = {}
        self._small: set[TableName] = set()
        self._found: dict[tuple[TableName, str], CheckResult] = {}

    def staged(self, table: TableName) -> None:
        """Begin the checks that a table completes. Those of large tables wait for the end and have the memory alone."""
        self._connect()
        self._thread.submit(self._take, table)

    def finish(self, checks: Iterable[Check]) -> list[CheckResult]:
        """The result of every check on the files that are there now, whatever was found on earlier ones."""
        self._connect()
        return self._thread.submit(self._finish, tuple(checks)).result()

    def close(self) -> None:
        """Stop when the suite that is running has ended."""
        self._thread.shutdown(cancel_futures=True)
        self._stack.close()

    def _connect(self) -> None:
        """In the run's thread, so that both share one engine and its memory limit.

        Great Expectations is imported here too: a library that two threads import at once can be met half made.
        """
        if self._connection is None:
            # it takes Spark in where that is installed, which warns of a pandas that is newer than it knows
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
            import_module("pipelines.quality.gx")
            self._connection = self._stack.enter_context(connect(self._folder, (), self._memory_limit))

    def _take(self, table: TableName) -> None:
        path = parquet_path(self._folder, table)
        self._forget(table)
        self._checksums[table] = content_sha256(path)
        if row_count(path) <= PART_ROWS:
            self._small.add(table)
            self._run([check for check in all_checks() if table in check.upstream and check.upstream <= self._small])

    def _forget(self, table: TableName) -> None:
        self._checksums.pop(table, None)
        self._small.discard(table)
        for check in all_checks():
            if table in check.upstream:
                self._found.pop(check.key, None)

    def _finish(self, checks: tuple[Check, ...]) -> list[CheckResult]:
        for table, checksum in list(self._checksums.items()):
            path = parquet_path(self._folder, table)
            if not path.exists() or content_sha256(path) != checksum:
                self._forget(table)
        self._run([check for check in checks if check.key not in self._found])
        return [self._found[check.key] for check in checks]

    def _run(self, checks: Sequence[Check]) -> None:
        seen = {check.key: self._seen(check) for check in checks}
        results = [check.passed() for check in checks if self._is_kept(check, seen[check.key])]
        kept = {(result.table, result.check) for result in results}
        years = {check.key: self._seen_by_year(check) for check in checks}
        if others := [check for check in checks if check.key not in kept]:
            if self._suites is None:
                assert self._connection is not None
                self._suites = Suites(Staged(self._folder), self._connection)
            self._suites.same |= {check.key: self._same_years(check, years[check.key]) for check in others}
            results += run_by_table(self._suites, others)
        for result in results:
            key = (result.table, result.check)
            self._found[key] = replace(result, seen=seen[key], years=tuple(years[key].items()))

    def _is_kept(self, check: Check, seen: str) -> bool:
        before = self._passed.get(check.key)
        return before is not None and before.seen == seen != ""

    def _same_years(self, check: Check, years: Mapping[str, str]) -> frozenset[str]:
        """The years for which a check passed before."""
        before = self._passed.get(check.key)
        known = {} if before is None else dict(before.years)
        return frozenset(year for year, seen in years.items() if known.get(year) == seen)

    def _seen(self, check: Check) -> str:
        """One checksum of a check, its code and the files that it reads; none while one of them is missing."""
        files = self._files(check)
        lines = [self._code, check.definition, *(f"{name} {checksum}" for name, (_, checksum) in files.items())]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest() if files else ""

    def _seen_by_year(self, check: Check) -> dict[str, str]:
        """The same for each year of a check that runs year by year."""
        if check.parts[:1] != (YEAR,):
            return {}
        return year_checksums([self._code, check.definition], self._files(check), check.years_before)

    def _files(self, check: Check) -> dict[str, tuple[Path, str]]:
        """The files that a check reads, with their checksums, by table; none while one of them is missing."""
        files = {}
        for table in sorted(check.upstream):
            path = parquet_path(self._folder, table)
            if table not in self._checksums:
                if not path.exists():
                    return {}
                self._checksums[table] = content_sha256(path)
            files[str(table)] = (path, self._checksums[table])
        return files


@contextmanager
def checks_beside(
    folder: Path, memory_limit: str = MEMORY_LIMIT, passed: Passed | None = None
) -> Generator[Beside, None, None]:
    """Checks that end with the block; as Beside."""
    beside = Beside(folder, memory_limit, passed)
    try:
        yield beside
    finally:
        beside.close()
