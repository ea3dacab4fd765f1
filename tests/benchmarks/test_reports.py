"""All reports of a release on two processes: how long they take."""

from pathlib import Path

import pytest

from tests.benchmarks.children import measure

#: The limit on two cores.
AT_MOST_SECONDS = 90


@pytest.mark.benchmark
def test_all_reports_take_at_most_90_seconds(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run = ["-m", "pipelines.cli", "run", "--data-dir", str(data)]
    report = ["-m", "tests.benchmarks.report_all", str(data / "lmi.duckdb"), str(tmp_path / "reports")]
    ran, reported = measure(run, report)
    for measured in (ran, reported):
        assert measured.code == 0, measured.output
    files, seconds = (float(word) for word in reported.output.split()[-2:])
    sizes = [path.stat().st_size for path in (tmp_path / "reports").glob("*.html")]
    print(f"\nlmi report --all: {files:.0f} reports in {seconds:.1f} s, processor {reported.cpu_seconds:.1f} s")
    print(f"largest page {max(sizes) / 1e6:.2f} MB of {len(sizes)}")
    assert files == 55
    assert max(sizes) < 2_000_000
    assert seconds <= AT_MOST_SECONDS
