"""A whole run, compared with the same run of another checkout: `LMI_BENCH_BASE=/path/to/checkout make bench`.

Without another checkout it prints what this one takes. The other has its own .venv (`make lint` there makes it). Both
run in turns, so that a machine that gets busier or warmer is the same for both.
"""

import os
from pathlib import Path

import pytest

from tests.benchmarks.children import PROJECT, Measured, measure

BASE = os.environ.get("LMI_BENCH_BASE")
#: Runs of each. The least of their processor times counts: nothing makes a run do less than its work.
RUNS = 2
#: A run takes no more than so many times the processor time, and memory of all its processes together, of the other
#: checkout's.
TIME, MEMORY = 1.1, 1.1
#: Without another checkout only the memory has a limit.
TWO_GIGABYTES = 2e9


def _run(project: Path, data: Path) -> Measured:
    """`lmi run --force` of a checkout, by its own Python."""
    folder = project / ".venv" / "bin"
    (measured,) = measure(
        [str(folder / "lmi"), "run", "--force", "--data-dir", str(data)], project=project, python=str(folder / "python")
    )
    assert measured.code == 0, measured.output
    return measured


@pytest.mark.benchmark
@pytest.mark.timeout(3600)
def test_a_run_takes_no_longer_than_the_other_checkouts(tmp_path: Path) -> None:
    projects = ({"old": Path(BASE).resolve()} if BASE else {}) | {"new": PROJECT}
    runs: dict[str, list[Measured]] = {name: [] for name in projects}
    for number in range(RUNS):
        for name, project in projects.items():
            runs[name].append(_run(project, tmp_path / name))
            print(f"\n{number + 1} {name}: {runs[name][-1].cpu_seconds:.1f} s of processor time", end="", flush=True)
    least = {name: min(each.cpu_seconds for each in measured) for name, measured in runs.items()}
    largest = {name: max(each.peak_bytes for each in measured) for name, measured in runs.items()}
    together = {name: max(each.together_bytes for each in measured) for name, measured in runs.items()}
    print("\n     processor s  largest process MB  all together MB")
    for name in projects:
        print(f"{name:4} {least[name]:11.1f} {largest[name] / 1e6:19,.0f} {together[name] / 1e6:16,.0f}")
    assert least["new"] <= TIME * least.get("old", least["new"])
    assert together["new"] <= MEMORY * together.get("old", TWO_GIGABYTES / MEMORY)
