"""Expectations on tables as soon as they are staged, in a process of their own, while the next tables are made."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

from pipelines.contracts.model import Table
from pipelines.quality.child import Child, child_process
from pipelines.quality.expectations import (
    CheckedTable,
    Expectations,
    checked_tables,
    conclude,
    load_gx,
    run_expectations,
)
from pipelines.quality.result import CheckResult
from pipelines.tables import TableName, parquet_path


class _Checked:
    """What the process of its own has found so far."""

    def __init__(self, docs: Path | None) -> None:
        self.docs = docs
        self.expectations = Expectations(docs)
        self.tables: dict[TableName, CheckedTable] = {}

    def check(self, table: Table, folder: Path) -> None:
        self.tables[table.table] = self.expectations.check(table, parquet_path(folder, table.table))


#: In the process of its own, the tables it has checked; None before the first.
_checked: _Checked | None = None

#: In the run's process, the process of its own.
_running: list[Child] = []


def _check(folder: Path, table: Table, docs: Path | None) -> None:
    """Check one table now; one that is staged again, or for other Data Docs, lets everything begin anew."""
    global _checked  # noqa: PLW0603
    if _checked is None or _checked.docs != docs or table.table in _checked.tables:
        _checked = _Checked(docs)
    _checked.check(table, folder)


def _finish(
    folder: Path, tables: tuple[Table, ...], docs: Path | None, checksums: Mapping[str, str]
) -> list[CheckResult]:
    """Every result, of tables that were checked early only where their file is the same."""
    global _checked
    checked, _checked = _checked, None
    if checked is None or checked.docs != docs:
        return run_expectations(folder, tables, docs)
    if any(checksums.get(str(name)) != found.sha256 for name, found in checked.tables.items()):
        return run_expectations(folder, tables, docs)
    for table in tables:
        if table.table not in checked.tables:
            checked.check(table, folder)
    results = [result for table in tables for result in checked.tables[table.table].results]
    return conclude(checked.expectations, folder, tables, results)


@contextmanager
def early_checks() -> Generator[None, None, None]:
    """Have a process of its own import Great Expectations, and check the tables that it is told of."""
    if _running:
        yield
        return
    with child_process() as child:
        child.call(load_gx)
        _running.append(child)
        try:
            yield
        finally:
            _running.clear()


def check_soon(folder: Path, table: TableName, docs: Path | None) -> None:
    """Let a table that was just staged be checked, where a process for that runs; `run_beside` has the results."""
    contract = next((each for each in checked_tables() if each.table == table), None)
    if _running and contract is not None:
        _running[0].call(_check, folder, contract, docs)


@contextmanager
def run_beside(
    folder: Path, tables: tuple[Table, ...], docs: Path | None, checksums: Mapping[str, str]
) -> Generator[list[CheckResult], None, None]:
    """`run_expectations` beside the work of the block; the list has the results at the block's end.

    `checksums` are the SHA-256 of each table's file: what was found early holds for files of these only.
    """
    results: list[CheckResult] = []
    with nullcontext(_running[0]) if _running else child_process() as child:
        finished = child.call(_finish, folder, tables, docs, dict(checksums))
        yield results
        results += finished()
