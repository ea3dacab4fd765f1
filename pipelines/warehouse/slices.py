"""The rows of each year in a staged table, so that of a large table the years that did not change are not made again.

Tables whose contract has `parts: [year, ...]` are made year by year from rows of the same year, of the years before it
that the contract names, and of tables without years. A large one is a folder with files of one year each.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.files import copy, files_of

YEAR = "year"


def _year(file: pq.ParquetFile, group: int) -> int | None:
    """The year of a row group; None where it has rows of several."""
    column = file.schema_arrow.names.index(YEAR)
    found = file.metadata.row_group(group).column(column).statistics
    is_one = found is not None and found.has_min_max and found.min == found.max and not found.null_count
    return int(found.min) if is_one else None


def slices(path: Path) -> dict[int, str] | None:
    """One checksum of the rows of each year of a staged table; None for a table without years."""
    digests: dict[int, hashlib._Hash] = {}
    for part in files_of(path):
        with pq.ParquetFile(part) as file, part.open("rb") as raw:
            if YEAR not in file.schema_arrow.names:
                return None
            for group in range(file.num_row_groups):
                year = _year(file, group)
                # the bytes of a row group are its rows; where it has several years, the rows are read
                contents = {year: _bytes(file, group, raw)} if year is not None else _rows(file.read_row_group(group))
                for each, content in contents.items():
                    digests.setdefault(each, hashlib.sha256(f"{file.schema_arrow}".encode())).update(content)
    return {year: digest.hexdigest() for year, digest in digests.items()}


@lru_cache(maxsize=32)
def _slices(path: Path, checksum: str) -> dict[int, str] | None:
    return slices(path)


def year_checksums(
    lines: Sequence[str], files: Mapping[str, tuple[Path, str]], years_before: Sequence[int] = ()
) -> dict[str, str]:
    """One checksum by year of lines, and of files by name, each with its own checksum.

    Of a file with years the rows of the year count, and of so many `years_before`; of another one the whole file.
    """
    sliced = {name: _slices(path, checksum) for name, (path, checksum) in sorted(files.items())}
    whole = [f"{name} {files[name][1]}" for name, years in sliced.items() if years is None]
    dated = {name: years for name, years in sliced.items() if years is not None}
    found = {}
    for year in sorted({year for years in dated.values() for year in years}):
        rows = [f"{name} {[years.get(year - back) for back in (0, *years_before)]}" for name, years in dated.items()]
        found[str(year)] = hashlib.sha256("\n".join([*lines, *whole, *rows]).encode()).hexdigest()
    return found


def _bytes(file: pq.ParquetFile, group: int, raw: BinaryIO) -> bytes:
    """A row group as it lies in the file: the pages of each column, which are what a reader reads of it."""
    pages = []
    for number in range(file.metadata.num_columns):
        column = file.metadata.row_group(group).column(number)
        first = column.dictionary_page_offset if column.has_dictionary_page else None
        raw.seek(min(first or column.data_page_offset, column.data_page_offset))
        pages.append(raw.read(column.total_compressed_size))
    return b"".join([f"{[len(each) for each in pages]}".encode(), *pages])


def _rows(table: pa.Table) -> dict[int, bytes]:
    """The rows of each year as bytes."""
    contents = {}
    for (year,), rows in pl.DataFrame(table).partition_by(YEAR, as_dict=True, maintain_order=True).items():
        rows.write_ipc(target := BytesIO())
        contents[year] = target.getvalue()
    return contents


def part_file(year: str | None, number: int) -> str:
    """The name of a part's file in the folder of a table; the parts of a table by year are numbered in their years."""
    return f"{year or 'part'}-{number:05}.parquet"


def year_files(path: Path, years: Collection[int]) -> dict[str | None, list[Path]]:
    """The files of some years in the folder of a table; none of a table that is one file."""
    found: dict[str | None, list[Path]] = {}
    for file in files_of(path) if path.is_dir() else ():
        year = file.name.partition("-")[0]
        if year in map(str, years):
            found.setdefault(year, []).append(file)
    return found


def keep_files(files: Iterable[Path], folder: Path) -> None:
    """Copy files into the folder of a table that is made anew."""
    for file in files:
        copy(file, folder / file.name)
