"""One run of the real command on the bundled vintage, shared by all tests; and the order in which files begin."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from tests.fixtures.command import SHARED, Ran, link_or_copy, lmi
from tests.fixtures.live_runs import Told, live_story, read_told, share_newest_release, write_told
from tests.fixtures.report_pages import REPORTED
from tests.fixtures.small_release import write_small_files

#: Files that begin first, so that no long one is left for the end: `make test` gives its workers whole files, in this
#: order. While the first one's worker makes the shared run, the others have what does not need it; then one makes the
#: live run.
FIRST = (
    "tests/integration/test_report.py",
    "tests/unit/quality/test_reconciliation.py",
    "tests/integration/test_toy_source.py",
    "tests/integration/test_bundle.py",
    "tests/unit/intake/test_fetch.py",
    "tests/unit/quality/test_expectations.py",
    "tests/integration/test_live.py",
    "tests/browser/test_notebooks.py",
    "tests/browser/test_reports.py",
    "tests/browser/test_site.py",
    "tests/integration/test_recipes.py",
    "tests/integration/test_export.py",
    "tests/integration/test_notebooks.py",
    "tests/integration/test_faults.py",
    "tests/integration/test_bad_files.py",
    "tests/integration/test_release.py",
    "tests/integration/test_overlay.py",
    "tests/integration/test_readers.py",
    "tests/sql/test_marts_cluster_indicators.py",
    "tests/unit/publishers/test_qcew.py",
    "tests/unit/archive/test_store.py",
    "tests/unit/orchestration/test_materialize_all.py",
    "tests/sql/test_portability.py",
    "tests/unit/intake/test_qcew_files.py",
    "tests/sql/test_marts_industry_indicators.py",
    "tests/sql/test_core_framework_allocation.py",
    "tests/unit/release/test_publish.py",
    "tests/unit/publishers/test_oews.py",
    "tests/unit/reports/test_charts.py",
    "tests/unit/orchestration/test_definitions.py",
    "tests/unit/overlays/test_overlay.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files begin first; the others keep their order."""
    rank = {name: number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(rank)))


@pytest.fixture(scope="session", autouse=True)
def _disk_that_is_not_waited_for() -> Iterator[None]:
    """`os.fsync` returns at once in the tests' own process: their files need not outlast a power failure."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all of pytest's workers share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def first_run(shared_folder: Path) -> tuple[Path, Ran]:
    """A data folder after one run on the bundled vintage, and what the run said. Read only.

    Made once, by the first of pytest's workers that needs it; the others wait for it.
    """
    data, told = shared_folder / "first_run", shared_folder / "first_run.json"
    with FileLock(data.with_suffix(".lock")):
        if not told.is_file():
            told.write_text(json.dumps(asdict(lmi("run", data=data))), encoding="utf-8")
        ran = Ran(**json.loads(told.read_text(encoding="utf-8")))
    assert ran.code == 0, ran.out + ran.err
    return data, ran


@pytest.fixture(scope="session")
def small_files(shared_folder: Path) -> Path:
    """OEWS files with the published figures of a few areas, and QCEW of a few counties. Read only; made once."""
    folder = shared_folder / "small_files"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.is_dir():
            write_small_files(folder.with_suffix(".part"))
            folder.with_suffix(".part").rename(folder)
    return folder


@pytest.fixture(scope="session")
def live_run(first_run: tuple[Path, Ran], small_files: Path, shared_folder: Path) -> tuple[Path, Told]:
    """The folder of `live_story`, for the one file of tests that changes it, and what was said there. Made once."""
    folder, told = shared_folder / "live_run", shared_folder / "live_run.json"
    with FileLock(folder.with_suffix(".lock")):
        if not told.is_file():
            story = live_story(folder, small_files, first_run[0])
            share_newest_release(folder / "data", shared_folder / "small_run")
            write_told(story, told)
        return folder, read_told(told)


@pytest.fixture(scope="session")
def small_run(live_run: tuple[Path, Told], shared_folder: Path) -> Path:
    """A data folder after the live run on the small files with the example overlay. Read only.

    For tests that need a release, but not the figures of all areas.
    """
    ran = live_run[1].ran
    assert ran.code == 0, ran.out + ran.err
    return shared_folder / "small_run"


@pytest.fixture(scope="session")
def report_pages(first_run: tuple[Path, Ran], shared_folder: Path) -> Path:
    """A folder with the report of each area of REPORTED as `<area_id>.html`, as `lmi report` writes it. Read only.

    Made once in this process, by the first of pytest's workers that needs them; the others wait for them.
    """
    from pipelines.reports.build import write_report  # noqa: PLC0415

    folder = shared_folder / "report_pages"
    with FileLock(folder.with_suffix(".lock")):
        for area_id, (state, area) in REPORTED.items():
            if not (folder / f"{area_id}.html").is_file():
                write_report(first_run[0] / "lmi.duckdb", state, folder, area=area)
    return folder


def _times(data: Path) -> dict[Path, int]:
    """When each shared file of a data folder was written."""
    return {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.suffix in SHARED}


def own(path: Path) -> Path:
    """Make a file of `released` the test's own, before it writes into it."""
    copy = path.with_name(f"{path.name}.own")
    shutil.copyfile(path, copy)
    return copy.replace(path)


@contextmanager
def _linked(shared: Path, data: Path) -> Iterator[Path]:
    before = _times(shared)
    shutil.copytree(shared, data, copy_function=link_or_copy)
    yield data
    assert _times(shared) == before, "a test wrote into a file of the shared run; it needs own()"


@pytest.fixture
def released(first_run: tuple[Path, Ran], tmp_path: Path) -> Iterator[Path]:
    """A copy of the first run's data folder for tests that change it, with `own` for a file that they write into."""
    with _linked(first_run[0], tmp_path / "data") as data:
        yield data


@pytest.fixture
def small_released(small_run: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the small run's data folder, in the same way."""
    with _linked(small_run, tmp_path / "data") as data:
        yield data


@pytest.fixture
def released_database(first_run: tuple[Path, Ran], tmp_path: Path) -> Path:
    """A data folder with a copy of that database alone, for tests that change it and only read from it."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(first_run[0] / "lmi.duckdb", data / "lmi.duckdb")
    return data


@pytest.fixture(scope="session")
def lmi_database(first_run: tuple[Path, Ran]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database, opened as an analyst would."""
    with duckdb.connect(str(first_run[0] / "lmi.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def one(lmi_database: duckdb.DuckDBPyConnection) -> Callable[[str], object]:
    """The one value of a query on the published database."""

    def query(sql: str) -> object:
        ((value,),) = lmi_database.sql(sql).fetchall()
        return value

    return query
