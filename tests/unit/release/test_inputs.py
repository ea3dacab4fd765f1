"""The fingerprint changes with every byte a release is made from, and with nothing else."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines import own_files
from pipelines.archive.store import Archive, ArchivedVintage, Attempt, described
from pipelines.intake import select
from pipelines.intake.bundle import read_manifest
from pipelines.intake.by_hand import add_by_hand
from pipelines.paths import BUNDLE, PROJECT
from pipelines.publishers import oews
from pipelines.release.inputs import input_fingerprint
from pipelines.settings import Settings, Source, Weights
from pipelines.sources import Vintage
from tests.fixtures.workbooks_of_bundle import write_membership_workbooks

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
FILES = {
    "reference/sources.yml": "soc: {}\n",
    "reference/method_parameter.csv": "name,value\nz,1.645\n",
    "reference/contracts/tables/core/jobs.yml": "grain: one row per area\n",
    "reference/crosswalks/soc_sub_cluster.csv": "soc_code\n15-1252\n",
    "sql/marts/jobs.sql": "select 1 as k\n",
    "sql/checks/adds_up.sql": "select 1 as k\n",
    "pipelines/release/publish.py": "x = 1\n",
    "pipelines/release/templates/dictionary.md.j2": "# Dictionary\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with the real bundle's manifest."""
    root = tmp_path / "project"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    bundle = root / "reference" / "bundle"
    bundle.mkdir()
    shutil.copyfile(BUNDLE / "manifest.json", bundle / "manifest.json")
    own = tuple((root / folder.relative_to(PROJECT), pattern) for folder, pattern in own_files._OWN_FILES)
    monkeypatch.setattr(own_files, "_OWN_FILES", own)
    monkeypatch.setattr(own_files, "PROJECT", root)
    monkeypatch.setattr(select, "read_manifest", lambda: read_manifest(bundle))
    return root


@pytest.fixture
def fingerprint(project: Path, tmp_path: Path) -> Callable[[], str]:
    settings = Settings(data_dir=tmp_path / "data", source=Source.BUNDLED, files_dir=None)
    return lambda: input_fingerprint(settings)


def test_weights_by_state_make_another_release(project: Path, tmp_path: Path, fingerprint: Callable[[], str]) -> None:
    by_state = Settings(data_dir=tmp_path / "data", source=Source.BUNDLED, files_dir=None, weights=Weights.STATE)
    assert input_fingerprint(by_state) != fingerprint()


def test_nothing_changed_nothing_differs(project: Path, fingerprint: Callable[[], str]) -> None:
    first = fingerprint()
    assert len(first) == 64
    for path in project.rglob("*"):
        path.touch()
    assert fingerprint() == first


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_changes_it_and_taking_it_back_restores_it(
    project: Path, fingerprint: Callable[[], str], name: str
) -> None:
    first = fingerprint()
    path = project / name
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"9\n")
    assert fingerprint() != first
    path.write_bytes(content)
    assert fingerprint() == first


@pytest.mark.parametrize("name", ["sql/marts/more.sql", "reference/more.csv", "reference/contracts/more.yml"])
def test_a_new_file_changes_it(project: Path, fingerprint: Callable[[], str], name: str) -> None:
    first = fingerprint()
    (project / name).write_bytes(b"")
    assert fingerprint() != first


def test_another_version_changes_it(fingerprint: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = fingerprint()
    monkeypatch.setattr(own_files, "project_version", lambda: "9.9.9")
    assert fingerprint() != first


def test_a_moved_file_changes_it(project: Path, fingerprint: Callable[[], str]) -> None:
    first = fingerprint()
    (project / "sql" / "marts" / "jobs.sql").rename(project / "sql" / "checks" / "jobs.sql")
    assert fingerprint() != first


@pytest.mark.parametrize(
    "name", ["README.md", "pyproject.toml", "tests/test_x.py", "reference/README.md", "notebooks/x.csv"]
)
def test_what_no_figure_depends_on_does_not_change_it(project: Path, fingerprint: Callable[[], str], name: str) -> None:
    first = fingerprint()
    path = project / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("words", encoding="utf-8")
    assert fingerprint() == first


def test_another_bundled_table_changes_it(project: Path, fingerprint: Callable[[], str]) -> None:
    first = fingerprint()
    path = project / "reference" / "bundle" / "manifest.json"
    text = path.read_text(encoding="utf-8")
    # the checksum of raw.naics
    assert text.count("07c8356e") == 1
    path.write_text(text.replace("07c8356e", "07c8356f"), encoding="utf-8")
    assert fingerprint() != first


def test_publishers_files_count_by_their_bytes(project: Path, tmp_path: Path, fingerprint: Callable[[], str]) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for name in oews.FILES:
        (files / name).write_text(name, encoding="utf-8")
    settings = Settings(data_dir=tmp_path / "data", source=Source.FILES, files_dir=files)
    first = input_fingerprint(settings)
    assert first != fingerprint(), "files instead of the bundle are other inputs"
    (files / "oe.release").write_text("a corrected release", encoding="utf-8")
    assert input_fingerprint(settings) != first
    (files / "oe.release").write_text("oe.release", encoding="utf-8")
    (files / "oe.txt").write_text("the publisher's description of the layout", encoding="utf-8")
    assert input_fingerprint(settings) == first


def test_downloaded_memberships_count_by_their_bytes(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release says how they differ from those carried."""
    settings = Settings(data_dir=tmp_path / "data", source=Source.LIVE)
    monkeypatch.setattr(select, "raw_sources", tuple)
    books = write_membership_workbooks(tmp_path, {})
    without = input_fingerprint(settings)
    add_by_hand(settings, "career_clusters", list(books.values()), "September 2025", None)
    first = input_fingerprint(settings)
    books = write_membership_workbooks(tmp_path, {("11-1011", "leadership_operations"): None})
    add_by_hand(settings, "career_clusters", list(books.values()), "June 2026", None)
    assert len({without, first, input_fingerprint(settings)}) == 3


def test_a_look_that_failed_does_not_change_it(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data_dir=tmp_path / "data", source=Source.LIVE)
    monkeypatch.setattr(select, "raw_sources", lambda: ("onet",))
    archive = Archive(settings.archive)
    file = tmp_path / "Job Zones.txt"
    file.write_text("zones", encoding="utf-8")
    archived = described(file, file.name, NOW)
    archive.put(file, archived)
    archive.add(ArchivedVintage.of("onet", Vintage(vintage="1", reference_period="2025"), "by_hand", NOW, [archived]))
    found = set()
    for outcome in ("unchanged", "failed", "new"):
        archive.note_attempt("onet", Attempt(at=NOW, outcome=outcome, message="403"))
        found.add(input_fingerprint(settings))
    assert len(found) == 1


def test_where_the_data_lies_does_not_change_it(project: Path, tmp_path: Path, fingerprint: Callable[[], str]) -> None:
    elsewhere = Settings(data_dir=tmp_path / "elsewhere", source=Source.BUNDLED, files_dir=None)
    assert input_fingerprint(elsewhere) == fingerprint()
