"""Array types, and arithmetic that gives the same digits on every machine."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Words: TypeAlias = NDArray[np.uint64]

#: Bits of the left and the right factor of an exact product. With up to 1,024 terms a sum has 25 + 18 + 10 = 53 bits,
#: which a float64 holds without rounding.
LEFT_BITS, RIGHT_BITS, TERMS = 25, 18, 1024

#: Rows that are worked on at a time.
BLOCK = 8192


def right_factor(right: Floats) -> Floats:
    """The right factor of an exact product, (k, n) with values from -1 to 1: rounded to 18 bits after the point."""
    whole: Floats = np.rint(np.ldexp(right, RIGHT_BITS))
    return whole


def exact_product(left: Floats, right: Floats) -> Floats:
    """`left @ right` with the same digits whatever library, thread count or processor multiplies.

    `left` is (m, k), k at most 1,024; `right` comes from `right_factor`. Rows of `left` are rounded to 25 bits of their
    largest value, so that no partial sum is ever rounded and the order of the sums cannot matter. The relative error is
    4e-6 of the largest term at most. Raises ValueError for a larger k.
    """
    if left.shape[1] > TERMS:
        raise ValueError(f"an exact product has at most {TERMS} terms, not {left.shape[1]}")
    exponent = np.frexp(np.abs(left).max(axis=1, initial=0.0))[1][:, None]
    whole: Floats = np.rint(np.ldexp(left, LEFT_BITS - exponent)) @ right
    product: Floats = np.ldexp(whole, exponent - LEFT_BITS - RIGHT_BITS)
    return product


def in_blocks(rows: NDArray[Any]) -> list[NDArray[Any]]:
    """Rows in pieces of some thousand: what is worked out between is small then, and its memory is used again."""
    return np.array_split(rows, len(rows) // BLOCK + 1)


def log(values: Floats) -> Floats:
    """Natural logs in whole steps of 2^-27 (7e-9): the last digit of a processor's logarithm does not matter."""
    steps: Floats = np.ldexp(np.rint(np.ldexp(np.log(values), 27)), -27)
    return steps


def sum_by(index: NDArray[Any], values: Floats, size: int) -> Floats:
    """Sums of `values` by `index` (both flattened), in the order of the values; `size` sums."""
    sums: Floats = np.bincount(index.ravel(), weights=values.ravel(), minlength=size).astype(np.float64, copy=False)
    return sums


def sum_columns(values: Floats, group: Ints, groups: int) -> Floats:
    """(rows, columns) to (rows, groups): the sum of the columns of each group, in the order of the columns."""
    rows = values.shape[0]
    return sum_by(np.arange(rows)[:, None] * groups + group, values, rows * groups).reshape(rows, groups)


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """`numerator / denominator`, 0 where the denominator is not positive."""
    result: Floats = np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
    return result
