"""How soon the command answers, against an empty Python process in the same sitting."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fixtures.command import PROJECT, Ran


def _median_seconds(arguments: list[str], data: Path) -> float:
    """The median of five."""
    seconds = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=os.environ | {"LMI_DATA_DIR": str(data)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


@pytest.mark.benchmark
@pytest.mark.parametrize(("command", "limit"), [("--help", 0.6), ("status", 1.0)])
def test_the_command_answers_at_once(first_run: tuple[Path, Ran], command: str, limit: float) -> None:
    data, _ = first_run
    empty = _median_seconds(["-c", "pass"], data)
    found = _median_seconds(["-m", "pipelines.cli", command], data)
    print(f"\nlmi {command}: {found:.2f} s; python -c pass: {empty:.3f} s; ratio {found / empty:.0f}")
    assert found < limit
