"""Runs commands one after another as children of one small process, and measures each.

Linux counts the memory of a process that starts a child into the child's peak, so the parent must be small. A process
that runs pytest is not.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Measured:
    """A finished command: exit code, wall and processor seconds, peak resident memory in bytes, what it printed.

    `peak_bytes` is the peak of its largest process, itself or one that it started, `own_peak_bytes` its own peak, and
    `together_bytes` the most that all of them had at once, `together_cpu_seconds` the processor time of all of them,
    also of one that is never waited for, such as Spark's Java; looked at ten times a second. The last three need a
    /proc.
    """

    code: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str
    own_peak_bytes: int
    together_bytes: int
    together_cpu_seconds: float


def measure(
    *commands: Sequence[str],
    environment: dict[str, str] | None = None,
    project: Path = PROJECT,
    python: str = sys.executable,
) -> list[Measured]:
    """Run Python with each command's arguments in the project's folder, one after another, and measure them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMI_", "DAGSTER_"))}
    done = subprocess.run(
        [python, __file__, json.dumps([list(command) for command in commands])],
        cwd=project,
        env=kept | (environment or {}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Measured(**result) for result in json.loads(done.stdout)]


class _Watch(threading.Thread):
    """Looks at the resident memory of a process and of those that it started, until `is_over` is set."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.is_over = pid, threading.Event()
        self.own_peak_bytes = self.together_bytes = 0
        self.cpu_seconds: dict[int, float] = {}

    def run(self) -> None:
        while not self.is_over.wait(0.1):
            pids = _with_descendants(self.pid)
            self.cpu_seconds |= {pid: _cpu_seconds(pid) or self.cpu_seconds.get(pid, 0) for pid in pids}
            resident = [_resident_bytes(pid) for pid in pids]
            self.own_peak_bytes = max(self.own_peak_bytes, *resident[:1], 0)
            self.together_bytes = max(self.together_bytes, sum(resident))


def _with_descendants(pid: int) -> list[int]:
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [each for child in children.read_text().split() for each in _with_descendants(int(child))]
    return found


def _resident_bytes(pid: int) -> int:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _cpu_seconds(pid: int) -> float:
    with suppress(OSError, IndexError):
        # after the name in brackets, which may hold anything
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0


def _run(arguments: list[str]) -> Measured:
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    assert child.stdout is not None
    watch = _Watch(child.pid)
    watch.start()
    output = child.stdout.read()
    watch.is_over.set()
    watch.join()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    own_cpu_seconds = usage.ru_utime + usage.ru_stime
    # the last tenth of a second of the command is not looked at
    together = max(sum(watch.cpu_seconds.values()), own_cpu_seconds)
    unit = 1 if sys.platform == "darwin" else 1024
    return Measured(
        child.returncode,
        seconds,
        own_cpu_seconds,
        usage.ru_maxrss * unit,
        output,
        watch.own_peak_bytes,
        watch.together_bytes,
        together,
    )


if __name__ == "__main__":
    print(json.dumps([asdict(_run(arguments)) for arguments in json.loads(sys.argv[1])]))
