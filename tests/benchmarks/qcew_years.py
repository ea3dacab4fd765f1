"""QCEW's annual files at any size, made of the bundled rows.

    python -m tests.benchmarks.qcew_years FOLDER FACTOR

Writes four years of singlefiles, 527,500 rows for each FACTOR: the states of the sample, and FACTOR - 1 counties in
each with the same cells.
"""

import sys
from pathlib import Path

import polars as pl

from pipelines.paths import BUNDLE
from pipelines.publishers.states import postal_code_of_fips
from tests.unit.publishers.qcew_files import ANNUAL, header

YEARS = (2013, 2014, 2015, 2016)


def write_year(folder: Path, year: int, factor: int) -> int:
    """Write the file of a year; returns its rows."""
    fips = {postal_code: state for state, postal_code in postal_code_of_fips().items()}
    cells = pl.read_parquet(BUNDLE / "raw" / "qcew.parquet")
    is_withheld = pl.col("status") == "withheld"
    figures = {
        "annual_avg_estabs": pl.col("establishments").ceil(),
        "annual_avg_emplvl": pl.col("employment").fill_null(0).round(),
        "total_annual_wages": pl.col("wages_usd").fill_null(0),
    }
    rows = 0
    with (folder / f"{year}.annual.singlefile.csv").open("wb") as file:
        file.write((",".join(f'"{name}"' for name in header(ANNUAL)) + "\r\n").encode())
        for copy in range(factor):
            place, level = ("000", "5") if copy == 0 else (f"{2 * copy - 1:03d}", "7")
            written = {
                "area_fips": pl.col("area_id").replace_strict(fips) + place,
                "own_code": pl.col("own_code"),
                "industry_code": pl.col("naics_code"),
                "agglvl_code": level
                + pl.when(pl.col("own_code") == "0").then(0).otherwise(pl.col("depth") + 1).cast(pl.String),
                "size_code": pl.lit("0"),
                "year": pl.lit(str(year)),
                "qtr": pl.lit("A"),
                "disclosure_code": pl.when(is_withheld).then(pl.lit("N")).otherwise(pl.lit("")),
                **{name: figure.cast(pl.Int64) for name, figure in figures.items()},
            }
            frame = cells.select(**{name: written.get(name, pl.lit(0)) for name in header(ANNUAL)})
            frame.write_csv(file, include_header=False, quote_style="non_numeric", line_terminator="\r\n")
            rows += frame.height
    return rows


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    print(sum(write_year(target, year, int(sys.argv[2])) for year in YEARS))
