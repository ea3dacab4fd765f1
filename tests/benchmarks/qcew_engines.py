"""From raw.qcew at any size to `marts.industry_indicators`, in the engine of LMI_ENGINE: the figures of docs/scale.md.

    python -m tests.benchmarks.qcew_engines RUN STAGING YEARS COUNTIES

RUN is the staging folder of a run on the bundle. The bundled year stands for each of YEARS up to it, and the cells of
each state stand for those of its first COUNTIES counties, too. Writes to STAGING, and prints rows, seconds, processor
seconds, memory and disk. Two processes do it, so that making the rows is not measured:

    python -m tests.benchmarks.qcew_engines make RUN STAGING YEARS COUNTIES
    python -m tests.benchmarks.qcew_engines chain STAGING
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipelines.contracts.enforce import write_pieces
from pipelines.contracts.model import contracts
from pipelines.estimation.made import made_tables
from pipelines.files import copy
from pipelines.settings import read_settings
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import sql_tables
from pipelines.warehouse.staging import stamp
from tests.benchmarks.children import measure
from tests.benchmarks.pipeline_chain import stage_steps, upstream_of

TARGET = TableName("marts", "industry_indicators")
CELLS, COUNTY, STATE = TableName("raw", "qcew"), TableName("seed", "county"), TableName("seed", "state")
#: Areas that are written at once.
AREAS = 50


def larger(staging: Path, years: int, counties: int) -> Iterator[pl.DataFrame]:
    """The rows of raw.qcew with those of more areas and years, in the order of its key."""
    cells, county, state = (
        pl.read_parquet(parquet_path(staging, table), glob=False) for table in (CELLS, COUNTY, STATE)
    )
    always = county.filter(pl.col("first_year").is_null() & pl.col("last_year").is_null()).sort("county_fips")
    chosen = always.filter(pl.int_range(pl.len()).over("state_fips") < counties).join(state, on="state_fips")
    own = cells.select(pl.col("area_id").unique()).select("area_id", like="area_id")
    copies = chosen.select(area_id="county_fips", like="state_id").filter(pl.col("like").is_in(own["like"].implode()))
    for areas in pl.concat([own, copies]).sort("area_id").iter_slices(AREAS):
        rows = areas.join(cells.rename({"area_id": "like"}), on="like").select(cells.columns)
        back = pl.concat([rows.with_columns(year=pl.col("year") - number) for number in range(years)])
        yield back.sort(contracts()[CELLS].primary_key)


def make(run: Path, staging: Path, years: int, counties: int) -> None:
    """Stage what the chain reads, raw.qcew in the size asked for; prints its rows."""
    needed = upstream_of(TARGET)
    for table in needed - {*sql_tables(), *made_tables()} - {CELLS}:
        copy(parquet_path(run, table), parquet_path(staging, table))
    _, rows = write_pieces(contracts()[CELLS], larger(run, years, counties), parquet_path(staging, CELLS))
    stamp(staging, CELLS, input_sha256="")
    print(rows)


def chain(staging: Path) -> None:
    """Make what is made of the rows; prints each step with its seconds."""
    settings = read_settings()
    told = [f"{name} {seconds:.1f} s" for name, seconds in stage_steps(staging, upstream_of(TARGET), settings)]
    print(", ".join(told))


def main(run: str, staging: str, years: str, counties: str) -> None:
    """Make the rows, measure the chain, and print what it took."""
    made, chained = measure(
        ["-m", "tests.benchmarks.qcew_engines", "make", run, staging, years, counties],
        ["-m", "tests.benchmarks.qcew_engines", "chain", staging],
        environment={name: value for name, value in os.environ.items() if name.startswith("LMI_")},
    )
    if made.code or chained.code:
        sys.exit(made.output + chained.output)
    size = sum(path.stat().st_size for path in Path(staging).rglob("*") if path.is_file())
    print(
        f"{int(made.output):,} rows: {chained.seconds:.1f} s wall, {chained.together_cpu_seconds:.1f} s processor, "
        f"{chained.together_bytes / 1e9:.2f} GB memory, {size / 1e6:,.0f} MB disk: {chained.output.strip()}"
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", run, staging, years, counties]:
            make(Path(run), Path(staging), int(years), int(counties))
        case ["chain", staging]:
            chain(Path(staging))
        case [run, staging, years, counties]:
            main(run, staging, years, counties)
        case _:
            sys.exit(__doc__)
