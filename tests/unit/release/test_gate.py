"""The gate: each reason for which nothing is published, on two small tables."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from pipelines.contracts.model import Table
from pipelines.errors import GateError
from pipelines.files import file_sha256
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.quality.validation import RELEASE, Validation, validation_path
from pipelines.release import gate
from pipelines.release.gate import hold_to_run, pass_gate
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.staging import stage_frame, stamp_path
from tests.unit.warehouse.small_contracts import table

INPUTS, OTHER = "a" * 64, "b" * 64
AREA = table("reference.area", {"area_id": "varchar"}, ("area_id",))
JOBS = table("marts.jobs", {"area_id": "varchar", "jobs": "bigint"}, ("area_id",))
CELL = table("raw.cell", {"area_id": "varchar"}, ("area_id",), published=False)

PASSED = CheckResult(
    table=JOBS.table,
    check="jobs_add_up",
    kind=Kind.RECONCILIATION,
    severity=Severity.ERROR,
    passed=True,
    failing_rows=0,
    observed=None,
    expected="equal sums",
    description="Jobs of areas add up.",
)
UNIQUE = replace(PASSED, table=AREA.table, check="primary_key_unique", kind=Kind.EXPECTATION)


@pytest.fixture
def staging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three staged tables and a verdict under which they may be published."""
    release = table("quality.release", {"release_id": "varchar"}, ("release_id",))
    assert release.table == RELEASE
    monkeypatch.setattr(gate, "contracts", lambda: {each.table: each for each in (AREA, JOBS, CELL, release)})
    monkeypatch.setattr(gate, "judged_tables", lambda: (AREA, JOBS, CELL))
    checks = [SimpleNamespace(key=(each.table, each.check)) for each in (PASSED, UNIQUE)]
    monkeypatch.setattr(gate, "all_checks", lambda: checks)
    monkeypatch.setattr(gate, "comparisons", tuple)
    areas = pl.DataFrame({"area_id": ["US", "WY"]})
    for contract in (AREA, CELL):
        stage_frame(contract, areas, tmp_path, INPUTS)
    stage_frame(JOBS, areas.with_columns(pl.lit(1, pl.Int64).alias("jobs")), tmp_path, INPUTS)
    _verdict(tmp_path, PASSED, UNIQUE)
    return tmp_path


def _verdict(staging: Path, *results: CheckResult, inputs: str = INPUTS, leave_out: TableName | None = None) -> None:
    tables = {
        str(each.table): file_sha256(parquet_path(staging, each.table))
        for each in (AREA, JOBS, CELL)
        if each.table != leave_out
    }
    Validation(inputs, tables, results).write(validation_path(staging))


def _refused(staging: Path) -> str:
    with pytest.raises(GateError) as caught:
        pass_gate(staging, INPUTS)
    assert caught.value.exit_code == 5
    return str(caught.value)


def test_what_was_checked_and_passed_may_be_published(staging: Path) -> None:
    validation = pass_gate(staging, INPUTS)
    assert validation.results == (PASSED, UNIQUE)
    assert validation.blocking == ()


def test_a_warning_does_not_block(staging: Path) -> None:
    warned = replace(PASSED, passed=False, severity=Severity.WARN, failing_rows=2)
    _verdict(staging, warned, UNIQUE)
    assert pass_gate(staging, INPUTS).warnings == (warned,)


def test_no_verdict(staging: Path) -> None:
    validation_path(staging).unlink()
    assert "no readable validation result" in _refused(staging)


@pytest.mark.parametrize("content", ["{", "{}", '{"input_sha256": "x", "tables": {}, "results": [{}]}', "[]", "null"])
def test_a_verdict_that_cannot_be_read(staging: Path, content: str) -> None:
    validation_path(staging).write_text(content, encoding="utf-8")
    assert "no readable validation result" in _refused(staging)


def test_a_verdict_on_other_inputs(staging: Path) -> None:
    _verdict(staging, PASSED, UNIQUE, inputs=OTHER)
    assert "the checks were made for other inputs" in _refused(staging)


@pytest.mark.parametrize("contract", [AREA, JOBS, CELL], ids=lambda contract: str(contract.table))
def test_a_table_made_from_other_inputs_also_one_that_is_not_published(staging: Path, contract: Table) -> None:
    stamp_path(staging, contract.table).write_text(OTHER, encoding="utf-8")
    assert f"{contract.table} not made from these inputs" in _refused(staging)


def test_a_table_that_is_not_there(staging: Path) -> None:
    parquet_path(staging, JOBS.table).unlink()
    assert "marts.jobs not made from these inputs" in _refused(staging)


