"""`lmi releases`, the date of a release in `lmi status`, and a wrong name for `lmi run --accept-change`."""

import json
import shutil
from pathlib import Path

import pytest

from pipelines.release.lock import hold
from tests.fixtures.command import here

IDS = ("20261101T060000Z-aaaaaaaa", "20361108T060000Z-bbbbbbbb", "20261115T060000Z-cccccccc")
PUBLISHED = ("2026-11-01T06:00:00Z", "2036-11-08T06:00:00Z", "2026-11-15T06:00:00Z")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three releases, the second by a clock ten years ahead, and a folder that is none."""
    from pipelines.release.record import record_release  # noqa: PLC0415
    from pipelines.settings import Settings  # noqa: PLC0415

    settings = Settings(data_dir=tmp_path)
    for release_id, at in zip(IDS, PUBLISHED, strict=True):
        folder = tmp_path / "releases" / release_id
        folder.mkdir(parents=True)
        (folder / "lmi.duckdb").write_bytes(b"x" * 2_000_000)
        manifest = {
            "release_id": release_id, "published_at": at, "previous_release_id": None, "input_sha256": "a" * 64,
            "project_version": "1", "duckdb_version": "1", "database_sha256": "d" * 64, "database_bytes": 1,
            "tables": {}, "sources": {}, "checks": 1930, "checks_passed": 1929, "warnings": [],
            "accepted_changes": ["jobs: OH: 400 before, 800 now (+100.0 %); accepted by --accept-change"],
        }  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        record_release(settings, release_id, folder / "manifest.json")
    (tmp_path / "releases" / "backup").mkdir()
    return tmp_path


def test_releases_are_listed_in_the_order_of_publication(data: Path) -> None:
    out = here("releases", "list", data=data).out
    assert [out.index(release_id) for release_id in IDS] == sorted(out.index(release_id) for release_id in IDS)
    assert "1,929 of 1,930" in out
    assert "2.0" in out
    assert "backup" not in out


def test_releases_with_different_years_of_oews_are_no_trend(data: Path) -> None:
    from pipelines.release.manifest import ReleasedSource  # noqa: PLC0415

    assert "BLS" not in here("releases", "list", data=data).out
    for release_id, vintage in zip(IDS[:2], ("May 2024", "May 2025"), strict=True):
        path = data / "releases" / release_id / "manifest.json"
        oews = dict.fromkeys(ReleasedSource.model_fields, "some") | {"vintage": vintage}
        manifest = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(manifest | {"sources": {"oews": oews}}), encoding="utf-8")
    out = " ".join(here("releases", "list", data=data).out.split())
    assert "May 2024" in out
    assert "BLS does not encourage comparing two of them" in out


def test_a_damaged_release_is_listed(data: Path) -> None:
    (data / "releases" / IDS[0] / "manifest.json").write_text("{", encoding="utf-8")
    ran = here("releases", "list", data=data)
    assert (ran.code, "its manifest cannot be read" in ran.out) == (0, True)


def test_no_release_is_told(tmp_path: Path) -> None:
    assert "There is no release yet" in here("releases", "list", data=tmp_path).out


def test_old_releases_are_removed_but_never_all(data: Path) -> None:
    assert "0 releases removed" in here("releases", "prune", data=data).out
    ran = here("releases", "prune", "--keep", "2", data=data)
    assert f"Removed {IDS[0]}" in ran.out
    assert here("releases", "prune", data=data, LMI_KEEP_RELEASES="1").out.count("Removed") == 1
    assert sorted(path.name for path in (data / "releases").iterdir()) == [IDS[2], "backup"]
    assert here("releases", "prune", "--keep", "0", data=data).code == 2


def test_nothing_is_removed_during_a_run(data: Path) -> None:
    with hold(data):
        assert here("releases", "prune", "--keep", "1", data=data).code == 6
    assert len(list((data / "releases").iterdir())) == 4


def test_status_tells_a_date_in_the_future_and_accepted_changes(data: Path) -> None:
    out = here("status", data=data).out
    assert IDS[2] in out
    assert "in the future" not in out
    assert "Accepted change: jobs: OH: 400 before, 800 now (+100.0 %)" in out
    shutil.rmtree(data / "releases" / IDS[2])
    assert "This date is in the future" in here("status", data=data).out


def test_a_wrong_name_stops_a_run_before_any_work(tmp_path: Path) -> None:
    ran = here("run", "--accept-change", "jobs,wages", data=tmp_path)
    assert ran.code == 2
    assert "--accept-change: wages is unknown; there are areas, group_jobs, jobs, median_wage" in ran.err
    assert not (tmp_path / "releases").exists()
