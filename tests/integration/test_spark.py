"""`lmi run` on Spark: each table is DuckDB's, and the release has no difference from that of DuckDB.

`make spark` runs it, in an environment with pyspark. Skipped where Java is absent.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.model import contracts
from pipelines.quality.expectations import AFTER_CHECKS
from pipelines.release.record import newest_release
from pipelines.settings import Settings
from pipelines.tables import parquet_path
from pipelines.warehouse.spark_sql import spark_lacks
from pipelines.warehouse.sql_tables import sql_tables
from tests.fixtures.command import link_or_copy, start_lmi
from tests.fixtures.engines import differences

pytestmark = [
    pytest.mark.spark,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(shutil.which("java") is None, reason="Java 17 or newer is not installed"),
]


@pytest.fixture(scope="module")
def on_spark(first_run: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with DuckDB's release, on which Spark ran with two cores."""
    data = tmp_path_factory.mktemp("spark") / "data"
    shutil.copytree(first_run[0], data, copy_function=link_or_copy)
    run = start_lmi("run", "--force", data=data, LMI_ENGINE="spark", LMI_SPARK_MASTER="local[2]")
    try:
        said = run.communicate(timeout=3000)[0]
    except subprocess.TimeoutExpired:
        run.kill()
        raise
    assert run.returncode == 0, said
    yield data
    shutil.rmtree(data.parent)


def test_every_table_is_that_of_duckdb_in_the_same_order(on_spark: Path, first_run: tuple[Path, object]) -> None:
    compared = [name for name in contracts() if name not in AFTER_CHECKS]
    found: list[str] = []
    for name in compared:
        ours, theirs = (
            pl.read_parquet(parquet_path(data / "staging", name), glob=False) for data in (first_run[0], on_spark)
        )
        found += differences(contracts()[name], ours, theirs)
    assert len(compared) > 100
    assert found == []


def test_the_tables_of_sql_are_folders_that_spark_wrote(on_spark: Path) -> None:
    for name, table in sql_tables().items():
        folder = parquet_path(on_spark / "staging", name)
        assert folder.is_dir() is not spark_lacks(table.sql), name
        if folder.is_file():
            continue
        parts = sorted(part.name for part in folder.iterdir())
        assert parts == [f"part-{number:05}.parquet" for number in range(len(parts))], name


def test_the_release_has_no_difference_and_every_check_was_made(on_spark: Path) -> None:
    release = newest_release(Settings(data_dir=on_spark))
    assert release is not None
    assert release.manifest.previous_release_id is not None
    difference = json.loads((release.folder / "diff.json").read_text(encoding="utf-8"))
    assert len(difference["tables"]) > 60
    assert {name: entry for name, entry in difference["tables"].items() if entry["status"] != "same"} == {}
    before = json.loads((on_spark / "releases" / release.manifest.previous_release_id / "manifest.json").read_text())
    assert release.manifest.checks == before["checks"]
    assert release.manifest.checks_passed == before["checks_passed"]


def test_a_master_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    run = start_lmi("run", data=tmp_path, LMI_ENGINE="spark", LMI_SPARK_MASTER="local[none]")
    said = run.communicate(timeout=600)[0]
    assert run.returncode == 2, said
    assert "LMI_SPARK_MASTER: Spark does not start at local[none]: " in said
    assert "Traceback" not in said
