"""Each kind of promise in a contract fails on data that break it, and nothing passes by not being looked at."""

import os
import re
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Table, contracts
from pipelines.quality import deciding
from pipelines.quality.deciding import deciding_rows, rows_that_decide
from pipelines.quality.expectations import _judge, checked_tables, contract_row_checks, plan, run_expectations
from pipelines.quality.reconciliation import expected_checks
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.tables import parquet_path

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
    Fault("key_twice", {**GOOD, "level": ["all", "all", "all"]}, "primary_key_unique", 2, "area_id=TX, level=all"),
    Fault("key_missing", {**GOOD, "area_id": ["TX", None, "OK"]}, "area_id_not_null", 1, "1 of 3 rows"),
    Fault("not_in_set", {**GOOD, "level": ["all", "town", "all"]}, "level_in_set", 1, "1 of 3 rows: town"),
    Fault("not_like", {**GOOD, "area_id": ["TX", "48", "Oklahoma"]}, "area_id_matches", 2, "2 of 3 rows: 48; Oklahoma"),
    Fault("too_low", {**GOOD, "employment": [1000, -1, None]}, "employment_in_range", 1, ": -1"),
    Fault("too_high", {**GOOD, "employment": [1001, 0, None]}, "employment_in_range", 1, ": 1001"),
    Fault("infinite", {**GOOD, "share_pct": [float("inf"), 0.0, None]}, "figures_finite", 1, "share_pct=inf"),
    Fault("not_a_number", {**GOOD, "share_pct": [float("nan"), 0.0, None]}, "figures_finite", 1, "share_pct=nan"),
]


