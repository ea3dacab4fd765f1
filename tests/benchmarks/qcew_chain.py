"""The pipeline's own work from QCEW's annual files to `marts.industry_indicators`, without its orchestration.

python -m tests.benchmarks.qcew_chain FOLDER STAGING
"""

import sys
import time
from pathlib import Path

from pipelines.archive.find import find_files
from pipelines.intake.bundle import write_source
from pipelines.tables import TableName
from pipelines.warehouse.sql_tables import sql_tables
from pipelines.warehouse.staging import stage_sql
from tests.benchmarks.pipeline_chain import stage_the_rest, upstream_of

TARGET = TableName("marts", "industry_indicators")


def main(folder: Path, staging: Path) -> None:
    start = time.perf_counter()
    written = write_source("qcew", find_files("qcew", folder), staging, compression_level=3)
    rows = written.tables["raw.qcew"].rows
    steps = [f"{rows:,} rows: files {time.perf_counter() - start:.1f} s"]
    needed = upstream_of(TARGET)
    settings = stage_the_rest(staging, needed, without=("qcew",))
    for name, sql_table in sql_tables().items():
        if name in needed:
            start = time.perf_counter()
            stage_sql(sql_table, staging, "", settings.memory_limit)
            steps.append(f"{name} {time.perf_counter() - start:.1f} s")
    print(", ".join(steps))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
