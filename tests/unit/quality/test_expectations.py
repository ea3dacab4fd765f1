"""Each kind of promise in a contract fails on data that break it, and nothing passes by not being looked at."""

import re
import socket
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
import sqlglot
from sqlglot import exp

from pipelines.contracts.model import RowRule, Table, contracts
from pipelines.quality.check import Check
from pipelines.quality.data_docs import write_data_docs
from pipelines.quality.expectations import checked_tables, contract_checks
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.quality.suites import _judge, run_checks
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse import parts as warehouse_parts

COLUMNS: list[dict[str, Any]] = [
    {"name": "area_id", "type": "varchar", "pattern": r"^[A-Z]{2}$"},
    {"name": "level", "type": "varchar", "values": ("all", "cluster")},
    {"name": "employment", "type": "bigint", "nullable": True, "min": 0, "max": 1000},
    {"name": "share_pct", "type": "double", "nullable": True, "min": 0},
]
GOOD: dict[str, list[Any]] = {
    "area_id": ["TX", "TX", "OK"],
    "level": ["all", "cluster", "all"],
    "employment": [1000, 0, None],
    "share_pct": [100.0, 0.0, None],
}


def table(name: str, **changes: Any) -> Table:
    """A contract for the columns above; `changes` replaces parts of it."""
    return Table.model_validate(
        {
            "schema": "marts",
            "name": name,
            "description": "Jobs by area and level.",
            "grain": "one row per area and level",
            "primary_key": ("area_id", "level"),
            "sources": ("this project",),
            "columns": [{"meaning": "What it means.", **column} for column in COLUMNS],
            **changes,
        }
    )


def stage(folder: Path, contract: Table, content: dict[str, list[Any]] | pl.DataFrame) -> None:
    target = parquet_path(folder, contract.table)
    target.parent.mkdir(exist_ok=True)
    pl.DataFrame(content).write_parquet(target)


@dataclass(frozen=True)
class Fault:
    """Data that break one promise, the check that must say so, and what it must have seen."""

    name: str
    content: dict[str, list[Any]]
    check: str
    failing_rows: int | None
    observed: str


FAULTS = [
    Fault(
        "column_missing",
        {column: values for column, values in GOOD.items() if column != "share_pct"},
        "columns_match",
        None,
        "area_id, level, employment",
    ),
    Fault("column_order", dict(reversed(GOOD.items())), "columns_match", None, "share_pct, employment, level, area_id"),
    Fault("column_unknown", {**GOOD, "extra": [1, 2, 3]}, "columns_match", None, ", extra"),
    Fault(
        "key_twice", {**GOOD, "level": ["all", "all", "all"]}, "primary_key_unique", 1, "area_id=TX, level=all, rows=2"
    ),
    Fault("key_missing", {**GOOD, "area_id": ["TX", None, "OK"]}, "area_id_not_null", 1, "1 of 3 rows"),
    Fault("not_in_set", {**GOOD, "level": ["all", "town", "all"]}, "level_in_set", 1, "1 of 3 rows: town"),
    Fault(
        "not_like",
        {**GOOD, "area_id": ["TX", "48", "Oklahoma"]},
        "area_id_matches",
        2,
        "area_id=48, level=cluster; area_id=Oklahoma, level=all",
    ),
    Fault("too_low", {**GOOD, "employment": [1000, -1, None]}, "employment_in_range", 1, ": -1"),
    Fault("too_high", {**GOOD, "employment": [1001, 0, None]}, "employment_in_range", 1, ": 1001"),
    Fault("infinite", {**GOOD, "share_pct": [float("inf"), 0.0, None]}, "figures_finite", 1, "share_pct=inf"),
    Fault("not_a_number", {**GOOD, "share_pct": [float("nan"), 0.0, None]}, "figures_finite", 1, "share_pct=nan"),
]


@dataclass(frozen=True)
class Outcome:
    """One run over all staged tables, the tables that it told of, what it tried to reach, and its pages."""

    results: dict[str, dict[str, CheckResult]]
    told: list[str]
    docs: Path
    connections: list[object]


