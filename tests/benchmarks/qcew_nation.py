"""QCEW's annual files as a live run takes them, made of the bundled rows of states.

    python -m tests.benchmarks.qcew_nation FOLDER [YEARS [NEWEST]]

Writes singlefiles of the last YEARS years (6) up to NEWEST (2016), each of about three million rows: the nation,
states, metro areas and all counties of the year, every level the sum of its finest industries. States share their jobs
out among their counties, few large and many small, so that a small county has few of the industries; what has few
establishments is withheld, and of the rest a part that grows with detail, as in the publisher's files. Figures are made
up, and the same in every run.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl

from pipelines.contracts.model import contracts
from pipelines.intake.bundle import copy_source
from pipelines.paths import BUNDLE, REFERENCE
from pipelines.publishers.states import postal_code_of_fips
from pipelines.settings import Settings
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import sql_tables
from pipelines.warehouse.staging import stage_csv, stage_sql
from tests.benchmarks.pipeline_chain import upstream_of
from tests.unit.publishers.qcew_files import ANNUAL, header

NEWEST = 2016
YEARS = 6

#: States that the bundled sample lacks, and those whose industries stand in for theirs.
_STAND_IN = {"CA": "NY", "TX": "FL"}
#: Share of cells with three or more establishments that are withheld, by depth.
_WITHHELD = {
    "county": (0.0, 0.02, 0.1, 0.2, 0.35, 0.45, 0.5, 0.55),
    "state": (0.0, 0.05, 0.1, 0.1, 0.1, 0.15, 0.2, 0.25),
    "metro": (0.0, 0.05, 0.1, 0.15, 0.25, 0.35, 0.4, 0.45),
    "national": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.01, 0.02),
}
_PREFIX = {"national": "1", "metro": "4", "state": "5", "county": "7"}
_SLICE_ROWS = 200_000


def _ancestors() -> pl.DataFrame:
    """Every finest industry of the sample with itself and all codes above it: naics_code, code, depth."""
    target = TableName("core", "qcew_ancestor")
    needed = upstream_of(target)
    with TemporaryDirectory() as name:
        folder = Path(name)
        copy_source("qcew", folder)
        for table in contracts().values():
            if table.csv and table.table in needed:
                stage_csv(table, folder, input_sha256="")
        for each, sql_table in sql_tables().items():
            if each in needed:
                stage_sql(sql_table, folder, "", Settings().memory_limit)
        industry = pl.read_parquet(parquet_path(folder, TableName("core", "qcew_industry")))
        above = pl.read_parquet(parquet_path(folder, target))
    finest = industry.filter(pl.col("depth") == 7).select("naics_code")
    return pl.concat(
        [
            above.join(finest, on="naics_code", how="semi").select(
                "naics_code", code="ancestor_code", depth="ancestor_depth"
            ),
            finest.select("naics_code", code="naics_code", depth=pl.lit(7, pl.Int64)),
        ]
    )


def _chance(*columns: str, seed: int) -> pl.Expr:
    """A number from 0 to 1 for each row that its columns alone decide."""
    return pl.struct(columns).hash(seed=seed).cast(pl.Float64) / 2.0**64


def _counties(year: int) -> pl.DataFrame:
    """Counties of a year with their state, metro area and share of the state's jobs."""
    listed = pl.read_csv(REFERENCE / "crosswalks" / "county.csv", infer_schema=False)
    size = pl.col("county_fips").hash(seed=1).rank("ordinal").over("state_fips").cast(pl.Float64) ** -1.3
    return listed.filter(
        (pl.col("last_year").fill_null("9999") >= str(year)) & (pl.col("first_year").fill_null("0") <= str(year))
    ).select(
        "county_fips",
        state=pl.col("state_fips").replace_strict(postal_code_of_fips()),
        metro=pl.col("cbsa_area_id").str.head(5),
        share=size / size.sum().over("state_fips"),
    )


def finest_cells(year: int) -> pl.DataFrame:
    """One row for each county of a year, owner and finest industry: establishments, jobs and wages of the newest."""
    cells = pl.read_parquet(BUNDLE / "raw" / "qcew.parquet").filter(pl.col("depth") == 7)
    stand_ins = [
        cells.filter(pl.col("area_id") == state).with_columns(area_id=pl.lit(other))
        for other, state in _STAND_IN.items()
    ]
    template = pl.concat([cells, *stand_ins]).select(
        "own_code",
        "naics_code",
        "establishments",
        state="area_id",
        employment=pl.coalesce("employment", pl.col("establishments") * 7),
        pay=(pl.col("wages_usd") / pl.col("employment")).fill_nan(None).fill_null(40_000).clip(5_000, 300_000),
    )
    counties = _counties(year)
    present = (
        _chance("county_fips", "own_code", "naics_code", seed=2)
        < 1 - (-1.2 * pl.col("establishments") * pl.col("share")).exp()
    )
    spread = 0.4 + 1.2 * _chance("county_fips", "own_code", "naics_code", seed=3)
    return pl.concat(
        template.join(group, on="state")
        .filter(present)
        .select(
            "county_fips",
            "state",
            "metro",
            "own_code",
            "naics_code",
            "pay",
            establishments=(pl.col("establishments") * pl.col("share") * spread).ceil(),
            employment=pl.col("employment") * pl.col("share") * spread,
        )
        for group in counties.partition_by("state")
    )


