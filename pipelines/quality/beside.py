"""Runs checks in a thread beside a run, each as soon as the tables that it reads are staged."""

from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path

import duckdb

from pipelines.files import content_sha256
from pipelines.quality.check import Check
from pipelines.quality.reconciliation import all_checks
from pipelines.quality.result import CheckResult
from pipelines.quality.suites import Suites, run_by_table
from pipelines.settings import MEMORY_LIMIT
from pipelines.tables import TableName, parquet_path, row_count
from pipelines.warehouse.engine import connect
from pipelines.warehouse.parts import PART_ROWS


class Beside:
    """The checks of one staging folder, in one thread: DuckDB and Polars let other threads work."""

    def __init__(self, folder: Path, memory_limit: str = MEMORY_LIMIT) -> None:
        self._folder = folder
        self._memory_limit = memory_limit
        self._thread = ThreadPoolExecutor(1, "checks")
        self._stack = ExitStack()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._suites: Suites | None = None
        self._checksums: dict[TableName, str] = {}
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
            import_module("pipelines.quality.gx")
            self._connection = self._stack.enter_context(connect(self._folder, (), self._memory_limit))

    def _take(self, table: TableName) -> None:
        path = parquet_path(self._folder, table)
        self._forget(table)
        if row_count(path) <= PART_ROWS:
            self._checksums[table] = content_sha256(path)
            staged = self._checksums.keys()
            self._run([check for check in all_checks() if table in check.upstream and check.upstream <= staged])

    def _forget(self, table: TableName) -> None:
        self._checksums.pop(table, None)
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
        if checks and self._suites is None:
            assert self._connection is not None
            self._suites = Suites(self._folder, self._connection)
        if self._suites is not None:
            self._found |= {(result.table, result.check): result for result in run_by_table(self._suites, checks)}


@contextmanager
def checks_beside(folder: Path, memory_limit: str = MEMORY_LIMIT) -> Generator[Beside, None, None]:
    """Checks that end with the block."""
    beside = Beside(folder, memory_limit)
    try:
        yield beside
    finally:
        beside.close()