RULE = RowRule(
    name="jobs_in_all_rows", condition="level <> 'all' or employment > 0", meaning="All rows have jobs.",
    expected="jobs above 0 on level all", severity="warn",
)  # fmt: skip


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All tables of this file checked in one run."""
    folder = tmp_path_factory.mktemp("staging")
    docs = tmp_path_factory.mktemp("docs") / "site"
    tables = [table("good"), table("empty"), table("single_key", primary_key=("area_id",)), table("not_staged")]
    stage(folder, tables[0], GOOD)
    stage(folder, tables[1], pl.DataFrame(GOOD).clear())
    stage(folder, tables[2], GOOD)
    refers = table("refers", foreign_keys={"area_id": "reference.area.area_id"})
    stage(folder, refers, {**GOOD, "area_id": ["TX", "TX", "ZZ"]})
    reference = folder / "reference" / "area.parquet"
    reference.parent.mkdir()
    pl.DataFrame({"area_id": ["OK", "TX", None]}).write_parquet(reference)
    text_for_number = table("text_for_number")
    stage(folder, text_for_number, {**GOOD, "employment": ["1000", "many", None]})
    ruled = table("ruled", rows=(RULE,))
    stage(folder, ruled, {**GOOD, "employment": [0, 0, None]})
    tables += [refers, text_for_number, ruled]
    for fault in FAULTS:
        tables.append(table(fault.name))
        stage(folder, tables[-1], fault.content)
    told: list[str] = []
    connections: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", lambda _, address: connections.append(address))
        patch.setattr(socket, "getaddrinfo", lambda *address, **_: connections.append(address))
        checks = [check for contract in tables for check in contract_checks(contract)]
        results = run_checks(folder, checks, on_table=lambda name: told.append(name.name))
    write_data_docs(docs, tables, results)
    grouped: dict[str, dict[str, CheckResult]] = {contract.name: {} for contract in tables}
    for result in results:
        assert result.check not in grouped[result.table.name], f"{result.check} twice"
        grouped[result.table.name][result.check] = result
    return Outcome(grouped, told, docs, connections)


def test_good_data_pass_every_check(outcome: Outcome) -> None:
    results = outcome.results["good"]
    assert [result for result in results.values() if not result.passed] == []
    assert results.keys() == {
        "columns_match",
        "has_rows",
        "primary_key_unique",
        "area_id_not_null",
        "area_id_matches",
        "level_not_null",
        "level_in_set",
        "employment_in_range",
        "share_pct_in_range",
        "figures_finite",
    }
    assert {result.kind for result in results.values()} == {Kind.EXPECTATION}
    assert {result.failing_rows for result in results.values()} == {0}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_data_that_break_a_promise_fail(outcome: Outcome, fault: Fault) -> None:
    result = outcome.results[fault.name][fault.check]
    assert result.blocks
    assert result.failing_rows == fault.failing_rows
    assert result.observed is not None
    assert fault.observed in result.observed


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.failing_rows], ids=lambda fault: fault.name)
def test_a_fault_in_the_rows_fails_no_other_check(outcome: Outcome, fault: Fault) -> None:
    failed = {result.check for result in outcome.results[fault.name].values() if not result.passed}
    assert failed == {fault.check}


def test_a_row_rule_fails_where_it_is_false_and_passes_where_it_is_unknown(outcome: Outcome) -> None:
    result = outcome.results["ruled"]["jobs_in_all_rows"]
    assert (result.passed, result.severity, result.kind) == (False, Severity.WARN, Kind.EXPECTATION)
    assert (result.failing_rows, result.observed) == (1, "area_id=TX, level=all, employment=0")
    assert (result.expected, result.description) == ("jobs above 0 on level all", "All rows have jobs.")


def test_a_key_of_one_column_is_unique_by_itself(outcome: Outcome) -> None:
    result = outcome.results["single_key"]["primary_key_unique"]
    assert (result.blocks, result.failing_rows, result.observed) == (True, 1, "area_id=TX, rows=2")


def test_an_empty_table_fails(outcome: Outcome) -> None:
    result = outcome.results["empty"]["has_rows"]
    assert (result.blocks, result.observed) == (True, "0")


def test_a_table_that_is_not_staged_fails_every_expectation(outcome: Outcome) -> None:
    results = outcome.results["not_staged"].values()
    assert len(results) == len(outcome.results["good"])
    assert all(result.blocks for result in results)
    assert {result.observed for result in results} == {"not staged: marts.not_staged"}


def test_an_exception_in_an_expectation_is_a_failure(outcome: Outcome) -> None:
    result = outcome.results["text_for_number"]["employment_in_range"]
    assert result.blocks
    assert result.observed is not None
    assert result.observed.startswith("could not be checked: ")
    gone = outcome.results["column_missing"]["share_pct_in_range"]
    assert gone.blocks
    assert gone.observed is not None
    assert "share_pct" in gone.observed


def test_a_foreign_key_must_be_met_unless_missing(outcome: Outcome) -> None:
    result = outcome.results["refers"]["area_id_refers_to_reference_area"]
    assert (result.kind, result.severity, result.passed) == (Kind.EXPECTATION, Severity.ERROR, False)
    assert (result.failing_rows, result.observed) == (1, "area_id=ZZ, level=all")


def test_each_table_is_told_of_in_order(outcome: Outcome) -> None:
    assert outcome.told == list(outcome.results)


def test_nothing_is_sent_anywhere(outcome: Outcome) -> None:
    assert outcome.connections == []


def _answer(**changes: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"success": True, "exception_info": {"raised_exception": False}, "result": {}, **changes})


@pytest.mark.parametrize(
    ("answer", "observed"),
    [
        (None, "the expectation gave no result"),
        (
            _answer(exception_info={"raised_exception": True, "exception_message": "no such metric"}),
            "could not be checked: no such metric",
        ),
        (
            _answer(exception_info={"raised_exception": True, "exception_message": "no such metric\n[SQL: select 1]"}),
            "could not be checked: no such metric",
        ),
        (
            _answer(exception_info={"metric": {"raised_exception": True, "exception_message": "no such metric"}}),
            "could not be checked: no such metric",
        ),
        (_answer(success=None, result={"observed_value": "nothing"}), "nothing"),
    ],
    ids=["no result", "exception", "exception of a query", "nested exception", "neither true nor false"],
)
def test_only_a_plain_success_passes(answer: Any, observed: str) -> None:
    result = _judge(contract_checks(table("good"))[0], [answer])
    assert (result.blocks, result.observed) == (True, observed)


def test_no_answer_at_all_is_a_failure() -> None:
    assert _judge(contract_checks(table("good"))[0], []).blocks


def test_every_contract_has_checks_with_names_of_their_own() -> None:
    for contract in contracts().values():
        names = [check.name for check in contract_checks(contract)]
        assert len(names) == len(set(names)), contract.table
        assert {"columns_match", "primary_key_unique"} < set(names), contract.table
        assert ("has_rows" in names) is not contract.may_be_empty, contract.table


def test_row_rules_read_columns_of_their_table_only() -> None:
    ruled = [contract for contract in contracts().values() if contract.rows]
    assert ruled
    for contract in ruled:
        assert contract.published, contract.table
        for rule in contract.rows:
            read = {column.name for column in sqlglot.parse_one(rule.condition, read="duckdb").find_all(exp.Column)}
            assert read, rule.name
            assert read <= set(contract.column_names), rule.name


def test_contracts_hold_for_what_the_sql_makes(world: Path) -> None:
    """All checks of the contracts of the small world's core and marts."""
    made = [contract for contract in checked_tables() if contract.schema_name in ("core", "marts")]
    results = run_checks(world, [check for contract in made for check in contract_checks(contract)])
    assert {result.table for result in results} == {contract.table for contract in made}
    assert [f"{result.table} {result.check}: {result.observed}" for result in results if not result.passed] == []