@pytest.mark.parametrize("contract", [AREA, CELL], ids=lambda contract: str(contract.table))
def test_a_table_that_was_not_checked_also_one_that_is_not_published(staging: Path, contract: Table) -> None:
    _verdict(staging, PASSED, UNIQUE, leave_out=contract.table)
    assert f"{contract.table} not checked" in _refused(staging)


def test_a_table_that_changed_after_the_checks(staging: Path) -> None:
    doubled = pl.DataFrame({"area_id": ["US", "WY"], "jobs": [2, 2]})
    stage_frame(JOBS, doubled, staging, INPUTS)
    assert "marts.jobs changed after the checks" in _refused(staging)


@pytest.mark.parametrize("contract", [AREA, CELL], ids=lambda contract: str(contract.table))
def test_a_file_that_was_edited_before_the_checks_is_refused(staging: Path, contract: Table) -> None:
    """Its stamp still says the right inputs, and the verdict names the edited file."""
    pl.DataFrame({"area_id": ["US", "XX"]}).write_parquet(parquet_path(staging, contract.table))
    _verdict(staging, PASSED, UNIQUE)
    assert f"{contract.table} changed after it was made" in _refused(staging)


def _made(staging: Path) -> dict[str, str]:
    return {str(each.table): file_sha256(parquet_path(staging, each.table)) for each in (AREA, JOBS, CELL)}


def test_a_run_publishes_what_it_made_itself(staging: Path) -> None:
    validation = pass_gate(staging, INPUTS)
    hold_to_run(validation, validation, _made(staging))


@pytest.mark.parametrize("contract", [AREA, JOBS, CELL], ids=lambda contract: str(contract.table))
def test_a_run_that_left_out_a_table_publishes_nothing(staging: Path, contract: Table) -> None:
    validation, made = pass_gate(staging, INPUTS), _made(staging)
    del made[str(contract.table)]
    with pytest.raises(GateError, match=f"{contract.table} not made in this run; run the whole pipeline"):
        hold_to_run(validation, validation, made)


@pytest.mark.parametrize("contract", [AREA, CELL], ids=lambda contract: str(contract.table))
def test_a_table_edited_together_with_its_stamp_and_the_verdict_is_refused(staging: Path, contract: Table) -> None:
    made = _made(staging)
    stage_frame(contract, pl.DataFrame({"area_id": ["US", "XX"]}), staging, INPUTS)
    _verdict(staging, PASSED, UNIQUE)
    validation = pass_gate(staging, INPUTS)
    with pytest.raises(GateError, match=f"{contract.table} changed after it was made"):
        hold_to_run(validation, validation, made)


def test_a_verdict_edited_during_the_run_is_refused(staging: Path) -> None:
    _verdict(staging, replace(PASSED, passed=False, failing_rows=2), UNIQUE)
    verdict = Validation.read(validation_path(staging))
    _verdict(staging, PASSED, UNIQUE)
    for own in (verdict, None):
        with pytest.raises(GateError, match="the verdict is not the one of this run"):
            hold_to_run(pass_gate(staging, INPUTS), own, _made(staging))


def test_a_check_that_was_left_out(staging: Path) -> None:
    _verdict(staging, UNIQUE)
    assert "not checked: marts.jobs jobs_add_up" in _refused(staging)


def test_a_check_of_the_same_name_on_another_table_does_not_count(staging: Path) -> None:
    _verdict(staging, UNIQUE, replace(PASSED, table=AREA.table))
    assert "not checked: marts.jobs jobs_add_up" in _refused(staging)


def test_a_failed_check_is_told_with_what_was_seen(staging: Path) -> None:
    failed = replace(PASSED, passed=False, failing_rows=2, observed="area_id=WY, jobs=9")
    _verdict(staging, failed, UNIQUE)
    message = _refused(staging)
    assert "1 of 2 checks failed" in message
    for part in ("marts.jobs jobs_add_up", "Jobs of areas add up.", "failing rows: 2", "jobs=9", "equal sums"):
        assert part in message


def test_a_changed_figure_is_told_with_the_flag_that_accepts_it(staging: Path) -> None:
    changed = replace(PASSED, check="jobs", kind=Kind.COMPARISON, passed=False, observed="OH: 400 before, 800 now")
    _verdict(staging, PASSED, UNIQUE, changed, replace(changed, check="areas"))
    message = _refused(staging)
    assert "OH: 400 before, 800 now" in message
    assert message.endswith("run again with --accept-change areas,jobs")


def test_many_tables_are_counted_rather_than_listed(staging: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [table(f"core.t{number}", {"k": "varchar"}, ("k",)) for number in range(8)]
    monkeypatch.setattr(gate, "contracts", lambda: {each.table: each for each in many})
    assert "core.t0, core.t1, core.t2, core.t3, core.t4 and 3 more not made from these inputs" in _refused(staging)
