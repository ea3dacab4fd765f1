"""Checksums of the years of a table: equal for equal rows, whatever other years the file holds."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from pipelines.warehouse.slices import row_groups, slices, whole_years

YEARS = {year: pl.DataFrame({"year": [year] * 3, "area_id": ["OH", "TX", "WY"], "jobs": [year, 2, None]}) for year in
         (2022, 2023, 2024)}  # fmt: skip


def _write(path: Path, *frames: pl.DataFrame) -> Path:
    """A file with a row group for each frame: of polars, which puts something between columns, or of pyarrow."""
    if path.name.startswith("polars") and len({frame.height for frame in frames}) == 1:
        pl.concat(frames).write_parquet(path, row_group_size=frames[0].height)
        return path
    with pq.ParquetWriter(path, frames[0].to_arrow().schema) as writer:
        for frame in frames:
            writer.write_table(frame.to_arrow())
    return path


@pytest.mark.parametrize("together", [False, True], ids=["a row group a year", "one row group"])
def test_a_year_has_the_same_checksum_whatever_stands_beside_it(tmp_path: Path, together: bool) -> None:
    def write(name: str, *years: int) -> dict[int, str]:
        frames = [YEARS[year] for year in years]
        found = slices(_write(tmp_path / name, *([pl.concat(frames)] if together else frames)))
        assert found is not None
        return found

    two, others = write("two", 2022, 2023), write("others", 2024, 2023)
    assert two.keys() == {2022, 2023}
    assert others.keys() == {2024, 2023}
    assert two[2023] == others[2023]
    assert len({*two.values(), *others.values()}) == 3


@pytest.mark.parametrize("writer", ["polars", "pyarrow"])
@pytest.mark.parametrize("together", [False, True], ids=["a row group a year", "one row group"])
@pytest.mark.parametrize(
    "changed",
    [
        lambda frame: frame.with_columns(jobs=pl.when(pl.col("area_id") == "TX").then(3).otherwise("jobs")),
        lambda frame: pl.concat([frame.head(2), frame.head(1)]),
        lambda frame: frame.reverse(),
        lambda frame: frame.with_columns(jobs=pl.col("jobs").fill_null(0)),
    ],
    ids=["figure", "row", "order", "missing"],
)
def test_another_figure_row_or_order_is_another_checksum(
    tmp_path: Path, changed: Callable[[pl.DataFrame], pl.DataFrame], together: bool, writer: str
) -> None:
    found = []
    for name, frame in (("as it was", YEARS[2023]), ("changed", changed(YEARS[2023]))):
        frames = [YEARS[2022], frame]
        found.append(slices(_write(tmp_path / f"{writer} {name}", *([pl.concat(frames)] if together else frames))))
    before, after = found
    assert before is not None
    assert after is not None
    assert before[2022] == after[2022]
    assert before[2023] != after[2023]


def test_a_table_without_years_has_no_slices(tmp_path: Path) -> None:
    assert slices(_write(tmp_path / "t", YEARS[2022].drop("year"))) is None


def test_years_with_row_groups_of_their_own_can_be_taken_alone(tmp_path: Path) -> None:
    apart = _write(tmp_path / "apart", YEARS[2022], YEARS[2023], YEARS[2022])
    assert whole_years(apart, [2022, 2024]) == {2022}
    assert [group.num_rows for group in row_groups(apart, 2022)] == [3, 3]
    assert [group.num_rows for group in row_groups(apart)] == [3, 3, 3]
    assert whole_years(_write(tmp_path / "mixed", pl.concat([YEARS[2022], YEARS[2023]]), YEARS[2024]), [2024]) == set()
