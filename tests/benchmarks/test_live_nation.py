"""A whole live run with six years of QCEW of all counties and with OEWS at full size: time and memory."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.archive.find import find_files
from tests.benchmarks.children import measure
from tests.benchmarks.qcew_nation import YEARS
from tests.fixtures.live_runs import local_publishers
from tests.fixtures.publishers import publish


@pytest.mark.benchmark
@pytest.mark.timeout(3600)
def test_memory_of_a_live_run_with_all_counties_stays(tmp_path: Path) -> None:
    files, data = tmp_path / "qcew", tmp_path / "data"
    newest = datetime.now(UTC).year - 1
    try:
        (written,) = measure(["-m", "tests.benchmarks.qcew_nation", str(files), str(YEARS), str(newest)])
        assert written.code == 0, written.output
        with local_publishers(tmp_path / "publishers") as (server, environment):
            publish(server, "qcew", find_files("qcew", files))
            shutil.rmtree(files)
            (run,) = measure(
                ["-m", "pipelines.cli", "run", "--source", "live", "--data-dir", str(data)], environment=environment
            )
            fetched = [request.path for request in server.requests if request.status == 200 and "/cew/" in request.path]
        print(
            f"\nlmi run --source live: {int(written.output):,} rows of {YEARS} years, {run.seconds:.0f} s wall, "
            f"{run.cpu_seconds:.0f} s processor; peak of the command {run.own_peak_bytes / 1e9:.2f} GB, of its largest "
            f"process {run.peak_bytes / 1e9:.2f} GB, of all together {run.together_bytes / 1e9:.2f} GB"
        )
        assert run.code == 0, run.output
        size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
        print(f"data folder: {size / 1e9:.1f} GB")
        assert run.peak_bytes < 2e9
        assert int(written.output) > 20_000_000
        # the newest year is asked for by its head before it is fetched
        assert len(set(fetched)) == YEARS
        with duckdb.connect(str(data / "lmi.duckdb"), read_only=True) as connection:
            ((counties, years, last),) = connection.sql(
                "select count(distinct area_id), count(distinct year), max(year) from marts.industry_indicators "
                "inner join reference.area using (area_id) where area_type = 'county'"
            ).fetchall()
            ((status,),) = connection.sql(
                "select status from reference.source_vintage where source = 'qcew'"
            ).fetchall()
        assert counties > 3_100
        assert (years, last) == (YEARS, newest)
        assert status == "ok"
    finally:
        # ten gigabytes with the releases
        for folder in (files, data, tmp_path / "publishers"):
            shutil.rmtree(folder, ignore_errors=True)
