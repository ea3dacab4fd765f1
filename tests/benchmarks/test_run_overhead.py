"""A warm run of the whole pipeline against the SQL in it."""

from pathlib import Path

import pytest

from tests.benchmarks.children import measure


@pytest.mark.benchmark
def test_a_warm_run_takes_at_most_three_times_its_sql(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run = ["-m", "pipelines.cli", "run", "--force", "--data-dir", str(data)]
    sql = ["-m", "tests.benchmarks.bare_sql", str(data / "staging"), str(tmp_path / "target")]
    first, warm, bare = measure(run, run, sql)
    for measured in (first, warm, bare):
        assert measured.code == 0, measured.output
    sql_seconds = float(bare.output.split()[-1])
    ratio = warm.seconds / sql_seconds
    print(f"\nlmi run --force: first {first.seconds:.1f} s, warm {warm.seconds:.1f} s ({warm.peak_bytes / 1e9:.2f} GB)")
    print(f"its SQL alone {sql_seconds:.1f} s; ratio {ratio:.2f}")
    print(f"processor: warm run {warm.cpu_seconds:.1f} s, SQL with its imports {bare.cpu_seconds:.1f} s")
    assert ratio <= 3
