"""Release folders: which there are, which is the newest, and what is none."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.errors import NoReleaseError
from pipelines.release.manifest import Manifest, ReleasedSource, ReleasedTable, read_release
from pipelines.release.record import newest_release, prune, record_release, releases, require_release
from pipelines.settings import Settings

ONE, TWO = "20261101T060000Z-aaaaaaaa", "20261108T060000Z-00000000"
FORGED = "99991231T235959Z-ffffffff"


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


@pytest.mark.parametrize("name", ["backup", "lost+found", f"{ONE}.old", f"copy-of-{TWO}", "9999"])
def test_other_folders_are_passed_over(settings: Settings, name: str) -> None:
    _release(settings, ONE)
    (settings.releases / name).mkdir()
    assert require_release(settings).folder.name == ONE
    shutil.copytree(settings.releases / ONE, settings.releases / f"{name}-2")
    assert [release.folder.name for release in releases(settings)] == [ONE]


def test_a_folder_with_the_manifest_of_another_is_named(settings: Settings) -> None:
    shutil.copytree(_release(settings, ONE), settings.releases / TWO)
    with pytest.raises(NoReleaseError, match=f"{TWO} says that it is release {ONE}"):
        require_release(settings)


def _recorded(settings: Settings, *ids: str) -> None:
    for release_id in ids:
        record_release(settings, release_id, _release(settings, release_id) / "manifest.json")


def test_the_record_says_which_releases_there_are_and_their_order(settings: Settings) -> None:
    _recorded(settings, TWO, ONE)
    _release(settings, FORGED)
    assert [release.folder.name for release in releases(settings)] == [TWO, ONE]
    assert require_release(settings).folder.name == ONE


def test_a_release_that_was_removed_by_hand_is_passed_over(settings: Settings) -> None:
    _recorded(settings, ONE, TWO)
    shutil.rmtree(settings.releases / TWO)
    assert require_release(settings).folder.name == ONE


def test_releases_from_before_the_record_are_taken_into_it(settings: Settings) -> None:
    _release(settings, ONE)
    _recorded(settings, TWO)
    content = json.loads((settings.data_dir / "releases.json").read_text(encoding="utf-8"))
    assert [each["release_id"] for each in content["releases"]] == [ONE, TWO]


def test_a_manifest_that_was_edited_is_named_with_what_to_do(settings: Settings) -> None:
    _recorded(settings, ONE)
    path = settings.releases / ONE / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"checks":2', '"checks":1'), encoding="utf-8")
    with pytest.raises(NoReleaseError, match=f"{ONE}/manifest.json is not the one that was published; restore"):
        require_release(settings)


def test_old_releases_are_removed_and_the_newest_stay(settings: Settings) -> None:
    _recorded(settings, TWO, ONE, FORGED)
    (settings.releases / "backup").mkdir()
    assert prune(settings, 2) == [TWO]
    assert [release.folder.name for release in releases(settings)] == [ONE, FORGED]
    assert sorted(path.name for path in settings.releases.iterdir()) == [ONE, FORGED, "backup"]
    assert prune(settings, 2) == []
    with pytest.raises(ValueError, match="at least one"):
        prune(settings, 0)


def test_releases_from_before_the_record_are_removed_too(settings: Settings) -> None:
    for release_id in (ONE, TWO):
        _release(settings, release_id)
    assert prune(settings, 1) == [ONE]
    assert require_release(settings).folder.name == TWO


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
        ('{"release_id"', '"release_id"', "it is cut short or damaged: not JSON"),
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
    assert "\n" not in str(caught.value)
    assert "pydantic" not in str(caught.value)
