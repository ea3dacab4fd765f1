"""A release file is checked again from the tables that are in it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts.enforce import read_csv, write_frame
from pipelines.errors import NoReleaseError
from pipelines.paths import REFERENCE
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import release_checks
from pipelines.quality.result import CheckResult
from pipelines.release.recheck import recheck
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.assemble import assemble
from tests.fixtures.command import here

INDICATORS = TableName("marts", "cluster_indicators")


@pytest.fixture(scope="module")
def database(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    staging = shutil.copytree(world, folder / "staging")
    for table in checked_tables():  # the small world has no tables that nothing is made of
        if not parquet_path(staging, table.table).is_file():
            rows = read_csv(table, REFERENCE)
            for column, target in table.foreign_keys.items():
                name, _, key = target.rpartition(".")
                there = pl.read_parquet(parquet_path(staging, TableName.parse(name)))[key]
                rows = rows.filter(pl.col(column).is_null() | pl.col(column).is_in(there.implode()))
            write_frame(table, rows, staging)
    assemble(folder / "lmi.duckdb", checked_tables(), staging, "500MB")
    return folder / "lmi.duckdb"


def test_a_release_passes_the_checks_of_its_tables(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few of the checks; all of them, on a release with a fault, are in integration/test_release.py."""
    chosen = [check for check in release_checks() if check.table == INDICATORS]
    assert {check.name for check in chosen} >= {"clusters_add_up_to_detail", "pooled_figures_recomputed"}
    monkeypatch.setattr("pipelines.release.recheck.release_checks", lambda: chosen)
    results: list[CheckResult] = []
    seen: list[str] = []

    def watched(path: Path, on_table: Callable[[TableName], None]) -> list[CheckResult]:
        def see(table: TableName) -> None:
            seen.append(str(table))
            on_table(table)

        results.extend(recheck(path, on_table=see))
        return results

    monkeypatch.setattr("pipelines.release.recheck.recheck", watched)
    ran = here("validate", str(database), data=tmp_path)
    assert (ran.code, [result for result in results if not result.passed]) == (0, [])
    assert f"{len(chosen)} of {len(chosen)} checks passed" in ran.out
    assert seen == [str(INDICATORS)]


def test_no_file_and_no_database_are_no_release(tmp_path: Path) -> None:
    with pytest.raises(NoReleaseError, match="run `lmi run` first"):
        recheck(tmp_path / "lmi.duckdb")
    (tmp_path / "page.duckdb").write_text("<html>moved</html>", encoding="utf-8")
    with pytest.raises(NoReleaseError, match=r"page\.duckdb is not a readable release"):
        recheck(tmp_path / "page.duckdb")


def test_a_release_without_one_of_its_tables_is_not_readable(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "lmi.duckdb"
    copy.write_bytes(database.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        connection.execute("drop table marts.cluster_indicators")
    with pytest.raises(NoReleaseError, match="cluster_indicators"):
        recheck(copy)
