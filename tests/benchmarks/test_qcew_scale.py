"""From raw.qcew to `marts.industry_indicators`, at 1, 10 and 100 times the rows of the bundled year of states."""

import shutil
from pathlib import Path

import pytest

from tests.benchmarks.children import Measured, measure

#: At most this much more processor time a row than at the scale before: slightly above linear, for noise.
ALLOWANCE = 1.2


@pytest.mark.benchmark
def test_time_grows_no_worse_than_rows_and_memory_stays(first_run: tuple[Path, object], tmp_path: Path) -> None:
    run, staging = first_run[0] / "staging", tmp_path / "staging"
    before: tuple[int, Measured] | None = None
    print()
    for years, counties in ((1, 0), (2, 4), (4, 24)):
        made, chain = measure(
            ["-m", "tests.benchmarks.qcew_engines", "make", str(run), str(staging), str(years), str(counties)],
            ["-m", "tests.benchmarks.qcew_engines", "chain", str(staging)],
        )
        assert (made.code, chain.code) == (0, 0), made.output + chain.output
        rows = int(made.output)
        print(
            f"{rows:>12,} rows {chain.seconds:8.1f} s wall {chain.cpu_seconds:8.1f} s processor "
            f"{chain.peak_bytes / 1e9:5.2f} GB peak   {chain.output.strip()}",
            flush=True,
        )
        shutil.rmtree(staging)
        assert chain.peak_bytes < 2e9
        if before is not None:
            assert chain.cpu_seconds / rows <= ALLOWANCE * before[1].cpu_seconds / before[0]
        before = rows, chain
    assert rows > 12_000_000
