"""A run after one input changed against a forced run on the same inputs, in one sitting."""

import json
import shutil
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


#: The most that a run takes after a year of all counties was added, in the same way.
YEAR_SHARE = 0.35
#: Years of all counties before one is added.
YEARS = 6


@pytest.mark.benchmark
@pytest.mark.timeout(7200)
def test_a_run_after_a_year_of_all_counties_was_added(tmp_path: Path) -> None:
    files, data, newest = tmp_path / "files", tmp_path / "data", tmp_path / "newest"
    run = ["-m", "pipelines.cli", "run", "--files", str(files), "--data-dir", str(data)]
    try:
        (written,) = measure(["-m", "tests.benchmarks.qcew_nation", str(files), str(YEARS + 1)])
        assert written.code == 0, written.output
        added = max(files.glob("*_annual_singlefile.zip"))
        added.rename(newest)
        (first,) = measure(run)
        newest.rename(added)
        with_year, forced = measure(run, [*run, "--force"])
        for measured in (first, with_year, forced):
            assert measured.code == 0, measured.output
        ratio = with_year.cpu_seconds / forced.cpu_seconds
        peak = max(with_year.peak_bytes, forced.peak_bytes)
        print(
            f"\na year added to {YEARS}: {with_year.cpu_seconds:.0f} s, forced {forced.cpu_seconds:.0f} s: {ratio:.2f}"
        )
        print(f"largest process {peak / 1e9:.2f} GB")
        assert peak < 2e9
        assert ratio <= YEAR_SHARE
    finally:
        # ten gigabytes with the release
        shutil.rmtree(files, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
