"""The real command on real figures: one run of the bundled vintage, shared by the tests that only read it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str
    seconds: float


def lmi(*arguments: str, data: Path, **environment: str) -> Ran:
    """Run the command `lmi` on a data folder."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        cwd=PROJECT,
        env=_environment(data) | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr, time.monotonic() - begun)


def start_lmi(*arguments: str, data: Path, **environment: str) -> "subprocess.Popen[str]":
    """Start the command `lmi` on a data folder and do not wait."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        cwd=PROJECT,
        env=_environment(data) | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMI_", "DAGSTER_"))}
    return kept | {"LMI_DATA_DIR": str(data), "COLUMNS": "200", "NO_COLOR": "1"}


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A data folder after one run on the bundled vintage, and what the run said. Read only."""
    data = tmp_path_factory.mktemp("release")
    ran = lmi("run", data=data)
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
