"""The rows of a table on which its expectations come out as on all of its rows, found without holding the table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, cast

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts.model import Table
from pipelines.publishers.duplicates import key_hashes, repeated

#: Rows of a table that are held at once.
PIECE_ROWS = 500_000
#: Keys of several rows that are shown to Great Expectations; what a table may have above them is not counted.
MOST_KEYS = 100_000

_ROW = "row number"  # no column of ours has a blank in its name


class Pieces:
    """The rows of an open Parquet file in frames of PIECE_ROWS, the same ones each time; one frame without a row."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.rows = int(self._parquet().metadata.num_rows)

    @property
    def is_one(self) -> bool:
        """Whether all rows are held at once."""
        return self.rows <= PIECE_ROWS

    def _parquet(self) -> pq.ParquetFile:
        self._file.seek(0)
        # without a buffer that holds what was read till the end
        return pq.ParquetFile(self._file, pre_buffer=False)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        parquet = self._parquet()
        if not self.rows:
            yield cast(pl.DataFrame, pl.from_arrow(parquet.read()))
        for batch in parquet.iter_batches(batch_size=PIECE_ROWS):
            yield cast(pl.DataFrame, pl.from_arrow(pa.Table.from_batches([batch])))


@dataclass(frozen=True)
class Deciding:
    """Rows that decide of `of_rows`; `has_more_keys` when the table has more rows of a repeated key than these."""

    rows: pl.DataFrame
    of_rows: int
    has_more_keys: bool


def rows_that_decide(table: Table, frame: pl.DataFrame) -> pl.Series:
    """Positions of the rows on which every expectation of a table comes out as on all rows of the frame.

    For each column with an expectation: a row with each value where a set or a pattern is declared, the least and the
    greatest where a range is, and a missing one; and all rows whose key another row has.
    """
    repeats = frame.select(_key(table, frame)).is_duplicated().arg_true()
    return _one_after_another([*_rows_of_columns(table, frame), repeats])


def deciding_rows(table: Table, pieces: Iterable[pl.DataFrame]) -> Deciding:
    """The rows that decide of a table in pieces, which are read a second time only where keys seem to be repeated."""
    found: list[pl.DataFrame] = []
    hashes: list[pl.Series] = []
    first = 0
    for piece in pieces:
        found.append(_apart(_numbered(piece, first)[_one_after_another(_rows_of_columns(table, piece))]))
        hashes.append(key_hashes(piece, _key(table, piece)))
        first += piece.height
    suspects = repeated(hashes)
    shown = suspects.head(MOST_KEYS)
    if shown.len():
        first = 0
        for piece in pieces:
            is_met = key_hashes(piece, _key(table, piece)).is_in(shown.implode())
            found.append(_apart(_numbered(piece, first).filter(is_met)))
            first += piece.height
    rows = pl.concat(found).unique(_ROW).sort(_ROW)
    return Deciding(rows[rows_that_decide(table, rows)].drop(_ROW), first, has_more_keys=suspects.len() > shown.len())


def _key(table: Table, frame: pl.DataFrame) -> list[str]:
    return [name for name in table.primary_key if name in frame.columns]


def _apart(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with texts of their own: rows chosen from a frame keep the texts of all its rows in memory."""
    return cast(pl.DataFrame, pl.from_arrow(rows.to_arrow(compat_level=pl.CompatLevel.oldest())))


def _numbered(piece: pl.DataFrame, first: int) -> pl.DataFrame:
    return piece.with_columns(pl.int_range(first, first + piece.height, dtype=pl.Int64).alias(_ROW))


def _one_after_another(positions: Iterable[pl.Series]) -> pl.Series:
    return pl.concat([each.cast(pl.Int64) for each in positions]).unique().sort()


def _rows_of_columns(table: Table, frame: pl.DataFrame) -> Iterator[pl.Series]:
    """Positions of the first row and of those that decide for the columns, the key apart."""
    yield frame.select(pl.int_range(pl.len()).head(1)).to_series()
    for column in table.columns:
        if column.name not in frame.columns:
            continue
        values = frame[column.name]
        if column.values is not None or column.pattern is not None:
            yield values.arg_unique()
        elif column.min is not None or column.max is not None:
            if values.dtype.is_numeric():
                numbers = values.fill_nan(None) if values.dtype.is_float() else values
                ends = [numbers.arg_min(), numbers.arg_max()]
                yield pl.Series([end for end in ends if end is not None], dtype=pl.Int64)
            else:
                yield values.arg_unique()
        if not column.nullable:
            # pandas knows no difference between a missing number and one that is none
            missing = values.is_null() | values.is_nan() if values.dtype.is_float() else values.is_null()
            yield missing.arg_true().head(1)
