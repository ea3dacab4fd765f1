"""Runs commands one after another as children of one small process, and measures each.

Linux counts what a process has in memory when it starts a child into the child's peak; so the parent must be small,
which a process that runs pytest is not.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Measured:
    """A finished command: exit code, wall and processor seconds, peak resident memory in bytes, what it printed."""

    code: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


def measure(*commands: Sequence[str], environment: dict[str, str] | None = None) -> list[Measured]:
    """Run Python with each command's arguments in the project's folder, one after another, and measure them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMI_", "DAGSTER_"))}
    done = subprocess.run(
        [sys.executable, __file__, json.dumps([list(command) for command in commands])],
        cwd=PROJECT,
        env=kept | (environment or {}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Measured(**result) for result in json.loads(done.stdout)]


def _run(arguments: list[str]) -> Measured:
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    assert child.stdout is not None
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return Measured(child.returncode, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, output)


if __name__ == "__main__":
    print(json.dumps([asdict(_run(arguments)) for arguments in json.loads(sys.argv[1])]))
