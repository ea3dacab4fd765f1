"""The pipeline's own work from the OEWS flat files to `marts.cluster_indicators`, without its orchestration.

    python -m tests.benchmarks.pipeline_chain FOLDER STAGING

Parses FOLDER, writes the raw tables to STAGING held to their contracts, and runs the SQL that the indicators need.
There is no QCEW: these figures are made from OEWS alone, whose weights are the nation's.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipelines.archive.find import find_files
from pipelines.contracts.enforce import polars_schema
from pipelines.contracts.model import contracts
from pipelines.estimation.made import Made, made_tables, stage_step, steps
from pipelines.intake.bundle import copy_source, write_source
from pipelines.intake.staging import stage_settings
from pipelines.overlays.overlay_tables import stage_overlay
from pipelines.publishers.registry import raw_sources
from pipelines.settings import Settings
from pipelines.tables import TableName
from pipelines.warehouse.sql_tables import sql_tables
from pipelines.warehouse.staging import stage_csv, stage_frame

TARGET = TableName("marts", "cluster_indicators")
#: The shares of occupations, which the pandas version takes as given.
SHARES = TableName("marts", "soc_allocation")


def upstream_of(target: TableName) -> set[TableName]:
    """A table and everything that it is made from."""
    makers = {**sql_tables(), **made_tables()}
    found: set[TableName] = set()
    waiting = [target]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += makers[name].upstream if name in makers else ()
    return found


def stage_the_rest(staging: Path, needed: set[TableName], without: tuple[str, ...]) -> Settings:
    """Stage what the needed tables read beside some sources: bundled ones, settings, no overlay, reference tables."""
    for source in raw_sources():
        if source not in without:
            copy_source(source, staging)
    settings = Settings(data_dir=staging.parent)
    stage_settings(settings, input_sha256="")
    stage_overlay(settings, input_sha256="")
    for table in contracts().values():
        if table.csv and table.table in needed:
            stage_csv(table, staging, input_sha256="")
    return settings


def stage_steps(staging: Path, needed: set[TableName], settings: Settings) -> Iterator[tuple[str, float]]:
    """Make the needed tables that SQL and estimates make; gives each step with its seconds."""
    for step in steps():
        names = step.tables if isinstance(step, Made) else (step.table,)
        if needed.intersection(names):
            start = time.perf_counter()
            stage_step(step, staging, "", settings.memory_limit, spark=settings.spark)
            yield " ".join(map(str, names)), time.perf_counter() - start


def main(folder: Path, staging: Path) -> None:
    start = time.perf_counter()
    write_source("oews", find_files("oews", folder), staging, compression_level=3)
    parsed = time.perf_counter()
    needed = upstream_of(TARGET) | upstream_of(SHARES)
    for table in (contracts()[name] for name in needed if name.schema == "raw" and name.name.startswith("qcew")):
        empty = pl.DataFrame(schema=polars_schema(table))
        stage_frame(table.model_copy(update={"may_be_empty": True}), empty, staging, input_sha256="")
    settings = stage_the_rest(staging, needed, without=("oews", "qcew"))
    for _ in stage_steps(staging, needed, settings):
        pass
    print(f"parsing {parsed - start:.1f} s, pooling {time.perf_counter() - parsed:.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
