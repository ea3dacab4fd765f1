"""Figures are held against the release before, on a table of jobs by area."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.errors import ContractError, NoReleaseError, UnknownNameError
from pipelines.quality import comparison
from pipelines.quality.comparison import COMPARISONS, accepted_names, compare, comparisons
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.tables import TableName, parquet_path

JOBS = TableName("marts", "jobs")
SQL = """-- Jobs of areas.
-- table: marts.jobs
-- bound: 10
-- least: 100
select area_id as key, jobs as figure from marts.jobs order by key
"""
BEFORE = {"US": 1000.0, "OH": 400.0, "GU": 90.0}

Compare = Callable[..., CheckResult]


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compare:
    """The result for jobs before and now."""
    folder = tmp_path / "comparisons"
    folder.mkdir()
    (folder / "jobs.sql").write_text(SQL, encoding="utf-8")
    monkeypatch.setattr(comparison, "comparisons", lambda: comparisons(folder))

    def run(now: dict[str, float], before: dict[str, float | None] | None = BEFORE, accept: str = "") -> CheckResult:
        path = parquet_path(tmp_path, JOBS)
        path.parent.mkdir(exist_ok=True)
        pl.DataFrame({"area_id": list(now), "jobs": list(now.values())}).write_parquet(path)
        old = tmp_path / "old.duckdb"
        with duckdb.connect(str(old)) as connection:
            connection.execute("create schema marts")
            if before is not None:
                connection.execute("create table marts.jobs (area_id varchar, jobs double)")
                connection.executemany("insert into marts.jobs values (?, ?)", [list(row) for row in before.items()])
        (result,) = compare(tmp_path, old, accepted_names(accept), "500MB")
        return result

    return run


def test_changes_within_the_bound_pass(found: Compare) -> None:
    result = found({"US": 1100.0, "OH": 360.0, "GU": 90.0, "WY": 7.0})
    assert (result.passed, result.kind, result.table) == (True, Kind.COMPARISON, JOBS)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"US": 1101.0, "OH": 400.0}, "US: 1,000 before, 1,101 now (+10.1 %)"),
        ({"US": 1000.0, "OH": 359.0}, "OH: 400 before, 359 now (-10.2 %)"),
        ({"US": 1000.0}, "OH: 400 before, no figure now (-100.0 %)"),
        ({"US": 1000.0, "OH": float("nan")}, "OH: 400 before, nan now (+nan %)"),
        ({"US": 1000.0, "OH": 400_000.0}, "OH: 400 before, 400,000 now (+99,900.0 %)"),
    ],
)
def test_a_change_beyond_the_bound_blocks_and_says_how_to_accept_it(
    found: Compare, now: dict[str, float], told: str
) -> None:
    result = found(now)
    assert (result.blocks, result.failing_rows, result.observed) == (True, 1, told)
    assert result.expected == "within 10 percent of the release before; `lmi run --accept-change jobs` accepts more"


def test_small_figures_are_not_compared(found: Compare) -> None:
    assert found({"US": 1000.0, "OH": 400.0, "GU": 1.0}).passed


def test_a_figure_that_was_missing_before_is_not_compared(found: Compare) -> None:
    assert found({"US": 1000.0, "OH": 400.0}, {"US": 1000.0, "OH": None}).passed


def test_an_accepted_change_is_a_warning(found: Compare) -> None:
    result = found({"US": 2000.0, "OH": 400.0}, accept="jobs")
    assert (result.passed, result.severity, result.blocks) == (False, Severity.WARN, False)
    assert result.observed == "US: 1,000 before, 2,000 now (+100.0 %); accepted by --accept-change"


def test_accepting_what_did_not_change_changes_nothing(found: Compare) -> None:
    assert found(BEFORE, accept="jobs").passed


def test_many_changes_are_counted_the_largest_shown(found: Compare) -> None:
    before = {f"A{number}": 1000.0 for number in range(8)}
    now = {name: 1000.0 * (2 + number) for number, name in enumerate(before)}
    result = found(now, before)
    assert result.failing_rows == 8
    assert str(result.observed).startswith("A7: 1,000 before, 9,000 now (+800.0 %); A6")
    assert str(result.observed).endswith("; and 3 more")


def test_a_release_without_the_table_is_not_compared(found: Compare) -> None:
    result = found(BEFORE, None)
    assert (result.passed, result.observed) == (True, "not compared: the release before does not have these figures")


def test_the_first_release_says_that_there_is_none_before(tmp_path: Path) -> None:
    results = compare(tmp_path, None)
    assert [result.check for result in results] == [path.stem for path in sorted(COMPARISONS.glob("*.sql"))]
    assert {(result.passed, result.observed) for result in results} == {
        (True, "the first release: there is none before")
    }


def test_a_release_that_lost_its_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "lmi.duckdb").write_text("<html>", encoding="utf-8")
    for name, why in (("gone.duckdb", "it is not there"), ("lmi.duckdb", "it is no DuckDB database")):
        with pytest.raises(NoReleaseError, match=f"the release before, .*, cannot be read: {why}; restore"):
            compare(tmp_path, tmp_path / name)


def test_unknown_names_are_told_with_those_that_there_are() -> None:
    assert accepted_names(" jobs,openings ,") == {"jobs", "openings"}
    with pytest.raises(
        UnknownNameError, match="--accept-change: job, wages is unknown; there are areas, group_jobs"
    ) as e:
        accepted_names("wages,job,jobs")
    assert e.value.exit_code == 2


@pytest.mark.parametrize(("old", "new"), [("-- bound: 10\n", ""), ("bound: 10", "bound: ten"), ("least", "fewest")])
def test_a_file_without_its_bound_is_named(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "jobs.sql").write_text(SQL.replace(old, new), encoding="utf-8")
    with pytest.raises(ContractError, match=r"jobs\.sql"):
        comparisons(tmp_path)


def test_an_edited_figure_of_a_release_is_found(world: Path, tmp_path: Path) -> None:
    """The files in sql/ themselves: on the small world against itself, and with its jobs doubled before."""
    tables = sorted({table for each in comparisons() for table in each.upstream})
    old = tmp_path / "old.duckdb"
    with duckdb.connect(str(old)) as connection:
        for table in tables:
            connection.execute(f"create schema if not exists {table.schema}")
            connection.execute(f"create table {table} as from read_parquet('{parquet_path(world, table)}')")
    assert [result.check for result in compare(world, old, (), "500MB") if not result.passed] == []
    with duckdb.connect(str(old)) as connection:
        connection.execute("update marts.cluster_indicators set employment = 2 * employment, wage_p50_usd = 1")
        connection.execute("update marts.cluster_outlook set annual_openings = 3 * annual_openings")
        connection.execute("delete from marts.soc_allocation")
        connection.execute("insert into core.occupation_wage from core.occupation_wage")
    failed = {result.check for result in compare(world, old, (), "500MB") if not result.passed}
    assert failed >= {"jobs", "median_wage", "openings", "table_rows"}
