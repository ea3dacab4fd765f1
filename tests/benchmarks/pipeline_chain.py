"""The pipeline's own work from the OEWS flat files to `marts.cluster_indicators`, without its orchestration.

    python -m tests.benchmarks.pipeline_chain FOLDER STAGING

Parses FOLDER, writes the raw tables to STAGING held to their contracts, and runs the SQL that the indicators need.
"""

import sys
import time
from pathlib import Path

from pipelines.archive.bundle import copy_source, write_source
from pipelines.archive.raw import RAW_SOURCES, find_files
from pipelines.archive.staging import stage_settings
from pipelines.contracts.model import contracts
from pipelines.settings import Settings
from pipelines.warehouse.sql_tables import TableName, sql_tables
from pipelines.warehouse.staging import stage_csv, stage_sql

TARGET = TableName("marts", "cluster_indicators")


def upstream_of(target: TableName) -> set[TableName]:
    """A table and everything that it is made from."""
    found: set[TableName] = set()
    waiting = [target]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += sql_tables()[name].upstream if name in sql_tables() else ()
    return found


def main(folder: Path, staging: Path) -> None:
    start = time.perf_counter()
    write_source("oews", find_files("oews", folder), staging, compression_level=3)
    parsed = time.perf_counter()
    needed = upstream_of(TARGET)
    for source in RAW_SOURCES:
        if source != "oews":
            copy_source(source, staging)
    stage_settings(Settings(data_dir=staging.parent), input_sha256="")
    for table in contracts().values():
        if table.csv and table.table in needed:
            stage_csv(table, staging, input_sha256="")
    for name, sql_table in sql_tables().items():
        if name in needed:
            stage_sql(sql_table, staging, "", Settings().memory_limit)
    print(f"parsing {parsed - start:.1f} s, pooling {time.perf_counter() - parsed:.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
