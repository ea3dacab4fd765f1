"""The notebooks run through as scripts on a release, and say what is missing where there is none."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.paths import NOTEBOOKS
from tests.fixtures.command import PROJECT, Ran, lmi

pytestmark = pytest.mark.slow


def _run(notebook: Path, data: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMI_")}
    return subprocess.run(
        [sys.executable, str(notebook), *arguments],
        cwd=PROJECT,
        env=environment | {"LMI_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("state_report", ("--", "--state", "WY")), ("state_report", ("--", "--state", "guam")), ("explore", ())],
)
def test_a_notebook_runs_as_a_script(name: str, arguments: tuple[str, ...], first_run: tuple[Path, Ran]) -> None:
    before = (first_run[0] / "lmi.duckdb").read_bytes()
    done = _run(NOTEBOOKS / f"{name}.py", first_run[0], *arguments)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert re.search(r"^Went through .* sections .*lmi\.duckdb", done.stdout, re.MULTILINE)
    assert (first_run[0] / "lmi.duckdb").read_bytes() == before


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("*.py")), ids=lambda path: path.stem)
def test_without_a_release_it_says_what_to_do(notebook: Path, tmp_path: Path) -> None:
    done = _run(notebook, tmp_path)
    assert done.returncode == 7
    assert "run `lmi run` first" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_state_is_told_as_by_the_command(first_run: tuple[Path, Ran]) -> None:
    done = _run(NOTEBOOKS / "state_report.py", first_run[0], "--", "--state", "Ohoi")
    assert done.returncode == 2
    assert "did you mean Ohio?" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_unknown_notebook_is_refused(tmp_path: Path) -> None:
    ran = lmi("notebook", "nowhere", data=tmp_path)
    assert ran.code == 2
    assert "state_report" in ran.err
