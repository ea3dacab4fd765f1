"""The rows of each year in a staged table, so that of a large table the years that did not change are not made again.

Tables whose contract has `parts: [year, ...]` are made year by year from rows of the same year (and from tables without
years), as their parts say. Their files have row groups of one year each.
"""

import hashlib
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

YEAR = "year"


def _year(file: pq.ParquetFile, group: int) -> int | None:
    """The year of a row group; None where it has rows of several."""
    column = file.schema_arrow.names.index(YEAR)
    found = file.metadata.row_group(group).column(column).statistics
    is_one = found is not None and found.has_min_max and found.min == found.max and not found.null_count
    return int(found.min) if is_one else None


def slices(path: Path) -> dict[int, str] | None:
    """One checksum of the rows of each year in a Parquet file; None for a table without years."""
    with pq.ParquetFile(path) as file, path.open("rb") as raw:
        if YEAR not in file.schema_arrow.names:
            return None
        digests: dict[int, hashlib._Hash] = {}
        for group in range(file.num_row_groups):
            year = _year(file, group)
            # the bytes of a row group are its rows; where it has several years, the rows are read
            contents = {year: _bytes(file, group, raw)} if year is not None else _rows(file.read_row_group(group))
            for each, content in contents.items():
                digests.setdefault(each, hashlib.sha256(f"{file.schema_arrow}".encode())).update(content)
    return {year: digest.hexdigest() for year, digest in digests.items()}


def _bytes(file: pq.ParquetFile, group: int, raw: BinaryIO) -> bytes:
    """A row group as it lies in the file: its columns stand one after another."""
    columns = file.metadata.row_group(group)
    first = columns.column(0)
    raw.seek(first.dictionary_page_offset or first.data_page_offset)
    return raw.read(sum(columns.column(number).total_compressed_size for number in range(columns.num_columns)))


def _rows(table: pa.Table) -> dict[int, bytes]:
    """The rows of each year as bytes."""
    contents = {}
    for (year,), rows in pl.DataFrame(table).partition_by(YEAR, as_dict=True, maintain_order=True).items():
        rows.write_ipc(target := BytesIO())
        contents[year] = target.getvalue()
    return contents


def whole_years(path: Path, years: Collection[int]) -> frozenset[int]:
    """Those of some years whose rows stand in row groups of their own; none if the file has other row groups, too."""
    with pq.ParquetFile(path) as file:
        found = {_year(file, group) for group in range(file.num_row_groups)}
    return frozenset() if None in found else frozenset(year for year in years if year in found)


def row_groups(path: Path, year: int | None = None) -> Iterator[pa.Table]:
    """The row groups of a file, one after another, or those of one year only."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            if year is None or _year(file, group) == year:
                yield file.read_row_group(group)
