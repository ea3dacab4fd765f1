"""Tables checked while the next ones are made: the same verdict, and only on the files that are there at the end."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.quality import beside
from pipelines.quality.beside import Beside, Passed, checks_beside
from pipelines.quality.check import Check
from pipelines.quality.reconciliation import all_checks
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.quality.suites import Suites, run_checks
from pipelines.quality.validation import Validation
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse import parts as warehouse_parts
from pipelines.warehouse.parts import Only

NAMES = {TableName("core", "occupation_group"), TableName("marts", "soc_allocation"), TableName("reference", "area")}
CHANGED = TableName("marts", "soc_allocation")
CHECKS = [check for check in all_checks() if check.upstream <= NAMES]


@pytest.fixture
def folder(world: Path, tmp_path: Path) -> Path:
    return shutil.copytree(world, tmp_path / "staging")


@pytest.fixture
def running(folder: Path) -> Iterator[Beside]:
    with checks_beside(folder) as checks:
        yield checks


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Check]:
    """Every check that is run, in order."""
    seen: list[Check] = []
    run = Suites.run

    def watched(suites: Suites, table: TableName, checks: list[Check]) -> object:
        seen.extend(checks)
        return run(suites, table, checks)

    monkeypatch.setattr(Suites, "run", watched)
    return seen


def _break(folder: Path) -> None:
    path = parquet_path(folder, CHANGED)
    frame = pl.read_parquet(path)
    pl.concat([frame, frame.head(1)]).write_parquet(path)


def _wait(running: Beside) -> None:
    running._thread.submit(int).result()


def test_early_results_are_those_of_a_check_at_the_end(folder: Path, running: Beside, ran: list[Check]) -> None:
    for name in sorted(NAMES):
        running.staged(name)
    _wait(running)
    early = list(ran)
    assert {check.key for check in early} == {check.key for check in CHECKS}
    assert {replace(each, seen="", years=()) for each in running.finish(CHECKS)} == set(run_checks(folder, CHECKS))
    assert len(ran) == len(early) + len(CHECKS), "none was run again at the end"


def test_a_check_waits_for_all_tables_that_it_reads(running: Beside, ran: list[Check]) -> None:
    running.staged(CHANGED)
    _wait(running)
    assert {check.upstream for check in ran} == {frozenset({CHANGED})}


def test_a_file_that_changed_after_its_early_check_is_checked_again(folder: Path, running: Beside) -> None:
    for name in NAMES:
        running.staged(name)
    _wait(running)
    _break(folder)
    failed = [result for result in running.finish(CHECKS) if not result.passed]
    assert (CHANGED, "primary_key_unique", 1) in {(each.table, each.check, each.failing_rows) for each in failed}


def test_a_table_that_is_staged_again_is_checked_as_it_is_last(folder: Path, running: Beside) -> None:
    good = parquet_path(folder, CHANGED).read_bytes()
    _break(folder)
    running.staged(CHANGED)
    _wait(running)
    parquet_path(folder, CHANGED).write_bytes(good)
    running.staged(CHANGED)
    assert [result for result in running.finish(CHECKS) if not result.passed] == []


def test_a_large_table_waits_for_the_end(running: Beside, ran: list[Check], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "PART_ROWS", 1)
    running.staged(CHANGED)
    _wait(running)
    assert ran == []
    assert [result for result in running.finish(CHECKS) if not result.passed] == []


def test_a_failure_of_an_early_check_is_told_at_the_end(running: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no engine")

    monkeypatch.setattr(Suites, "run", broken)
    running.staged(CHANGED)
    with pytest.raises(RuntimeError, match="no engine"):
        running.finish(CHECKS)


def _passed(folder: Path) -> Passed:
    """The checks of the folder that passed, as a release's verdict has them."""
    with checks_beside(folder) as checks:
        return Validation("", {}, tuple(checks.finish(CHECKS))).passed


def test_checks_that_passed_on_the_same_files_are_not_run_again(folder: Path, ran: list[Check]) -> None:
    before = _passed(folder)
    ran.clear()
    with checks_beside(folder, passed=before) as again:
        for name in NAMES:
            again.staged(name)
        results = again.finish(CHECKS)
    assert ran == []
    assert [result.check for result in results if result.passed] == [check.name for check in CHECKS]
    assert {(result.table, result.check): result for result in results} == before


def test_checks_that_read_a_changed_file_are_run_again_and_no_others(folder: Path, ran: list[Check]) -> None:
    before = _passed(folder)
    ran.clear()
    _break(folder)
    with checks_beside(folder, passed=before) as again:
        results = again.finish(CHECKS)
    assert {check.key for check in ran} == {check.key for check in CHECKS if CHANGED in check.upstream}
    failed = {(result.table, result.check) for result in results if not result.passed}
    assert (CHANGED, "primary_key_unique") in failed


