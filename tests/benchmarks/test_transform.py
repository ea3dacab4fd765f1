"""From the flat files to every cluster figure: the pipeline, and pandas for the published part alone."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.tables import TableName, parquet_path
from tests.benchmarks.children import Measured, measure

KEY = ["area_id", "level", "cluster_id", "sub_cluster_id", "basis"]
#: Relative tolerance of each figure, and half of the last digit that the indicators keep.
TOLERANCES = {
    "employment_published": (1e-6, 0.0005),
    "employment_rse_pct": (1e-6, 0.00005),
    "coverage_pct": (1e-6, 0.00005),
}


def _say(name: str, measured: Measured) -> None:
    assert measured.code == 0, measured.output
    print(
        f"{name:28} {measured.seconds:7.1f} s wall {measured.cpu_seconds:7.1f} s processor "
        f"{measured.peak_bytes / 1e9:5.2f} GB peak   {measured.output.strip()}"
    )


def _assert_agree(indicators: Path, pandas: Path) -> None:
    """The published part of clusters and sub-clusters is the same in both, and missing in the same places."""
    # pandas has no row where an area has none of a group's occupations; without an estimate nothing is given
    ours = pl.read_parquet(indicators).filter(
        (pl.col("level") != "all") & (pl.col("occupations") > 0) & pl.col("employment").is_not_null()
    )
    both = ours.join(pl.read_parquet(pandas), on=KEY, how="inner", suffix="_pandas", validate="1:1")
    assert both.height == ours.height > 80_000
    # a group of which nothing is published has 0 published jobs
    both = both.with_columns(pl.col("employment_published_pandas").fill_nan(None).fill_null(0.0))
    for figure, (relative, absolute) in TOLERANCES.items():
        mine, other = pl.col(figure), pl.col(f"{figure}_pandas").fill_nan(None)
        near = (mine - other).abs() <= relative * other.abs() + absolute * 1.001
        differing = both.filter(
            ~pl.when(mine.is_null() | other.is_null()).then(mine.is_null() & other.is_null()).otherwise(near)
        )
        assert differing.is_empty(), differing.select(*KEY, mine, other).head(10)


@pytest.mark.benchmark
def test_every_cluster_figure_from_the_flat_files(oews_folder: Path, tmp_path: Path) -> None:
    staging = tmp_path / "staging"
    allocation = parquet_path(staging, TableName("marts", "soc_allocation"))
    area = parquet_path(staging, TableName("raw", "oews_area"))
    indicators = parquet_path(staging, TableName("marts", "cluster_indicators"))

    folders = [oews_folder, allocation, area, tmp_path / "pandas.parquet"]
    pipeline, pandas = measure(
        ["-m", "tests.benchmarks.pipeline_chain", str(oews_folder), str(staging)],
        ["-m", "tests.benchmarks.plain_pandas", *map(str, folders)],
    )
    print("\nflat files to all cluster figures, estimates and wages pooled")
    _say("pipeline", pipeline)
    print("the published jobs alone; pandas reads 2 of 17 datatypes, no industries, and is given the shares")
    _say("pandas", pandas)
    _assert_agree(indicators, tmp_path / "pandas.parquet")
    assert pipeline.peak_bytes < 2e9
