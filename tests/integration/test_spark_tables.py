"""Each table that Spark makes, over the rows of a few areas: as DuckDB makes it of the same rows.

`make sparksql` runs it, in an environment with pyspark. Skipped where Java is absent.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.model import contracts
from pipelines.estimation.made import Made, stage_step, steps
from pipelines.estimation.spread import SPREAD
from pipelines.files import remove
from pipelines.settings import Settings
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.spark_sql import spark_lacks
from pipelines.warehouse.sql_tables import SqlTable
from tests.fixtures.engines import differences

pytestmark = [
    pytest.mark.spark,
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("java") is None, reason="Java 17 or newer is not installed"),
]

#: The nation, two states, and metro areas in them.
AREAS = ("US", "OH", "WY", "C18140", "C16940")
STATES = ("US", "OH", "WY")
#: Tables with more rows have only those of the few areas, of their states, and of the institutions there.
WHOLE_UP_TO_ROWS = 5_000

STEPS = [step for step in steps() if (step.name in SPREAD if isinstance(step, Made) else not spark_lacks(step.sql))]


def _cut(rows: pl.LazyFrame, institutions: pl.DataFrame) -> pl.LazyFrame:
    chosen = {"area_id": AREAS, "state_id": STATES, "unit_id": institutions["unit_id"].to_list()}
    by = next((name for name in chosen if name in rows.collect_schema()), None)
    return rows if by is None else rows.filter(pl.col(by).is_in(chosen[by]))


@pytest.fixture(scope="module")
def folders(first_run: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """Two staging folders with the same rows: one for DuckDB and one for Spark."""
    staging = first_run[0] / "staging"
    folder = tmp_path_factory.mktemp("engines")
    institutions = pl.read_parquet(parquet_path(staging, TableName("reference", "institution")))
    institutions = institutions.filter(pl.col("state_id").is_in(STATES))
    for name in {table for step in STEPS for table in step.upstream}:
        rows = pl.scan_parquet(parquet_path(staging, name))
        if rows.select(pl.len()).collect().item() > WHOLE_UP_TO_ROWS:
            rows = _cut(rows, institutions)
        for each in ("duckdb", "spark"):
            target = parquet_path(folder / each, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            rows.sink_parquet(target)
    yield folder / "duckdb", folder / "spark"
    shutil.rmtree(folder)


def _made(step: SqlTable | Made, folder: Path, spark: str | None) -> dict[TableName, pl.DataFrame]:
    """The tables of a step; those in the folder stay, for other steps to read."""
    paths = [parquet_path(folder, name) for name in (step.tables if isinstance(step, Made) else (step.table,))]
    kept = {path: path.rename(path.with_suffix(".kept")) for path in paths if path.exists()}
    try:
        staged = stage_step(step, folder, "", Settings().memory_limit, spark=spark)
        return {name: pl.read_parquet(parquet_path(folder, name), glob=False) for name in staged}
    finally:
        for path, before in kept.items():
            remove(path)
            before.rename(path)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name if isinstance(step, Made) else str(step.table))
def test_a_table_is_that_of_duckdb_in_the_same_order(step: SqlTable | Made, folders: tuple[Path, Path]) -> None:
    ours, theirs = _made(step, folders[0], None), _made(step, folders[1], "local[2]")
    assert [line for name in ours for line in differences(contracts()[name], ours[name], theirs[name])] == []
