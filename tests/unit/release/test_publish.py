"""Publishing two small tables: ids that increase, one rename, and what a broken-off run left."""

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.contracts.enforce import polars_schema
from pipelines.contracts.model import Table, contracts
from pipelines.errors import GateError, NoReleaseError
from pipelines.files import file_sha256
from pipelines.quality.validation import RELEASE, Validation
from pipelines.release import diff as comparing
from pipelines.release import publish as publishing
from pipelines.release import record as recording
from pipelines.release.install import install, is_installed, recover
from pipelines.release.manifest import Release, read_release
from pipelines.release.publish import Publication, publish
from pipelines.release.record import prune, record_path, releases
from pipelines.release.verify import faults
from pipelines.settings import Settings
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.assemble import Before
from pipelines.warehouse.staging import stage_frame
from tests.unit.warehouse.small_contracts import table

INPUTS, OTHER = "a" * 64, "b" * 64
MONDAY = datetime(2026, 11, 2, 6, tzinfo=UTC)
JOBS = table("marts.jobs", {"area_id": "varchar", "jobs": "bigint"}, ("area_id",))
VINTAGE = TableName("reference", "source_vintage")

Publish = Callable[..., Publication]


def _vintage() -> pl.DataFrame:
    row = {
        "source": "oews",
        "publisher": "A bureau",
        "title": "Wages",
        "url": "https://example.org",
        "vintage": "May 2025",
        "reference_period": "2025-05",
        "released_on": datetime(2026, 5, 15, tzinfo=UTC).date(),
        "files": 7,
        "bytes": 1,
        "rows": 1,
        "sha256": "c" * 64,
        "status": "ok",
        "licence": "public domain",
        "attribution": "A bureau",
    }
    return pl.DataFrame([row], schema=polars_schema(contracts()[VINTAGE]))