def areas(finest: pl.DataFrame, ancestors: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cells of all areas, one kind of area or state after another: true figures, and whether they are withheld."""
    fips = {postal_code: state for state, postal_code in postal_code_of_fips().items()}
    state_area = pl.col("state").replace_strict(fips) + "000"
    groups = [
        ("national", finest.with_columns(area=pl.lit("US000"))),
        ("state", finest.with_columns(area=state_area)),
        ("metro", finest.drop_nulls("metro").rename({"metro": "area"})),
        *(("county", part.rename({"county_fips": "area"})) for part in finest.partition_by("state")),
    ]
    figures = ("establishments", "employment", "wages")
    for kind, group in groups:
        summed = group.group_by("area", "own_code", "naics_code").agg(pl.col(figures).sum())
        cells = (
            summed.join(ancestors, on="naics_code")
            .group_by("area", "own_code", "code", "depth")
            .agg(pl.col(figures).sum())
        )
        total = (
            cells.filter(pl.col("depth") == 0)
            .group_by("area", "code", "depth")
            .agg(pl.col(figures).sum(), own_code=pl.lit("0"))
        )
        share = pl.col("depth").replace_strict(dict(enumerate(_WITHHELD[kind])))
        is_withheld = (pl.col("depth") > 0) & (
            (pl.col("establishments") < 3) | (_chance("area", "own_code", "code", seed=4) < share)
        )
        yield (
            pl.concat([cells, total.select(cells.columns)]).with_columns(
                level=_PREFIX[kind]
                + pl.when(pl.col("own_code") == "0").then(0).otherwise(pl.col("depth") + 1).cast(pl.String),
                is_withheld=is_withheld,
            )
        )


def _lines(cells: pl.DataFrame, year: int) -> pl.DataFrame:
    shown = ~pl.col("is_withheld")
    written = {
        "area_fips": pl.col("area"),
        "own_code": pl.col("own_code"),
        "industry_code": pl.col("code"),
        "agglvl_code": pl.col("level"),
        "size_code": pl.lit("0"),
        "year": pl.lit(str(year)),
        "qtr": pl.lit("A"),
        "disclosure_code": pl.when(shown).then(pl.lit("")).otherwise(pl.lit("N")),
        "annual_avg_estabs": pl.col("establishments").cast(pl.Int64),
        "annual_avg_emplvl": pl.when(shown).then("employment").otherwise(0).cast(pl.Int64),
        "total_annual_wages": pl.when(shown).then("wages").otherwise(0).cast(pl.Int64),
    }
    return cells.select(**{name: written.get(name, pl.lit(0)) for name in header(ANNUAL)})


def write_year(folder: Path, year: int, newest: int, ancestors: pl.DataFrame) -> int:
    """Write the file of a year; returns its rows."""
    growth = 1 + (year - newest) * 0.03 * _chance("county_fips", "naics_code", seed=5)
    jobs = (
        finest_cells(year)
        .with_columns(employment=(pl.col("employment") * growth).round())
        .with_columns(wages=(pl.col("employment") * pl.col("pay")).round())
    )
    cells = pl.concat(areas(jobs, ancestors)).sort("area", "own_code", "code")  # as the publisher's lie
    with (
        ZipFile(folder / f"{year}_annual_singlefile.zip", "w", ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(f"{year}.annual.singlefile.csv", "w", force_zip64=True) as file,
    ):
        file.write((",".join(f'"{name}"' for name in header(ANNUAL)) + "\r\n").encode())
        for piece in cells.iter_slices(_SLICE_ROWS):
            text = io.BytesIO()
            _lines(piece, year).write_csv(text, include_header=False, quote_style="non_numeric", line_terminator="\r\n")
            file.write(text.getbuffer())
    return cells.height


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else YEARS
    last = int(sys.argv[3]) if len(sys.argv) > 3 else NEWEST
    codes = _ancestors()
    print(sum(write_year(target, year, last, codes) for year in range(last - wanted + 1, last + 1)))
