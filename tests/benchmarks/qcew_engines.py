"""From raw.qcew at any size to `marts.industry_indicators`, in the engine of LMI_ENGINE: the figures of docs/scale.md.

    python -m tests.benchmarks.qcew_engines RUN STAGING YEARS COUNTIES

Takes raw and reference tables of the staging folder of a run on the bundle and makes raw.qcew larger: the bundled year
stands for each of YEARS up to it, and the cells of each state stand for those of its first COUNTIES counties, too.
Prints rows, seconds and the size of the folder.
"""

import sys
import time
from pathlib import Path

import polars as pl

from pipelines.contracts.model import contracts
from pipelines.estimation.made import made_tables
from pipelines.files import copy
from pipelines.settings import read_settings
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import sql_tables
from pipelines.warehouse.staging import stage_frame
from tests.benchmarks.pipeline_chain import stage_steps, upstream_of
from tests.benchmarks.qcew_chain import TARGET

CELLS, COUNTY, STATE = TableName("raw", "qcew"), TableName("seed", "county"), TableName("seed", "state")


def larger(staging: Path, years: int, counties: int) -> pl.DataFrame:
    """The rows of raw.qcew, with those of more areas and years."""
    cells, county, state = (
        pl.read_parquet(parquet_path(staging, table), glob=False) for table in (CELLS, COUNTY, STATE)
    )
    always = county.filter(pl.col("first_year").is_null() & pl.col("last_year").is_null()).sort("county_fips")
    chosen = always.filter(pl.int_range(pl.len()).over("state_fips") < counties)
    chosen = chosen.join(state, on="state_fips").select("county_fips", area_id="state_id")
    copies = cells.join(chosen, on="area_id").with_columns(area_id="county_fips").select(cells.columns)
    all_areas = pl.concat([cells, copies])
    return pl.concat([all_areas.with_columns(year=pl.col("year") - back) for back in range(years)])


def main(run: Path, staging: Path, years: int, counties: int) -> None:
    needed = upstream_of(TARGET)
    for table in needed - {*sql_tables(), *made_tables()} | {COUNTY, STATE}:
        copy(parquet_path(run, table), parquet_path(staging, table))
    cells = larger(staging, years, counties)
    stage_frame(contracts()[CELLS], cells, staging, input_sha256="")
    rows = cells.height
    del cells
    start = time.perf_counter()
    told = [f"{name} {seconds:.1f} s" for name, seconds in stage_steps(staging, needed, read_settings())]
    size = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
    print(f"{rows:,} rows: {time.perf_counter() - start:.1f} s, {size / 1e6:,.0f} MB: {', '.join(told)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
