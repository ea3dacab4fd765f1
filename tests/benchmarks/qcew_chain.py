"""The pipeline's own work from QCEW's annual files to `marts.industry_indicators`, without its orchestration.

python -m tests.benchmarks.qcew_chain FOLDER STAGING
"""

import sys
import time
from pathlib import Path

from pipelines.archive.bundle import copy_source, write_source
from pipelines.archive.raw import RAW_SOURCES, find_files
from pipelines.archive.staging import stage_settings
from pipelines.contracts.model import contracts
from pipelines.overlays.staging import stage_overlay
from pipelines.settings import Settings
from pipelines.warehouse.sql_tables import TableName, sql_tables
from pipelines.warehouse.staging import stage_csv, stage_sql
from tests.benchmarks.pipeline_chain import upstream_of

TARGET = TableName("marts", "industry_indicators")


def main(folder: Path, staging: Path) -> None:
    start = time.perf_counter()
    written = write_source("qcew", find_files("qcew", folder), staging, compression_level=3)
    rows = written.tables["raw.qcew"].rows
    steps = [f"{rows:,} rows: files {time.perf_counter() - start:.1f} s"]
    needed = upstream_of(TARGET)
    settings = Settings(data_dir=staging.parent)
    for source in RAW_SOURCES:
        if source != "qcew":
            copy_source(source, staging)
    stage_settings(settings, input_sha256="")
    stage_overlay(settings, input_sha256="")
    for table in contracts().values():
        if table.csv and table.table in needed:
            stage_csv(table, staging, input_sha256="")
    for name, sql_table in sql_tables().items():
        if name in needed:
            start = time.perf_counter()
            stage_sql(sql_table, staging, "", settings.memory_limit)
            steps.append(f"{name} {time.perf_counter() - start:.1f} s")
    print(", ".join(steps))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
