"""Checksums of the years of a table: equal for equal rows, whatever other years the file holds."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from pipelines.warehouse.slices import keep_files, part_file, slices, year_checksums, year_files

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


def test_the_files_of_a_year_in_a_folder_are_kept(tmp_path: Path) -> None:
    folder, next_one = tmp_path / "folder", tmp_path / "next"
    names = [part_file("2022", 0), part_file("2022", 1), part_file("2023", 0), part_file(None, 2022)]
    for made in (folder, next_one):
        made.mkdir()
    for number, name in enumerate(names):
        (folder / name).write_text(f"{number}", encoding="utf-8")
    kept = year_files(folder, [2022, 2024])
    assert kept == {"2022": [folder / names[0], folder / names[1]]}
    keep_files(kept["2022"], next_one)
    assert [file.read_text(encoding="utf-8") for file in sorted(next_one.iterdir())] == ["0", "1"]
    assert year_files(folder / names[0], [2022]) == {}
    assert year_files(tmp_path / "nothing", [2022]) == {}


def test_the_names_of_parts_sort_as_they_were_made() -> None:
    names = [part_file("2009", 0), *(part_file("2010", number) for number in range(12)), part_file("2011", 0)]
    assert sorted(names) == names
    assert sorted(names := [part_file(None, number) for number in range(12)]) == names


def test_a_year_that_is_made_from_years_before_changes_with_them(tmp_path: Path) -> None:
    def checksums(name: str, *frames: pl.DataFrame) -> dict[str, str]:
        return year_checksums(["code"], {"raw.cell": (_write(tmp_path / name, *frames), name)}, (1, 3))

    frames = {year: YEARS[2022].with_columns(year=year) for year in range(2020, 2026)}
    other = frames | {2022: frames[2022].with_columns(jobs=pl.lit(7, pl.Int64))}
    before, after = checksums("before", *frames.values()), checksums("after", *other.values())
    assert [year for year in before if before[year] != after[year]] == ["2022", "2023", "2025"]
