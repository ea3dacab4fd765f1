"""A run after one policy changed against a forced run on the same inputs, in one sitting."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.children import measure
from tests.fixtures.recipes import copy_project
from tests.integration.test_incremental import change_policy

#: The most that a run takes after one policy changed, as a share of the processor time of a forced one.
SHARE = 0.25


@pytest.mark.benchmark
@pytest.mark.timeout(3600)
def test_a_run_after_a_policy_changed_takes_a_quarter_of_a_forced_one(tmp_path: Path) -> None:
    project, data = copy_project(tmp_path / "project"), tmp_path / "data"
    run = ["-m", "pipelines.cli", "run", "--data-dir", str(data)]
    (first,) = measure(run, project=project)
    assert first.code == 0, first.output
    change_policy(project)
    changed, forced = measure(run, [*run, "--force"], project=project)
    for measured in (changed, forced):
        assert measured.code == 0, measured.output
    ratio = changed.cpu_seconds / forced.cpu_seconds
    print(f"\nafter a policy changed {changed.cpu_seconds:.1f} s, forced {forced.cpu_seconds:.1f} s: {ratio:.2f}")
    newest = max((data / "releases").iterdir())
    differences = json.loads((newest / "diff.json").read_text(encoding="utf-8"))["tables"]
    assert {each["status"] for each in differences.values()} == {"same"}
    assert ratio <= SHARE