@pytest.mark.parametrize(
    "changed",
    [
        lambda check, _: replace(check, sql=f"{check.sql} -- other"),
        lambda check, _: replace(check, arguments={"column": "other"}),
        lambda check, beside: setattr(beside, "_code", "other") or check,
    ],
    ids=["sql", "arguments", "code"],
)
def test_a_check_that_is_another_one_now_is_run_again(
    folder: Path, ran: list[Check], changed: Callable[[Check, Beside], Check]
) -> None:
    check = next(check for check in CHECKS if check.name == "primary_key_unique")
    before = _passed(folder)
    ran.clear()
    with checks_beside(folder, passed=before) as again:
        (result,) = again.finish([changed(check, again)])
    assert result.passed
    assert len(ran) == 1


def test_a_check_that_failed_or_whose_files_are_missing_is_run_again(folder: Path, ran: list[Check]) -> None:
    _break(folder)
    before = _passed(folder)
    assert (CHANGED, "primary_key_unique") not in before
    gone = parquet_path(folder, CHANGED)
    gone.unlink()
    ran.clear()
    with checks_beside(folder, passed={check.key: check.passed() for check in CHECKS}) as again:
        results = again.finish(CHECKS)
    assert {check.key for check in CHECKS} == {check.key for check in ran}
    assert {result.passed for result in results if result.table == CHANGED} == {False}


CELL = TableName("core", "qcew_cell")
BY_YEAR = Check(
    table=CELL,
    name="no_negative_jobs",
    kind=Kind.RECONCILIATION,
    severity=Severity.ERROR,
    expected="jobs of zero or more",
    description="Jobs are not below zero.",
    upstream=frozenset({CELL}),
    sql="select year, area_id, jobs from core.qcew_cell where jobs < 0 order by year, area_id",
    parts=("year", "area_id"),
)


def _write_cells(folder: Path, years: dict[int, int]) -> None:
    """Cells of two areas by year, each year in a row group of its own."""
    path = parquet_path(folder, CELL)
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = [pl.DataFrame({"year": [y] * 2, "area_id": ["OH", "TX"], "jobs": [j] * 2}) for y, j in years.items()]
    pl.concat(frames).write_parquet(path, row_group_size=2)


def test_a_check_by_year_runs_on_the_years_that_changed_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", 1)
    years: list[str] = []
    show = Suites._show

    def watched(suites: Suites, tables: Iterable[TableName], only: Only, of_part: tuple[str, ...]) -> None:
        (year,) = of_part
        assert year == only(CELL).split("'")[1]
        years.extend([year] if year not in years else [])
        show(suites, tables, only, of_part)

    monkeypatch.setattr(Suites, "_show", watched)

    def run(before: Passed) -> CheckResult:
        years.clear()
        with checks_beside(tmp_path, passed=before) as checks:
            (result,) = checks.finish([BY_YEAR])
        return result

    _write_cells(tmp_path, {2022: 5, 2023: 6})
    first = run({})
    assert (first.passed, years) == (True, ["2022", "2023"])
    _write_cells(tmp_path, {2022: 5, 2023: 6, 2024: -1})
    second = run({BY_YEAR.key: first})
    assert (second.passed, second.failing_rows, years) == (False, 2, ["2024"])
    _write_cells(tmp_path, {2022: -5, 2023: 6})
    third = run({BY_YEAR.key: first})
    assert (third.passed, third.failing_rows, years) == (False, 2, ["2022"])
    _write_cells(tmp_path, {2023: 6})
    assert (run({BY_YEAR.key: first}).passed, years) == (True, [])
    # another query says nothing about the years that passed
    monkeypatch.setattr(Check, "definition", "other")
    assert (run({BY_YEAR.key: first}).passed, years) == (True, ["2023"])


def test_a_year_that_is_compared_with_the_one_before_is_checked_again_when_that_one_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", 1)
    sql = (
        "select now.year, now.area_id from core.qcew_cell as now left join core.qcew_cell as before "
        "on before.area_id = now.area_id and before.year = now.year - 1 where now.jobs < coalesce(before.jobs, 0) "
        "order by now.year, now.area_id"
    )
    check = replace(BY_YEAR, name="jobs_grow", sql=sql, years_before=(1,))
    read: list[str] = []
    show = Suites._show

    def watched(suites: Suites, tables: Iterable[TableName], only: Only, of_part: tuple[str, ...]) -> None:
        read.extend([",".join(of_part)] if ",".join(of_part) not in read else [])
        show(suites, tables, only, of_part)

    monkeypatch.setattr(Suites, "_show", watched)

    def run(before: Passed) -> CheckResult:
        read.clear()
        with checks_beside(tmp_path, passed=before) as checks:
            (result,) = checks.finish([check])
        return result

    _write_cells(tmp_path, {2021: 4, 2022: 5, 2023: 6, 2024: 7})
    first = run({})
    assert (first.passed, read) == (True, ["2021,2020", "2022,2021", "2023,2022", "2024,2023"])
    # each year that falls is told once, with the year that reads it
    _write_cells(tmp_path, {2021: 4, 2022: 8, 2023: 6, 2024: 7})
    second = run({check.key: first})
    assert (second.passed, second.failing_rows, read) == (False, 2, ["2022,2021", "2023,2022"])
    assert "2023" in str(second.observed)
    _write_cells(tmp_path, {2021: 4, 2022: 5, 2023: 6, 2024: 7, 2025: 1})
    third = run({check.key: first})
    assert (third.passed, third.failing_rows, read) == (False, 2, ["2025,2024"])
