"""From QCEW's annual files to `marts.industry_indicators`, at 1, 10 and 100 times the rows of four years of states."""

import shutil
from pathlib import Path

import pytest

from tests.benchmarks.children import Measured, measure

#: At most this much more processor time a row than at the scale before: slightly above linear, for noise.
ALLOWANCE = 1.2


@pytest.mark.benchmark
def test_time_grows_no_worse_than_rows_and_memory_stays(tmp_path: Path) -> None:
    before: tuple[int, Measured] | None = None
    print()
    for factor in (1, 10, 100):
        files, staging = tmp_path / "files", tmp_path / "staging"
        written, chain = measure(
            ["-m", "tests.benchmarks.qcew_years", str(files), str(factor)],
            ["-m", "tests.benchmarks.qcew_chain", str(files), str(staging)],
        )
        assert (written.code, chain.code) == (0, 0), written.output + chain.output
        rows = int(written.output)
        print(
            f"{rows:>12,} rows {chain.seconds:8.1f} s wall {chain.cpu_seconds:8.1f} s processor "
            f"{chain.peak_bytes / 1e9:5.2f} GB peak   {chain.output.strip()}",
            flush=True,
        )
        # five gigabytes at the largest scale
        shutil.rmtree(files)
        shutil.rmtree(staging)
        assert chain.peak_bytes < 2e9
        if before is not None:
            assert chain.cpu_seconds / rows <= ALLOWANCE * before[1].cpu_seconds / before[0]
        before = rows, chain
    assert rows > 50_000_000
