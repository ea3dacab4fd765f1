"""Finds keys that appear twice in tables larger than memory: rows are compared by eight-byte hashes of their keys."""

from collections.abc import Sequence

import polars as pl

_PARTS = 16


def key_hashes(frame: pl.DataFrame, key: Sequence[str]) -> pl.Series:
    """A hash of each row's key. Equal keys have equal hashes in all frames of the same types."""
    return frame.select(key).hash_rows()


def repeated(hashes: Sequence[pl.Series]) -> pl.Series:
    """Hashes that appear more than once in all the series. Different keys may share a hash, so compare the keys."""
    if not hashes:
        return pl.Series(dtype=pl.UInt64)
    return pl.concat(_repeated(hashes, part) for part in range(_PARTS))


def _repeated(hashes: Sequence[pl.Series], part: int) -> pl.Series:
    """Those of one part: sorting all hashes at once would take several times their size."""
    ordered = pl.concat(each.filter(each % _PARTS == part) for each in hashes).sort()
    return ordered.filter(ordered == ordered.shift()).unique()
