"""One run of the real command on the bundled vintage, shared by all tests that only read what it published."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from tests.fixtures.command import Ran, lmi
from tests.fixtures.report_pages import REPORTED


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, Ran]:
    """A data folder after one run on the bundled vintage, and what the run said. Read only.

    Made once, by the first of pytest's workers that needs it; the others wait for it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    data, told = shared / "first_run", shared / "first_run.json"
    with FileLock(shared / "first_run.lock"):
        if not told.is_file():
            told.write_text(json.dumps(asdict(lmi("run", data=data))), encoding="utf-8")
        ran = Ran(**json.loads(told.read_text(encoding="utf-8")))
    assert ran.code == 0, ran.out + ran.err
    return data, ran


@pytest.fixture(scope="session")
def report_pages(first_run: tuple[Path, Ran], tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with the report of each area of REPORTED as `<area_id>.html`, as `lmi report` writes it. Read only.

    Made once in this process, by the first of pytest's workers that needs them; the others wait for them.
    """
    from pipelines.reports.build import write_report  # noqa: PLC0415

    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "report_pages"
    with FileLock(folder.with_suffix(".lock")):
        for area_id, (state, area) in REPORTED.items():
            if not (folder / f"{area_id}.html").is_file():
                write_report(first_run[0] / "lmi.duckdb", state, folder, area=area)
    return folder


@pytest.fixture
def released(first_run: tuple[Path, Ran], tmp_path: Path) -> Path:
    """A copy of that data folder for tests that change it."""
    data = tmp_path / "data"
    shutil.copytree(first_run[0], data)
    return data


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
