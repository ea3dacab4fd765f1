"""All reports of a release, and its site: how long they take, and how large they are."""

from pathlib import Path

import pytest

from tests.benchmarks.children import measure

#: The limits on two cores, which have twice as much of processor time.
AT_MOST_SECONDS, SITE_AT_MOST_SECONDS = 90, 600


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
    assert reported.cpu_seconds <= 2 * AT_MOST_SECONDS


@pytest.mark.benchmark
def test_the_site_of_all_areas_takes_at_most_ten_minutes(tmp_path: Path) -> None:
    data, site = tmp_path / "data", tmp_path / "site"
    run = ["-m", "pipelines.cli", "run", "--data-dir", str(data)]
    ran, made = measure(run, ["-m", "pipelines.cli", "site", "--out", str(site), "--data-dir", str(data)])
    for measured in (ran, made):
        assert measured.code == 0, measured.output
    print(f"\n{made.output.splitlines()[0]}")
    print(f"clock {made.seconds:.0f} s, processor {made.cpu_seconds:.0f} s, memory {made.together_bytes / 1e9:.1f} GB")
    assert len(list((site / "reports").glob("*.html"))) == 583
    assert made.cpu_seconds <= 2 * SITE_AT_MOST_SECONDS
