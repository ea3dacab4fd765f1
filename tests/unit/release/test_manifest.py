"""Release folders: which there are, which is the newest, and what is none."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.errors import NoReleaseError
from pipelines.release.manifest import (
    Manifest,
    ReleasedSource,
    ReleasedTable,
    newest_release,
    read_release,
    releases,
    require_release,
)
from pipelines.settings import Settings

ONE, TWO = "20261101T060000Z-aaaaaaaa", "20261108T060000Z-00000000"


def _manifest(release_id: str) -> Manifest:
    source = ReleasedSource(
        publisher="A bureau",
        title="A list",
        url="https://example.org",
        vintage="May 2025",
        reference_period="2025-05",
        released_on=None,
        sha256="c" * 64,
        status="ok",
        attribution="A bureau",
    )
    return Manifest(
        release_id=release_id,
        published_at=datetime(2026, 11, 1, 6, tzinfo=UTC),
        previous_release_id=None,
        input_sha256="a" * 64,
        project_version="0.1.0",
        duckdb_version="1.4.0",
        database_sha256="d" * 64,
        database_bytes=1,
        tables={"marts.jobs": ReleasedTable(rows=1, sha256="e" * 64)},
        sources={"oews": source},
        checks=2,
        checks_passed=1,
        warnings=("marts.jobs jobs_add_up: Jobs add up.",),
    )


def _release(settings: Settings, release_id: str) -> Path:
    folder = settings.releases / release_id
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(_manifest(release_id).model_dump_json(), encoding="utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def test_without_releases_there_is_none_and_the_error_says_what_to_do(settings: Settings) -> None:
    assert (releases(settings), newest_release(settings)) == ([], None)
    with pytest.raises(NoReleaseError, match="run `lmi run` first") as caught:
        require_release(settings)
    assert caught.value.exit_code == 7


def test_newest_release_is_the_last_by_id(settings: Settings) -> None:
    _release(settings, TWO)
    _release(settings, ONE)
    assert [release.manifest.release_id for release in releases(settings)] == [ONE, TWO]
    newest = require_release(settings)
    assert newest == newest_release(settings)
    assert newest.manifest == _manifest(TWO)
    assert newest.database == settings.releases / TWO / "lmi.duckdb"


def test_a_build_that_was_broken_off_and_loose_files_do_not_count(settings: Settings) -> None:
    _release(settings, ONE)
    _release(settings, f".building-{TWO}")
    (settings.releases / "zz-notes.txt").write_text("not a release", encoding="utf-8")
    assert [release.manifest.release_id for release in releases(settings)] == [ONE]


def test_a_folder_without_a_manifest_is_named(settings: Settings) -> None:
    folder = _release(settings, ONE)
    (folder / "manifest.json").unlink()
    with pytest.raises(NoReleaseError, match=f"{ONE} is not a release"):
        releases(settings)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('"checks":2', '"checks":"many"', "checks"),
        ('"checks":2,', "", "checks"),
        ('"checks":2', '"checks":2,"colour":"blue"', "colour"),
        ('{"release_id"', '"release_id"', "JSON"),
    ],
)
def test_a_manifest_of_another_form_is_named_with_its_fault(settings: Settings, old: str, new: str, named: str) -> None:
    path = _release(settings, ONE) / "manifest.json"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(NoReleaseError, match=f"{ONE} is not a release") as caught:
        read_release(path.parent)
    assert named in str(caught.value)
