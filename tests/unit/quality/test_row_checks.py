"""A SELECT of failing rows becomes a result, and never a pass when it could not be run."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.quality.result import Kind, Severity
from pipelines.quality.row_checks import RowCheck, run_row_checks, show_rows
from pipelines.tables import TableName, parquet_path

PART = TableName("marts", "part")


def _check(
    sql: str, severity: Severity = Severity.WARN, upstream: frozenset[TableName] = frozenset({PART})
) -> RowCheck:
    return RowCheck(
        PART, "share_small", Kind.RECONCILIATION, severity, "share at most 1", "Shares are small.", sql, upstream
    )


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    target = parquet_path(tmp_path, PART)
    target.parent.mkdir()
    pl.DataFrame({"part_id": ["a", "b", "c", "d", "e"], "share": [0.1 + 0.2, 1.5, 2.0, 3.0, None]}).write_parquet(
        target
    )
    return tmp_path


def test_no_rows_is_a_pass(staged: Path) -> None:
    [result] = run_row_checks(staged, [_check("select part_id from marts.part where share > 9")])
    assert (result.passed, result.failing_rows, result.observed) == (True, 0, None)
    assert (result.table, result.check, result.expected) == (PART, "share_small", "share at most 1")


def test_rows_are_counted_and_the_first_are_shown(staged: Path) -> None:
    sql = "-- a comment at the head\nselect part_id, share from marts.part order by part_id"
    [result] = run_row_checks(staged, [_check(sql)])
    assert (result.passed, result.failing_rows) == (False, 5)
    assert result.observed == "part_id=a, share=0.3; part_id=b, share=1.5; part_id=c, share=2; and 2 more"


def test_a_missing_value_is_named() -> None:
    assert show_rows(pl.DataFrame({"part_id": ["e"], "share": [None]}), 1) == "part_id=e, share=missing"


@pytest.mark.parametrize(("severity", "blocks"), [(Severity.WARN, False), (Severity.ERROR, True)])
def test_severity_decides_what_blocks(staged: Path, severity: Severity, blocks: bool) -> None:
    [result] = run_row_checks(staged, [_check("select part_id from marts.part", severity)])
    assert not result.passed
    assert result.blocks is blocks


def test_a_query_that_fails_blocks_even_as_a_warning(staged: Path) -> None:
    [result] = run_row_checks(staged, [_check("select no_such_column from marts.part", Severity.WARN)])
    assert result.blocks
    assert result.observed is not None
    assert "no_such_column" in result.observed


def test_a_table_that_is_not_staged_blocks_even_as_a_warning(staged: Path) -> None:
    other = TableName("core", "whole")
    check = _check("select 1 from core.whole, marts.part", Severity.WARN, frozenset({PART, other}))
    fine = _check("select part_id from marts.part where share > 9")
    missing, passed = run_row_checks(staged, [check, fine])
    assert missing.blocks
    assert missing.observed == "not staged: core.whole"
    assert passed.passed