@dataclass(frozen=True)
class Outcome:
    """One run over all staged tables, and what it tried to reach; and the results of one that held two rows at once."""

    results: dict[str, dict[str, CheckResult]]
    in_pieces: list[CheckResult]
    called: list[str]
    docs: Path
    connections: list[object]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All tables of this file checked in one run: Great Expectations takes seconds to import."""
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
    tables += [refers, text_for_number]
    for fault in FAULTS:
        tables.append(table(fault.name))
        stage(folder, tables[-1], fault.content)
    called: list[str] = []
    connections: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", lambda _, address: connections.append(address))
        patch.setattr(socket, "getaddrinfo", lambda *address, **_: connections.append(address))
        results = run_expectations(folder, tables, docs, lambda contract: called.append(contract.name))
        patch.setattr(deciding, "PIECE_ROWS", 2)
        in_pieces = run_expectations(folder, tables)
    grouped: dict[str, dict[str, CheckResult]] = {contract.name: {} for contract in tables}
    for result in results:
        assert result.check not in grouped[result.table.name], f"{result.check} twice"
        grouped[result.table.name][result.check] = result
    return Outcome(grouped, in_pieces, called, docs, connections)


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


def test_results_are_the_same_where_only_pieces_of_a_table_are_held(outcome: Outcome) -> None:
    at_once = [result for results in outcome.results.values() for result in results.values()]
    assert set(outcome.in_pieces) == set(at_once)
    assert len(outcome.in_pieces) == len(at_once)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["TX", "OK", "48", None]),
        st.sampled_from(["all", "cluster", "town", None]),
        st.one_of(st.none(), st.integers(-3, 1003)),
        st.one_of(st.none(), st.floats(-2, 102, width=32), st.sampled_from([float("nan"), float("inf")])),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(ROWS)
def test_rows_that_decide_hold_all_that_an_expectation_can_find(rows: list[tuple[Any, ...]]) -> None:
    schema = {"area_id": pl.String, "level": pl.String, "employment": pl.Int64, "share_pct": pl.Float64}
    whole = pl.DataFrame(rows, schema=schema, orient="row")
    contract = table("good", columns=[{"meaning": "What it means.", **column, "nullable": False} for column in COLUMNS])
    positions = rows_that_decide(contract, whole)
    assert positions.is_sorted()
    assert positions.n_unique() == len(positions)
    shown = whole[positions]
    assert shown.is_empty() == whole.is_empty()
    key = list(contract.primary_key)
    assert shown.filter(shown.select(key).is_duplicated()).equals(whole.filter(whole.select(key).is_duplicated()))
    for name in ("area_id", "level"):
        assert set(shown[name]) == set(whole[name])
    for name in ("employment", "share_pct"):
        some, every = shown[name].cast(pl.Float64), whole[name].cast(pl.Float64)
        some, every = some.fill_nan(None), every.fill_nan(None)  # both are missing to pandas
        assert some.is_null().any() == every.is_null().any()
        assert (some.min(), some.max()) == (every.min(), every.max())


@settings(deadline=None)
@given(ROWS, st.integers(1, 9))
def test_rows_that_decide_are_found_in_pieces(rows: list[tuple[Any, ...]], held: int) -> None:
    schema = {"area_id": pl.String, "level": pl.String, "employment": pl.Int64, "share_pct": pl.Float64}
    whole = pl.DataFrame(rows, schema=schema, orient="row")
    contract = table("good", columns=[{"meaning": "What it means.", **column, "nullable": False} for column in COLUMNS])
    pieces = [whole] if whole.is_empty() else list(whole.iter_slices(held))
    shown = deciding_rows(contract, pieces).rows
    expected = whole[rows_that_decide(contract, whole)]
    # the same values and ends, and no row twice, which would be a repeated key
    assert shown.height <= whole.height
    again = shown[rows_that_decide(contract, shown)]
    key = list(contract.primary_key)
    assert shown.filter(shown.select(key).is_duplicated()).equals(whole.filter(whole.select(key).is_duplicated()))
    for name in ("area_id", "level"):
        assert set(again[name]) == set(expected[name])
    for name in ("employment", "share_pct"):
        some, every = shown[name].cast(pl.Float64).fill_nan(None), expected[name].cast(pl.Float64).fill_nan(None)
        assert some.is_null().any() == every.is_null().any()
        assert (some.min(), some.max()) == (every.min(), every.max())


def test_of_very_many_repeated_keys_some_are_shown_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "MOST_KEYS", 3)
    whole = pl.DataFrame({"area_id": ["TX", "OK", "OR", "WA", "NV"] * 2, "level": ["all"] * 10})
    whole = whole.with_columns(employment=pl.lit(1), share_pct=pl.lit(1.0))
    found = deciding_rows(table("good"), list(whole.iter_slices(4)))
    assert found.has_more_keys
    assert found.rows.filter(found.rows.select("area_id").is_duplicated()).height >= 6
    assert not deciding_rows(table("good"), [whole.head(8)]).has_more_keys


def test_of_many_good_rows_few_are_shown() -> None:
    many = pl.DataFrame(
        {"area_id": ["TX", "OK"] * 500, "level": ["all"] * 1000, "employment": range(1000), "share_pct": [1.0] * 1000}
    ).with_columns(pl.col("employment").cast(pl.String).alias("area_id"))
    contract = table("good", primary_key=("employment",), columns=[
        {"meaning": "What it means.", "name": "employment", "type": "bigint", "min": 0},
        {"meaning": "What it means.", "name": "level", "type": "varchar", "values": ("all",)},
        {"meaning": "What it means.", "name": "area_id", "type": "varchar"},
    ])  # fmt: skip
    assert rows_that_decide(contract, many).to_list() == [0, 999]


def test_a_key_of_one_column_is_unique_by_itself(outcome: Outcome) -> None:
    result = outcome.results["single_key"]["primary_key_unique"]
    assert (result.blocks, result.failing_rows) == (True, 2)
    assert result.observed == "2 of 3 rows: TX"


def test_an_empty_table_fails(outcome: Outcome) -> None:
    result = outcome.results["empty"]["has_rows"]
    assert (result.blocks, result.observed) == (True, "0")


def test_a_table_that_is_not_staged_fails_every_expectation(outcome: Outcome) -> None:
    results = outcome.results["not_staged"].values()
    assert len(results) == len(outcome.results["good"])
    assert all(result.blocks for result in results)
    assert {result.observed for result in results} == {"the table is not staged", "not staged: marts.not_staged"}


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


def test_each_table_is_announced_in_order(outcome: Outcome) -> None:
    assert outcome.called == list(outcome.results)


def test_nothing_is_sent_anywhere(outcome: Outcome) -> None:
    assert outcome.connections == []
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


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
            _answer(exception_info={"metric": {"raised_exception": True, "exception_message": "no such metric"}}),
            "could not be checked: no such metric",
        ),
        (_answer(success=None, result={"observed_value": "nothing"}), "nothing"),
    ],
    ids=["no result", "exception", "nested exception", "neither true nor false"],
)
def test_only_a_plain_success_passes(answer: Any, observed: str) -> None:
    contract = table("good")
    result = _judge(contract, plan(contract)[0], answer)
    assert (result.blocks, result.observed) == (True, observed)


def test_every_contract_has_checks_with_names_of_their_own() -> None:
    for contract in contracts().values():
        names = [planned.check for planned in plan(contract)]
        names += [check.name for check in contract_row_checks(contract)]
        assert len(names) == len(set(names)), contract.table
        assert {"columns_match", "primary_key_unique"} < set(names), contract.table
        assert ("has_rows" in names) is not contract.may_be_empty, contract.table


def test_names_of_results_are_those_that_a_complete_validation_has(outcome: Outcome, tmp_path: Path) -> None:
    checks = tmp_path / "checks"
    checks.mkdir()
    (checks / "none.sql").write_text(
        "-- Nothing.\n-- table: marts.good\n-- severity: warn\n-- expected: no rows\n"
        "select 1 from marts.good where false"
    )
    made = {(result.table, result.check) for result in outcome.results["good"].values()}
    expected = expected_checks([table("good")], checks)
    assert expected - made == {(table("good").table, "none")}
    assert made <= expected


def test_contracts_hold_for_what_the_sql_makes(world: Path, tmp_path: Path) -> None:
    """All expectations, finite figures and foreign keys of the small world's core and marts."""
    folder = tmp_path / "world"
    shutil.copytree(world, folder)
    made = [contract for contract in checked_tables() if contract.schema_name in ("core", "marts")]
    results = run_expectations(folder, made)
    assert {result.table for result in results} == {contract.table for contract in made}
    assert [f"{result.table} {result.check}: {result.observed}" for result in results if not result.passed] == []


def test_data_docs_load_nothing_from_elsewhere(outcome: Outcome) -> None:
    pages = list(outcome.docs.rglob("*.html"))
    assert len(pages) > len(FAULTS)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(script|link|img|iframe|object|embed)\b|@import|\burl\(", text, re.IGNORECASE), page
        assert not re.search(r"(src|href)\s*=\s*[\"']?\s*(https?:)?//", text, re.IGNORECASE), page
    assert {path.suffix for path in outcome.docs.rglob("*") if path.is_file()} == {".html"}


def test_data_docs_lead_from_the_front_page_to_every_table(outcome: Outcome) -> None:
    index = (outcome.docs / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="([^"]+)"', index))
    for link in links:
        assert (outcome.docs / link).is_file(), link
    staged = outcome.results.keys() - {"not_staged"}
    assert {f"expectations/marts/{name}.html" for name in staged} <= links
    for fault in FAULTS:
        row = next(line for line in index.splitlines() if f"marts.{fault.name}<" in line)
        assert fault.check in row
    (linked,) = (link for link in links if link.startswith("validations/marts/not_in_set/"))
    page = (outcome.docs / linked).read_text(encoding="utf-8")
    assert "town" in page, "the page of the run on all rows"
    assert "rows that decide" in page