# --- SELECTs of failing rows ----------------------------------------------------------------------------------------

PART = TableName("marts", "part")


def _check(sql: str, severity: Severity = Severity.WARN, *others: TableName, parts: tuple[str, ...] = ()) -> Check:
    return Check(
        PART, "share_small", Kind.RECONCILIATION, severity, "share at most 1", "Shares are small.",
        frozenset({PART, *others}), sql=sql, parts=parts,
    )  # fmt: skip


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    target = parquet_path(tmp_path, PART)
    target.parent.mkdir()
    parts = {"part_id": ["a", "b", "c", "d", "e"], "share": [0.1 + 0.2, 1.5, 2.0, 3.0, None]}
    pl.DataFrame(parts).write_parquet(target)
    return tmp_path


def test_no_rows_is_a_pass(staged: Path) -> None:
    [result] = run_checks(staged, [_check("select part_id from marts.part where share > 9")])
    assert (result.passed, result.failing_rows, result.observed) == (True, 0, None)
    assert (result.table, result.check, result.expected) == (PART, "share_small", "share at most 1")


def test_rows_are_counted_and_the_first_are_shown(staged: Path) -> None:
    sql = "-- a comment at the head\nselect part_id, share from marts.part order by part_id -- {braces} at the end"
    [result] = run_checks(staged, [_check(sql)])
    assert (result.passed, result.failing_rows) == (False, 5)
    assert result.observed == "part_id=a, share=0.3; part_id=b, share=1.5; part_id=c, share=2; and 2 more"


def test_a_missing_value_is_named(staged: Path) -> None:
    [result] = run_checks(staged, [_check("select part_id, share from marts.part where share is null")])
    assert result.observed == "part_id=e, share=missing"


@pytest.mark.parametrize(("severity", "blocks"), [(Severity.WARN, False), (Severity.ERROR, True)])
def test_severity_decides_what_blocks(staged: Path, severity: Severity, blocks: bool) -> None:
    [result] = run_checks(staged, [_check("select part_id from marts.part", severity)])
    assert not result.passed
    assert result.blocks is blocks


