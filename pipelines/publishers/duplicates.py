"""Finds rows whose key another row has, in tables that memory does not hold: eight bytes a row name the suspects."""

from collections.abc import Sequence

import polars as pl

_PARTS = 16


def key_hashes(frame: pl.DataFrame, key: Sequence[str]) -> pl.Series:
    """A hash of each row's key: equal keys have equal ones, in every frame of the same types."""
    return frame.select(key).hash_rows()


def repeated(hashes: Sequence[pl.Series]) -> pl.Series:
    """Hashes that are met more than once in all the series; nearly always of equal keys, which is to be looked at."""
    if not hashes:
        return pl.Series(dtype=pl.UInt64)
    return pl.concat(_repeated(hashes, part) for part in range(_PARTS))


def _repeated(hashes: Sequence[pl.Series], part: int) -> pl.Series:
    """Those of one part; in parts, because sorting all takes several times their size."""
    ordered = pl.concat(each.filter(each % _PARTS == part) for each in hashes).sort()
    return ordered.filter(ordered == ordered.shift()).unique()
