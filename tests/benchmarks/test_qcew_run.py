"""A whole run, from QCEW's annual files of the nation, states and all counties to the release: time and memory."""

import shutil
from pathlib import Path

import pytest

from tests.benchmarks.children import measure
from tests.benchmarks.qcew_nation import YEARS


@pytest.mark.benchmark
def test_memory_of_a_whole_run_stays(tmp_path: Path) -> None:
    files, data = tmp_path / "files", tmp_path / "data"
    try:
        written, run = measure(
            ["-m", "tests.benchmarks.qcew_nation", str(files), str(YEARS)],
            ["-m", "pipelines.cli", "run", "--files", str(files), "--data-dir", str(data)],
        )
        assert written.code == 0, written.output
        print(
            f"\nlmi run --files: {int(written.output):,} rows of {YEARS} years, {run.seconds:.0f} s wall, "
            f"{run.cpu_seconds:.0f} s processor; peak of the command {run.own_peak_bytes / 1e9:.2f} GB, of its largest "
            f"process {run.peak_bytes / 1e9:.2f} GB, of all together {run.together_bytes / 1e9:.2f} GB"
        )
        assert run.code == 0, run.output
        assert run.peak_bytes < 2e9
        assert int(written.output) > 20_000_000
    finally:
        # ten gigabytes with the release
        shutil.rmtree(files, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