def test_a_query_that_fails_blocks_even_as_a_warning(staged: Path) -> None:
    [result] = run_checks(staged, [_check("select no_such_column from marts.part")])
    assert result.blocks
    assert result.observed is not None
    assert "no_such_column" in result.observed


def test_a_table_that_is_not_staged_blocks_even_as_a_warning(staged: Path) -> None:
    other = TableName("core", "whole")
    check = _check("select 1 from core.whole, marts.part", Severity.WARN, other)
    fine = Check(
        PART, "fine", Kind.RECONCILIATION, Severity.WARN, "no rows", "Shares are small.", frozenset({PART}),
        sql="select part_id from marts.part where share > 9",
    )  # fmt: skip
    missing, passed = run_checks(staged, [check, fine])
    assert (missing.blocks, missing.observed) == (True, "not staged: core.whole")
    assert passed.passed


def test_checks_of_single_rows_run_by_year_and_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    year = {"name": "year", "type": "bigint", "meaning": "Year.", "min": 2000}
    dated = table("dated", primary_key=("year", "area_id", "level"), parts=("year", "area_id"), rows=(RULE,),
                  columns=[{"meaning": "What it means.", **column} for column in COLUMNS] + [year])  # fmt: skip
    checks = contract_checks(dated)
    assert {check.name for check in checks if not check.parts} == {"columns_match", "has_rows"}
    assert not any(check.parts[:1] == ("year",) for check in contract_checks(table("undated")))
    wrong = [{**GOOD, "year": [2022] * 3}]
    for number, (each, bad) in enumerate((("level", "town"), ("employment", 1001), ("employment", 2000))):
        wrong.append({**GOOD, each: [GOOD[each][0], bad, GOOD[each][2]], "year": [2023 + number] * 3})
    stage(tmp_path, dated, pl.concat([pl.DataFrame(each) for each in wrong], how="vertical_relaxed"))
    at_once = {result.check: result for result in run_checks(tmp_path, checks)}
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", 1)
    by_year = {result.check: result for result in run_checks(tmp_path, checks)}
    failed = {name: result.failing_rows for name, result in by_year.items() if not result.passed}
    assert failed == {"level_in_set": 1, "employment_in_range": 2}
    assert failed == {name: result.failing_rows for name, result in at_once.items() if not result.passed}
    assert by_year["employment_in_range"].observed == "2 rows: 1001; 2000"


def test_a_check_of_rows_that_refer_to_a_table_with_years_is_not_cut_by_year() -> None:
    detail = contracts()[TableName("marts", "industry_detail")]
    assert detail.parts[0] == "year"
    for check in contract_checks(detail):
        others = [contracts()[each] for each in check.upstream if each != detail.table]
        if others:
            assert bool(check.parts) is not any("year" in each.column_names for each in others), check.name


def test_rows_in_every_part_are_seen_by_all_and_told_of_once(staged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # each share beside that of e, which is wrong itself
    sql = """
        select part.part_id, part.share
        from marts.part
        cross join (select count(*) as cells from marts.part where part_id = 'e') as last
        where (last.cells = 1 and part.share > 1.9) or part.part_id = 'e' or last.cells <> 1
    """
    check = replace(_check(sql, parts=("part_id",)), in_every_part="part_id = 'e'")
    for rows in (1, 2, 100):
        monkeypatch.setattr(warehouse_parts, "PART_ROWS", rows)
        [result] = run_checks(staged, [check])
        assert result.failing_rows == 3
        assert result.observed is not None
        assert result.observed.count("part_id=e") == 1


# --- Data Docs ------------------------------------------------------------------------------------------------------


def test_data_docs_load_nothing_from_elsewhere(outcome: Outcome) -> None:
    pages = list(outcome.docs.iterdir())
    assert {page.name for page in pages} == {"index.html", *(f"marts.{name}.html" for name in outcome.results)}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(script|link|img|iframe|object|embed)\b|@import|\burl\(", text, re.IGNORECASE), page
        assert not re.search(r"(src|href)\s*=\s*[\"']?\s*(https?:)?//", text, re.IGNORECASE), page


def test_data_docs_lead_from_the_front_page_to_every_table(outcome: Outcome) -> None:
    index = (outcome.docs / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="([^"]+)"', index)) == {f"marts.{name}.html" for name in outcome.results}
    for fault in FAULTS:
        _, _, row = index.partition(f">marts.{fault.name}<")
        assert f"{fault.check} (error)" in row.partition("</tr>")[0]
    page = (outcome.docs / "marts.not_in_set.html").read_text(encoding="utf-8")
    assert "level holds only values that the contract allows." in page
    assert "1 of 3 rows: town" in page
