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


@pytest.fixture
def released(first_run: tuple[Path, Ran], tmp_path: Path) -> Path:
    """A copy of that data folder for tests that change it."""
    data = tmp_path / "data"
    shutil.copytree(first_run[0], data)
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
