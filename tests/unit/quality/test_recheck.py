"""A release file is checked again from the tables that are in it."""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts.enforce import polars_schema, read_csv, write_frame
from pipelines.contracts.model import contracts, published_tables, views
from pipelines.errors import NoReleaseError, Stopped
from pipelines.files import file_sha256
from pipelines.paths import REFERENCE
from pipelines.quality.check import Check
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import release_checks
from pipelines.quality.result import CheckResult
from pipelines.quality.suites import Attached, Staged, Suites, run_by_table
from pipelines.quality.validation import CHECK_RESULT, RELEASE, Validation, check_result_frame
from pipelines.release.recheck import as_published, recheck
from pipelines.tables import TableName, parquet_path, quote
from pipelines.warehouse import parts as warehouse_parts
from pipelines.warehouse.assemble import assemble
from tests.fixtures.command import here

INDICATORS = TableName("marts", "cluster_indicators")
CHECKED = tuple(check.passed() for check in release_checks() if check.table == INDICATORS)


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
    row = {"release_id": "1", "published_at": None, "input_sha256": "", "project_version": "", "period": ""}
    release = contracts()[RELEASE]
    for name, frame in (
        (CHECK_RESULT, check_result_frame(CHECKED)),
        (RELEASE, pl.DataFrame([row], schema=polars_schema(release))),
    ):
        path = parquet_path(staging, name)
        path.parent.mkdir(exist_ok=True)
        frame.with_columns(pl.col(pl.Datetime).fill_null(datetime(2026, 11, 2))).write_parquet(path)
    assemble(folder / "lmi.duckdb", published_tables().values(), staging, "500MB", views().values())
    return folder / "lmi.duckdb"


def test_a_database_has_the_parts_of_the_files_that_it_was_made_of(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", 40)
    staging = database.parent / "staging"
    checks = [check for check in release_checks() if check.parts]
    assert len(checks) > 3
    with duckdb.connect() as connection:
        connection.execute(f"attach {quote(database)} as made (read_only)")
        made, files = Attached(connection, "made"), Staged(staging)
        split = 0
        for check in checks:
            tables = sorted(check.upstream)
            assert all(made.has(table) for table in tables)
            found, expected = ([(part.value, *map(part.only, tables)) for part in each.parts(check)]
                               for each in (made, files))  # fmt: skip
            assert found == expected
            split += len(found) > 1
        assert split > 0
        assert not made.has(TableName("marts", "no_such_table"))


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
    assert "whether it is as published cannot be told" in " ".join(ran.out.split())
    assert "Estimates cannot be computed again from a release" in " ".join(ran.out.split())


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


def _copy(database: Path, folder: Path, *statements: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "lmi.duckdb"
    copy.write_bytes(database.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        for statement in statements:
            connection.execute(statement)
    return copy


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("create table marts.more as select 1 as jobs", "marts.more is in"),
        ("create view marts.more as select 1 as jobs", "marts.more is in"),
        ("create table main.more as select 1 as jobs", "main.more is in"),
        ("drop table quality.check_result", "quality.check_result is not in"),
        ("drop view v_cluster", "main.v_cluster is not in"),
        (
            "create or replace view v_policy as select area_id, policy, policy_title || '' as policy_title "
            "from reference.area cross join reference.policy",
            "main.v_policy is not the view that is declared",
        ),
        (
            "update quality.check_result set passed = false where check_name = 'clusters_add_up_to_total'",
            "quality.check_result says otherwise of marts.cluster_indicators clusters_add_up_to_total",
        ),
    ],
)
def test_what_was_added_or_changed_is_found_in_a_file_alone(
    database: Path, tmp_path: Path, statement: str, told: str
) -> None:
    assert as_published(_copy(database, tmp_path), CHECKED)[0] == []
    (fault,) = as_published(_copy(database, tmp_path, statement), CHECKED)[0]
    assert fault.startswith(told)


def _folder(database: Path, folder: Path, *statements: str) -> Path:
    """A release folder with this database, a verdict, and a manifest that fits both."""
    copy = _copy(database, folder, *statements)
    Validation("a" * 64, {"marts.jobs": "e" * 64}, CHECKED).write(folder / "validation.json")
    manifest = {
        "release_id": folder.name, "published_at": "2026-11-02T06:00:00Z", "previous_release_id": None,
        "input_sha256": "a" * 64, "project_version": "1", "duckdb_version": "1", "database_sha256": file_sha256(copy),
        "database_bytes": copy.stat().st_size, "tables": {"marts.jobs": {"rows": 1, "sha256": "e" * 64}}, "sources": {},
        "checks": len(CHECKED), "checks_passed": len(CHECKED), "warnings": [],
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return copy


def test_a_release_is_held_against_its_manifest_and_verdict(database: Path, tmp_path: Path) -> None:
    path = _folder(database, tmp_path / "1")
    assert as_published(path, CHECKED) == ([], "It was held against the manifest and the verdict of release 1.")
    with duckdb.connect(str(path)) as connection:
        connection.execute("update marts.cluster_indicators set wage_mean_usd = 1")
    assert as_published(path, CHECKED)[0] == [f"{path} is not the database that the manifest names"]


def test_a_verdict_that_is_not_that_of_the_release_is_found(database: Path, tmp_path: Path) -> None:
    path = _folder(database, tmp_path / "1")
    failed = (replace(CHECKED[0], passed=False, failing_rows=1), *CHECKED[1:])
    Validation("b" * 64, {"marts.jobs": "f" * 64}, failed).write(path.parent / "validation.json")
    assert as_published(path, CHECKED)[0] == [
        "validation.json refuses the release: 1 checks failed",
        "validation.json is about other inputs than the manifest",
        "validation.json has other checks than the manifest",
        "validation.json is about other files than the manifest: marts.jobs",
        "quality.check_result is not what validation.json says",
    ]
    (path.parent / "validation.json").unlink()
    (fault,) = as_published(path, CHECKED)[0]
    assert "no readable validation result" in fault


def test_a_release_under_another_name_or_with_another_id_is_found(database: Path, tmp_path: Path) -> None:
    path = _folder(database, tmp_path / "1").parent.rename(tmp_path / "9999") / "lmi.duckdb"
    assert as_published(path, CHECKED)[0] == ["the folder 9999 has the manifest of release 1"]
    path = _folder(database, tmp_path / "2")
    assert as_published(path, CHECKED)[0] == [f"{path} says that it is release 1"]


def test_a_stop_that_a_check_took_for_its_own_fault_ends_the_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[TableName] = []

    class Swallowing(Suites):
        def __init__(self) -> None:
            """On no tables."""

        def run(self, table: TableName, checks: Sequence[Check]) -> list[CheckResult]:
            run.append(table)
            monkeypatch.setattr(Stopped, "by", 15)
            return [check.passed() for check in checks]

    with pytest.raises(Stopped):
        run_by_table(Swallowing(), release_checks())
    assert len(run) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [("none", "does not exist"), (".", "is a folder; give"), (os.devnull, "is a device or a pipe;")],
)
def test_what_is_no_file_is_named(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(NoReleaseError, match=told):
        recheck(tmp_path / name)
