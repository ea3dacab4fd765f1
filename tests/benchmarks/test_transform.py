"""From the flat files to every cluster figure: the pipeline against pandas."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.tables import TableName, parquet_path
from tests.benchmarks.children import Measured, measure

KEY = ["area_id", "level", "cluster_id", "sub_cluster_id", "basis"]
#: Relative tolerance of each figure, and half of the last digit that the indicators keep.
TOLERANCES = {
    "employment": (1e-6, 0.0005),
    "wage_mean_usd": (1e-6, 0.005),
    "employment_rse_pct": (1e-6, 0.00005),
    "coverage_pct": (1e-6, 0.00005),
    "wage_coverage_pct": (1e-6, 0.00005),
    **{f"wage_p{percentile}_usd": (1e-3, 0.005) for percentile in (10, 25, 50, 75, 90)},
}


def _say(name: str, measured: Measured) -> None:
    assert measured.code == 0, measured.output
    print(
        f"{name:28} {measured.seconds:7.1f} s wall {measured.cpu_seconds:7.1f} s processor "
        f"{measured.peak_bytes / 1e9:5.2f} GB peak   {measured.output.strip()}"
    )


def _assert_agree(indicators: Path, pandas: Path) -> None:
    """Every figure of clusters and sub-clusters is the same in both, and missing in the same places."""
    ours = pl.read_parquet(indicators).filter(pl.col("level") != "all")
    theirs = pl.read_parquet(pandas)
    # pandas has no row where an area has none of a group's occupations
    ours = ours.filter(pl.col("occupations") > 0)
    assert ours.height == theirs.height > 80_000
    both = ours.join(theirs, on=KEY, how="inner", suffix="_pandas", validate="1:1")
    assert both.height == ours.height
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

    def pandas(pooling: str) -> list[str]:
        folders = [oews_folder, allocation, area, tmp_path / f"{pooling}.parquet"]
        return ["-m", "tests.benchmarks.plain_pandas", pooling, *map(str, folders)]

    pipeline, by_apply, by_arrays = measure(
        ["-m", "tests.benchmarks.pipeline_chain", str(oews_folder), str(staging)], pandas("apply"), pandas("arrays")
    )
    print("\nflat files to all cluster figures; pandas reads 8 of 17 datatypes, no industries, and is given the shares")
    _say("pipeline", pipeline)
    _say("pandas, groupby.apply", by_apply)
    _say("pandas, NumPy by hand", by_arrays)
    ratio = by_apply.seconds / pipeline.seconds
    print(f"ratio to groupby.apply {ratio:.1f}, to NumPy by hand {by_arrays.seconds / pipeline.seconds:.1f}")
    _assert_agree(indicators, tmp_path / "apply.parquet")
    _assert_agree(indicators, tmp_path / "arrays.parquet")
    assert pipeline.peak_bytes < 2e9
    assert ratio >= 6
