"""The pipeline's own work from QCEW's annual files to `marts.industry_indicators`, without its orchestration.

python -m tests.benchmarks.qcew_chain FOLDER STAGING

LMI_ENGINE and LMI_SPARK_MASTER say what runs it.
"""

import sys
import time
from pathlib import Path

from pipelines.archive.find import find_files
from pipelines.intake.bundle import write_source
from pipelines.tables import TableName
from tests.benchmarks.pipeline_chain import stage_steps, stage_the_rest, upstream_of

TARGET = TableName("marts", "industry_indicators")


def main(folder: Path, staging: Path) -> None:
    start = time.perf_counter()
    written = write_source("qcew", find_files("qcew", folder), staging, compression_level=3)
    rows = written.tables["raw.qcew"].rows
    told = [f"{rows:,} rows: files {time.perf_counter() - start:.1f} s"]
    needed = upstream_of(TARGET)
    settings = stage_the_rest(staging, needed, without=("qcew",))
    told += [f"{name} {seconds:.1f} s" for name, seconds in stage_steps(staging, needed, settings)]
    print(", ".join(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
