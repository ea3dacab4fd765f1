"""Tables checked while the next ones are made: the same verdict, and only on the files that are there at the end."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.model import Table, contracts
from pipelines.quality import early
from pipelines.quality.child import Child
from pipelines.quality.early import check_soon, early_checks, run_beside
from pipelines.quality.expectations import run_expectations
from pipelines.quality.result import CheckResult
from pipelines.quality.validation import table_checksums
from pipelines.tables import TableName, parquet_path

NAMES = [TableName("core", "occupation_group"), TableName("marts", "soc_allocation"), TableName("core", "group_total")]
CHANGED = NAMES[1]


@pytest.fixture(scope="module", autouse=True)
def process() -> Iterator[None]:
    """One process for all tests of this file: Great Expectations takes seconds to import."""
    with early_checks():
        yield


@pytest.fixture
def tables() -> tuple[Table, ...]:
    return tuple(contracts()[name] for name in NAMES)


@pytest.fixture
def folder(world: Path, tmp_path: Path) -> Path:
    target = tmp_path / "staging"
    shutil.copytree(world, target)
    return target


def _break(folder: Path) -> None:
    path = parquet_path(folder, CHANGED)
    frame = pl.read_parquet(path)
    pl.concat([frame, frame.head(1)]).write_parquet(path)


def _run(folder: Path, tables: tuple[Table, ...], docs: Path | None) -> list[CheckResult]:
    with run_beside(folder, tables, docs, table_checksums(folder, tables)) as results:
        assert results == []
    return results


def test_early_results_are_those_of_a_check_at_the_end(folder: Path, tables: tuple[Table, ...], tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    for name in NAMES[:2]:
        check_soon(folder, name, docs)
    found = _run(folder, tables, docs)
    assert found == run_expectations(folder, tables)
    assert {result.passed for result in found} == {True}
    for name in NAMES:
        assert list((docs / "validations" / name.schema / name.name).rglob("*.html"))
    _break(folder)
    broken = _run(folder, tables, docs)
    assert [result.check for result in broken if not result.passed] == ["primary_key_unique"]
    assert [(result.table, result.check) for result in broken] == [(result.table, result.check) for result in found]


def test_a_file_that_changed_after_its_early_check_is_checked_again(folder: Path, tables: tuple[Table, ...]) -> None:
    for name in NAMES:
        check_soon(folder, name, None)
    early._running[0].call(abs, 1)()  # those are done
    _break(folder)
    (failed,) = [result for result in _run(folder, tables, None) if not result.passed]
    assert (failed.table, failed.check, failed.failing_rows) == (CHANGED, "primary_key_unique", 2)


def test_a_table_that_is_staged_again_is_checked_as_it_is_last(folder: Path, tables: tuple[Table, ...]) -> None:
    good = parquet_path(folder, CHANGED).read_bytes()
    _break(folder)
    check_soon(folder, CHANGED, None)
    early._running[0].call(abs, 1)()
    parquet_path(folder, CHANGED).write_bytes(good)
    check_soon(folder, CHANGED, None)
    assert [result for result in _run(folder, tables, None) if not result.passed] == []


def test_the_process_that_runs_is_used() -> None:
    running = list(early._running)
    with early_checks():
        assert early._running == running
    assert early._running == running


def test_what_no_process_waits_for_and_what_is_not_checked_are_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    monkeypatch.setattr(Child, "call", lambda *call: calls.append(call))
    check_soon(folder, TableName("raw", "soc"), None)
    monkeypatch.setattr(early, "_running", [])
    check_soon(folder, CHANGED, None)
    assert calls == []