def _verdict(staging: Path, inputs: str) -> Validation:
    """No checks, on the tables that are staged."""
    tables = {str(name): file_sha256(parquet_path(staging, name)) for name in (JOBS.table, VINTAGE)}
    return Validation(inputs, tables, ())


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Staged tables that have passed the gate."""
    small: dict[TableName, Table] = {JOBS.table: JOBS} | {name: contracts()[name] for name in (VINTAGE, RELEASE)}
    monkeypatch.setattr(publishing, "published_tables", lambda: small)
    monkeypatch.setattr(publishing, "views", dict)
    monkeypatch.setattr(comparing, "published_tables", lambda: small)
    monkeypatch.setattr(publishing, "pass_gate", _verdict)
    settings = Settings(data_dir=tmp_path / "data", memory_limit="500MB")
    stage_frame(contracts()[VINTAGE], _vintage(), settings.staging, INPUTS)
    _stage_jobs(settings, 7)
    return settings


def _stage_jobs(settings: Settings, jobs: int) -> None:
    stage_frame(JOBS, pl.DataFrame({"area_id": ["US"], "jobs": [jobs]}), settings.staging, INPUTS)


def _read(database: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_release_is_published_whole(settings: Settings) -> None:
    publication = publish(settings, INPUTS, now=MONDAY)
    assert publication.is_new
    release = publication.release
    assert release.manifest.release_id == "20261102T060000Z-aaaaaaaa"
    assert _names(release.folder) == [
        "catalogue.html", "croissant.json", "data.json", "datapackage.json", "dcat-us-3.json", "dictionary.md",
        "diff.json", "diff.md", "lmi.duckdb", "manifest.json", "validation.json",
    ]  # fmt: skip
    database = settings.database.read_bytes()
    assert release.database.read_bytes() == database
    manifest = release.manifest
    assert (manifest.database_bytes, manifest.database_sha256) == (len(database), hashlib.sha256(database).hexdigest())
    assert {name: entry.rows for name, entry in manifest.tables.items()} == {
        "marts.jobs": 1,
        "reference.source_vintage": 1,
        "quality.release": 1,
    }
    assert manifest.sources["oews"].released_on == "2026-05-15"
    assert _read(settings.database, "select release_id, published_at, input_sha256, period from quality.release") == [
        ("20261102T060000Z-aaaaaaaa", datetime(2026, 11, 2, 6), INPUTS, "2025-05")
    ]
    assert _names(settings.releases) == [manifest.release_id]
    assert not [name for name in _names(settings.data_dir) if name.startswith(".")]


def test_releases_follow_each_other_whatever_the_clock_says(settings: Settings) -> None:
    """A clock ten years ahead dates one release, not those after it."""
    times = [MONDAY, MONDAY + timedelta(days=3652), MONDAY + timedelta(days=7), MONDAY - timedelta(days=1)]
    made = [publish(settings, 64 * digit, now=now).release for now, digit in zip(times, "fedc", strict=True)]
    assert [release.manifest.release_id[:16] for release in made] == [
        "20261102T060000Z", "20361101T060000Z", "20261109T060000Z", "20261101T060000Z",
    ]  # fmt: skip
    assert [release.manifest.published_at for release in made] == times
    assert [release.folder for release in releases(settings)] == [release.folder for release in made]
    assert [release.manifest.previous_release_id for release in made] == [
        None,
        *(release.manifest.release_id for release in made[:-1]),
    ]
    assert is_installed(settings, made[-1])


def test_two_releases_of_one_second_have_two_ids(settings: Settings) -> None:
    made = [publish(settings, INPUTS, now=MONDAY, force=True).release.manifest for _ in range(2)]
    assert [manifest.release_id[:16] for manifest in made] == ["20261102T060000Z", "20261102T060001Z"]


def test_equal_inputs_are_published_once_unless_forced(settings: Settings) -> None:
    first = publish(settings, INPUTS, now=MONDAY).release
    again = publish(settings, INPUTS, now=MONDAY + timedelta(days=7))
    assert (again.release, again.is_new) == (first, False)
    forced = publish(settings, INPUTS, now=MONDAY + timedelta(days=7), force=True)
    assert forced.is_new
    assert len(releases(settings)) == 2
    difference = json.loads((forced.release.folder / "diff.json").read_text(encoding="utf-8"))
    assert difference["previous_release_id"] == first.manifest.release_id
    assert difference["tables"]["marts.jobs"]["status"] == "same"


def test_the_new_release_is_compared_with_the_one_before(settings: Settings) -> None:
    publish(settings, INPUTS, now=MONDAY)
    _stage_jobs(settings, 8)
    second = publish(settings, OTHER, now=MONDAY + timedelta(days=7)).release
    text = (second.folder / "diff.md").read_text(encoding="utf-8")
    assert "| marts.jobs | changed | 0 | 0 | 1 | jobs (1) |" in text
    assert _read(settings.database, "select jobs from marts.jobs") == [(8,)]


@pytest.mark.parametrize("why", ["same", "forced", "edited", "other version"])
def test_tables_with_the_same_files_are_taken_of_the_database_before_if_it_is_as_published(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    first = publish(settings, INPUTS, now=MONDAY).release
    if why == "edited":
        with duckdb.connect(str(first.database)) as connection:
            connection.execute("update marts.jobs set jobs = 99")
    if why == "other version":
        monkeypatch.setattr(duckdb, "__version__", "9.9.9")
    taken: list[dict[str, int]] = []
    assemble = publishing.assemble

    def watched(*arguments: Any, before: Before | None) -> dict[str, int]:
        taken.append({} if before is None else dict(before.files))
        return assemble(*arguments, before=before)

    monkeypatch.setattr(publishing, "assemble", watched)
    publish(settings, OTHER, now=MONDAY + timedelta(days=7), force=why == "forced")
    assert taken == [{"marts.jobs": 1, "reference.source_vintage": 1} if why == "same" else {}]
    assert _read(settings.database, "select jobs from marts.jobs") == [(7,)]
    assert _read(settings.database, "select input_sha256 from quality.release") == [(OTHER,)]


def test_every_file_beside_the_database_is_in_the_manifest_with_its_checksum(settings: Settings) -> None:
    release = publish(settings, INPUTS, now=MONDAY).release
    there = {path.name for path in release.folder.iterdir() if path.is_file()}
    assert release.manifest.files.keys() == there - {"lmi.duckdb", "manifest.json"}
    assert {"data.json", "dcat-us-3.json", "croissant.json", "datapackage.json"} <= there
    assert {name: file_sha256(release.folder / name) for name in release.manifest.files} == release.manifest.files
    described = json.loads((release.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert described["resources"][0]["hash"] == f"sha256:{file_sha256(release.database)}"
    assert "application/ld+json" in (release.folder / "catalogue.html").read_text(encoding="utf-8")
    assert release.manifest.licence == "CC-BY-4.0"
    assert f"Release {release.manifest.release_id} [data set]" in release.manifest.citation

    before = faults(release)
    (release.folder / "data.json").write_text("{}", encoding="utf-8")
    (release.folder / "dictionary.md").unlink()
    assert [fault for fault in faults(release) if fault not in before] == [
        f"{release.folder / name} is not the file that the manifest names" for name in ("data.json", "dictionary.md")
    ]


def test_what_the_gate_refuses_leaves_everything_as_it_was(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, INPUTS, now=MONDAY)
    before = settings.database.read_bytes(), _names(settings.releases)

    def refuse(staging: Path, inputs: str) -> Validation:
        raise GateError("nothing published: a check failed")

    monkeypatch.setattr(publishing, "pass_gate", refuse)
    _stage_jobs(settings, 8)
    with pytest.raises(GateError):
        publish(settings, OTHER, force=True)
    assert (settings.database.read_bytes(), _names(settings.releases)) == before


def test_a_table_that_changes_after_the_gate_is_not_published(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pass_and_change(staging: Path, inputs: str) -> Validation:
        verdict = _verdict(staging, inputs)
        _stage_jobs(settings, 8)
        return verdict

    monkeypatch.setattr(publishing, "pass_gate", pass_and_change)
    with pytest.raises(GateError, match=r"nothing published: marts\.jobs changed while the database was made"):
        publish(settings, INPUTS, now=MONDAY)
    assert not settings.database.exists()
    assert releases(settings) == []


@pytest.mark.parametrize("step", ["assemble", "_write_reports", "read_release", "install"])
def test_a_publication_that_breaks_off_leaves_the_published_database_and_is_finished_by_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    publish(settings, INPUTS, now=MONDAY)
    before = settings.database.read_bytes()
    _stage_jobs(settings, 8)

    def break_off(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publishing, step, break_off)
        with pytest.raises(OSError, match="no space left"):
            publish(settings, OTHER, now=MONDAY + timedelta(days=7))
    assert settings.database.read_bytes() == before
    # a release is there whole or not at all
    complete = step in ("read_release", "install")
    assert len(releases(settings)) == 1 + complete
    # what was half-written when the disk was full takes no place
    assert not [name for name in _names(settings.releases) if name.startswith(".building-")]

    recover(settings)
    after = publish(settings, OTHER, now=MONDAY + timedelta(days=7))
    assert after.is_new is not complete
    assert len(releases(settings)) == 2
    assert not [name for name in _names(settings.releases) if name.startswith(".")]
    assert _read(settings.database, "select jobs from marts.jobs") == [(8,)]


def test_recovery_clears_away_what_a_broken_off_run_left(settings: Settings) -> None:
    release = publish(settings, INPUTS, now=MONDAY).release
    (settings.releases / ".building-20261109T060000Z-bbbbbbbb").mkdir()
    (settings.releases / ".building-20261109T060000Z-bbbbbbbb" / "lmi.duckdb").write_bytes(b"half")
    (settings.data_dir / ".lmi.duckdb.20261109T060000Z-bbbbbbbb").write_bytes(b"half a copy")
    before = settings.database.read_bytes()
    assert recover(settings) == release
    assert _names(settings.releases) == [release.folder.name]
    assert not list(settings.data_dir.glob(".lmi.duckdb*"))
    assert settings.database.read_bytes() == before


@pytest.mark.parametrize("content", [None, b"", b"an older release"])
def test_recovery_installs_the_newest_release(settings: Settings, content: bytes | None) -> None:
    release = publish(settings, INPUTS, now=MONDAY).release
    settings.database.unlink()
    if content is not None:
        settings.database.write_bytes(content)
    assert not is_installed(settings, release)
    assert recover(settings) == release
    assert is_installed(settings, release)
    assert settings.database.read_bytes() == release.database.read_bytes()


def _forge(settings: Settings, name: str = "99991231T235959Z-aaaaaaaa", **edited: object) -> Path:
    """A copy of the newest release under a later id, with other jobs in it and a manifest that fits."""
    folder = shutil.copytree(releases(settings)[-1].folder, settings.releases / name)
    database = folder / "lmi.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("update marts.jobs set jobs = 1000")
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    content |= {"release_id": name, "database_sha256": file_sha256(database), "database_bytes": database.stat().st_size}
    (folder / "manifest.json").write_text(json.dumps(content | edited), encoding="utf-8")
    return folder


def test_a_forged_release_is_not_installed(settings: Settings) -> None:
    release = publish(settings, INPUTS, now=MONDAY).release
    _forge(settings)
    assert recover(settings) == release
    assert _read(settings.database, "select jobs from marts.jobs") == [(7,)]


@pytest.mark.parametrize(
    ("edited", "told"),
    [
        ({}, "says that it is release 2026"),
        ({"database_sha256": "0" * 64}, "is not the database that the manifest names"),
        ({"input_sha256": OTHER}, "about other inputs"),
        ({"checks": 7}, "has other checks"),
    ],
)
def test_a_forged_release_is_not_installed_without_a_record_either(
    settings: Settings, edited: dict[str, object], told: str
) -> None:
    publish(settings, INPUTS, now=MONDAY)
    record_path(settings).unlink()
    folder = _forge(settings, **edited)
    before = settings.database.read_bytes()
    with pytest.raises(GateError, match="is not installed") as caught:
        recover(settings)
    assert str(folder) in str(caught.value)
    assert any(told in fault for fault in faults(read_release(folder)))
    assert settings.database.read_bytes() == before


def test_releases_beyond_those_kept_are_removed(settings: Settings) -> None:
    few = settings.model_copy(update={"keep_releases": 2})
    made = [publish(few, INPUTS, now=MONDAY + timedelta(days=day), force=True).release for day in range(4)]
    assert _names(settings.releases) == [release.folder.name for release in made[2:]]
    assert is_installed(settings, made[-1])


@pytest.mark.parametrize("step", ["_write", "shutil.rmtree"])
def test_a_removal_that_breaks_off_is_finished_by_the_next_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first, second = (publish(settings, INPUTS, now=MONDAY, force=True).release for _ in range(2))

    def break_off(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(recording if step == "_write" else recording.shutil, step.removeprefix("shutil."), break_off)
        with pytest.raises(OSError, match="no space left"):
            prune(settings, 1)
    assert [release.folder for release in releases(settings)] == [second.folder]
    assert recover(settings) == second
    assert _names(settings.releases) == [second.folder.name]
    assert first.folder != second.folder


@pytest.mark.parametrize(
    "left",
    [
        "releases/.removing-20261101T060000Z-aaaaaaaa/lmi.duckdb", "staging/.parsing-x/part.parquet",
        "staging/marts/.jobs.parquet.77.tmp", "staging/marts/.jobs.parquet.77.tmp/2024-00000.parquet",
        "staging/core/big.sorted", "staging/.spill/x",
        ".lmi.duckdb.77.tmp", ".releases.json.77.tmp", "failures/.a.md.77.tmp",
    ],
)  # fmt: skip
def test_what_a_killed_run_left_is_removed(settings: Settings, left: str) -> None:
    publish(settings, INPUTS, now=MONDAY)
    path = settings.data_dir / left
    path.parent.mkdir(parents=True, exist_ok=True)
    before = {each for each in settings.data_dir.rglob("*") if each.is_file()}
    path.write_bytes(b"half")
    recover(settings)
    assert {each for each in settings.data_dir.rglob("*") if each.is_file()} == before


def test_a_database_of_the_same_size_with_other_bytes_is_not_the_release(settings: Settings) -> None:
    release = publish(settings, INPUTS, now=MONDAY).release
    content = bytearray(settings.database.read_bytes())
    content[-1] ^= 1
    settings.database.write_bytes(content)
    assert not is_installed(settings, release)


def test_recovery_without_releases_has_nothing_to_do(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert recover(settings) is None
    assert _names(tmp_path) == []


def test_a_reader_keeps_the_release_that_was_open(settings: Settings) -> None:
    publish(settings, INPUTS, now=MONDAY)
    with settings.database.open("rb") as reader:
        head = reader.read(16)
        _stage_jobs(settings, 8)
        newer: Release = publish(settings, OTHER, now=MONDAY + timedelta(days=7)).release
        reader.seek(0)
        old = reader.read()
    assert old.startswith(head)
    assert hashlib.sha256(old).hexdigest() == releases(settings)[0].manifest.database_sha256
    assert is_installed(settings, newer)


def test_writing_to_the_published_file_does_not_touch_the_release(settings: Settings) -> None:
    release = publish(settings, INPUTS, now=MONDAY).release
    with duckdb.connect(str(settings.database)) as connection:
        connection.execute("update marts.jobs set jobs = 0")
    assert _read(release.database, "select jobs from marts.jobs") == [(7,)]
    install(settings, release)
    assert _read(settings.database, "select jobs from marts.jobs") == [(7,)]


def test_a_damaged_release_folder_stops_the_next_publication(settings: Settings) -> None:
    release = publish(settings, INPUTS, now=MONDAY).release
    (release.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(NoReleaseError, match=release.folder.name):
        publish(settings, OTHER, now=MONDAY + timedelta(days=7))


def test_what_cannot_be_cleared_away_does_not_hide_what_went_wrong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("read-only")

    def break_off(*_: object, **__: object) -> None:
        raise ValueError("the first fault")

    monkeypatch.setattr(publishing, "remove", refuse)
    monkeypatch.setattr(publishing, "_write_reports", break_off)
    with pytest.raises(ValueError, match="the first fault"):
        publish(settings, INPUTS, now=MONDAY)
