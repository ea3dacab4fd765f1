"""What changed between two releases, on two files written by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.release import diff as comparing
from pipelines.release.diff import describe, diff
from pipelines.warehouse import parts as warehouse_parts
from tests.unit.warehouse.small_contracts import table

JOBS = table(
    "marts.jobs",
    {"area_id": "varchar", "period": "varchar", "jobs": "bigint", "wage_usd": "double", "status": "varchar"},
    ("area_id", "period"),
    nullable=("jobs", "wage_usd", "status"),
)
AREA = table("reference.area", {"area_id": "varchar", "area_name": "varchar"}, ("area_id",))

JOBS_COLUMNS = "area_id varchar, period varchar, jobs bigint, wage_usd double, status varchar"
Row = Sequence[object]
SAME: list[Row] = [
    ("US", "2025-05", 100, 50000.0, "ok"),
    ("WY", "2025-05", 10, None, "withheld"),
    ("GU", "2025-05", None, 0.0, None),
]


@pytest.fixture(autouse=True, params=[(), ("period", "area_id")], ids=["at once", "in parts"])
def small_release(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    jobs = JOBS.model_copy(update={"parts": request.param})
    monkeypatch.setattr(comparing, "published_tables", lambda: {each.table: each for each in (jobs, AREA)})
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", 2)


def _database(path: Path, jobs: Sequence[Row], columns: str = JOBS_COLUMNS, more: Sequence[str] = ()) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute("create schema reference")
        connection.execute("create table reference.area as select 'US' as area_id, 'Nation' as area_name")
        connection.execute(f"create table marts.jobs ({columns})")
        connection.executemany(f"insert into marts.jobs values ({', '.join('?' * len(jobs[0]))})", jobs)
        for statement in more:
            connection.execute(statement)
    return path


def _jobs(tmp_path: Path, old: Sequence[Row], new: Sequence[Row]) -> dict[str, Any]:
    found = diff(_database(tmp_path / "new.duckdb", new), _database(tmp_path / "old.duckdb", old), "old-id")
    assert found["tables"]["reference.area"]["status"] == "same"
    entry: dict[str, Any] = found["tables"]["marts.jobs"]
    return entry


def test_the_first_release_is_compared_with_nothing(tmp_path: Path) -> None:
    assert diff(_database(tmp_path / "new.duckdb", SAME), None, None) == {"previous_release_id": None, "tables": {}}


def test_equal_tables_are_the_same_whatever_their_order(tmp_path: Path) -> None:
    entry = _jobs(tmp_path, SAME, SAME[::-1])
    assert entry == {
        "status": "same",
        "columns_added": [],
        "columns_removed": [],
        "rows_added": 0,
        "rows_removed": 0,
        "rows_changed": 0,
        "changed_by_column": {},
    }


def test_rows_and_columns_that_changed_are_counted(tmp_path: Path) -> None:
    new = [
        ("US", "2025-05", 101, 51000.0, "ok"),  # two figures
        ("WY", "2025-05", 10, 40000.0, "ok"),  # no longer withheld
        ("TX", "2025-05", 5, 1.0, "ok"),  # new
        ("US", "2026-05", 102, 51000.0, "ok"),  # new: another period
    ]
    entry = _jobs(tmp_path, SAME, new)  # and GU is gone
    assert entry["status"] == "changed"
    assert (entry["rows_added"], entry["rows_removed"], entry["rows_changed"]) == (2, 1, 2)
    assert entry["changed_by_column"] == {"jobs": 1, "wage_usd": 2, "status": 1}


def test_a_table_that_has_the_rows_of_before_and_more_is_told_as_when_it_is_compared(tmp_path: Path) -> None:
    more = [*SAME, ("US", "2026-05", 102, 51000.0, "ok"), ("WY", "2026-05", 11, None, "withheld")]
    compared = _jobs(tmp_path, SAME, more)
    known = diff(tmp_path / "new.duckdb", tmp_path / "old.duckdb", "old-id", extended={"marts.jobs"})
    assert known["tables"]["marts.jobs"] == compared
    assert compared["rows_added"] == 2


def test_a_figure_that_goes_missing_is_a_change(tmp_path: Path) -> None:
    entry = _jobs(tmp_path, SAME, [("US", "2025-05", None, None, None), *SAME[1:]])
    assert entry["rows_changed"] == 1
    assert entry["changed_by_column"] == {"jobs": 1, "wage_usd": 1, "status": 1}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        # the ninth digit is rounding, the eighth is a figure
        (1.0, 1.0 + 5e-10, 0),
        (1.0, 1.0 + 5e-9, 1),
        (50000.0, 50000.0 + 2e-5, 0),
        (50000.0, 50000.01, 1),
        (-1.0, -1.0 - 5e-10, 0),
        (0.0, 0.0, 0),
        (0.0, 1e-12, 1),
        (1.0, -1.0, 1),
    ],
)
def test_digits_that_only_adding_up_changes_are_no_change(tmp_path: Path, old: float, new: float, changed: int) -> None:
    entry = _jobs(tmp_path, [("US", "2025-05", 1, old, "ok")], [("US", "2025-05", 1, new, "ok")])
    assert entry["rows_changed"] == changed


def test_whole_numbers_have_no_tolerance(tmp_path: Path) -> None:
    large = 10_000_000_000
    entry = _jobs(tmp_path, [("US", "2025-05", large, 1.0, "ok")], [("US", "2025-05", large + 1, 1.0, "ok")])
    assert entry["changed_by_column"] == {"jobs": 1}


def test_new_and_removed_tables_are_told(tmp_path: Path) -> None:
    more = ["create table marts.gone as select 1 as k", "drop table reference.area"]
    old = _database(tmp_path / "old.duckdb", SAME, more=more)
    found = diff(_database(tmp_path / "new.duckdb", SAME), old, "old-id")
    assert found["previous_release_id"] == "old-id"
    assert found["tables"]["reference.area"] == {"status": "new table"}
    assert found["tables"]["marts.gone"] == {"status": "removed table"}
    assert found["tables"]["marts.jobs"]["status"] == "same"


def test_a_column_more_and_one_less_are_told_and_the_rest_is_compared(tmp_path: Path) -> None:
    columns = "area_id varchar, period varchar, jobs bigint, wage_usd double, note varchar"
    old = _database(tmp_path / "old.duckdb", SAME, columns)
    new = [("US", "2025-05", 101, 50000.0, "ok"), *SAME[1:]]
    entry = diff(_database(tmp_path / "new.duckdb", new), old, "old-id")["tables"]["marts.jobs"]
    assert entry["status"] == "changed"
    assert (entry["columns_added"], entry["columns_removed"]) == (["status"], ["note"])
    assert entry["changed_by_column"] == {"jobs": 1}


def test_a_key_that_changed_is_told_and_rows_are_not_matched_by_half_of_it(tmp_path: Path) -> None:
    columns = "area_id varchar, jobs bigint, wage_usd double, status varchar"
    old = _database(tmp_path / "old.duckdb", [("US", 100, 1.0, "ok")], columns)
    entry = diff(_database(tmp_path / "new.duckdb", SAME), old, "old-id")["tables"]["marts.jobs"]
    assert entry == {"status": "key changed", "columns_added": ["period"], "columns_removed": []}


def test_comparing_changes_neither_file(tmp_path: Path) -> None:
    old, new = _database(tmp_path / "old.duckdb", SAME), _database(tmp_path / "new.duckdb", SAME[:1])
    before = old.read_bytes(), new.read_bytes()
    diff(new, old, "old-id")
    assert (old.read_bytes(), new.read_bytes()) == before


def test_the_first_release_is_described_as_such() -> None:
    assert describe({"previous_release_id": None, "tables": {}}) == "# What changed\n\nThis is the first release.\n"


def _compared(tables: dict[str, Any], periods: Sequence[str] = ("2025-05", "2025-05")) -> dict[str, Any]:
    return {"previous_release_id": "old-id", "oews_periods": list(periods), "tables": tables}


def test_two_years_of_oews_stand_side_by_side_with_the_publishers_caution(tmp_path: Path) -> None:
    source = "create table reference.source_vintage as select 'oews' as source, '{}' as reference_period"
    old, new = (
        _database(tmp_path / f"{year}.duckdb", SAME, more=[source.format(f"{year}-05")]) for year in (2024, 2025)
    )
    text = describe(diff(new, old, "old-id"))
    assert "OEWS of 2024-05 before, of 2025-05 now." in text
    assert "BLS does not encourage comparing" in text
    assert "BLS" not in describe(diff(new, new, "old-id"))


def test_a_release_in_which_no_figure_changed_says_so() -> None:
    text = describe(_compared({"marts.jobs": {"status": "same"}}))
    assert text == "# What changed since release old-id\n\nNo figure changed.\n"


def test_changes_are_described_in_a_table() -> None:
    changed = {
        "status": "changed",
        "columns_added": ["status"],
        "columns_removed": ["note"],
        "rows_added": 1200,
        "rows_removed": 0,
        "rows_changed": 3,
        "changed_by_column": {"jobs": 3, "wage_usd": 2},
    }
    text = describe(
        _compared(
            {
                "marts.jobs": changed,
                "reference.area": {"status": "same"},
                "marts.gone": {"status": "removed table"},
            }
        )
    )
    assert text.splitlines() == [
        "# What changed since release old-id",
        "",
        "| table | status | rows added | rows removed | rows changed | columns that changed |",
        "|---|---|---|---|---|---|",
        "| marts.jobs | changed | 1,200 | 0 | 3 | jobs (3), wage_usd (2), +status, -note |",
        "| marts.gone | removed table |  |  |  |  |",
    ]
