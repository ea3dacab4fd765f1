"""Published cells hidden as the publisher hides them, to hold estimates against figures that are known.

The publisher withholds small cells, and cells of some occupations more than of others. So a published cell is hidden
with probability

    rate of its size class * (withheld + 5) / (expected withheld + 5) of its occupation, at most 0.98

both counted over the areas in question; the size class is that of the jobs expected from the parent's shares. Limits:
the withheld cells include empty ones, which no hidden cell is, and a hidden cell leaves its group's total as published.
"""

import hashlib
from collections.abc import Iterable

import numpy as np

from pipelines.estimation.arrays import Bools, Floats, Words

#: Lower ends of the size classes, in expected jobs.
SIZES = np.array([0, 1, 3, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000, 3000], dtype=np.float64)
#: Cells of its occupation's own rate that the general rate counts for.
SHRINKAGE = 5.0
HIGHEST = 0.98
#: Odd constants of the splitmix64 generator (Steele, Lea and Flood 2014).
GOLDEN, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def probabilities(expected: Floats, published: Bools) -> Floats:
    """The probability of each cell (areas, occupations) to be withheld; 0 for cells that no parent has."""
    size = np.where(expected > 0, np.digitize(expected, SIZES), 0)
    cells = np.bincount(size.ravel(), minlength=len(SIZES) + 1)
    withheld = np.bincount(size[~published], minlength=len(SIZES) + 1)
    rate = withheld / np.maximum(cells, 1)
    rate[0] = 0.0
    usual = rate[size]
    own = ((~published & (expected > 0)).sum(axis=0) + SHRINKAGE) / (usual.sum(axis=0) + SHRINKAGE)
    probability: Floats = np.clip(usual * own, 0.0, HIGHEST)
    return probability


def words(names: Iterable[str]) -> Words:
    """A word for each name, for `uniform`."""
    digests = (hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)


def _mixed(words: Words) -> Words:
    """The output function of splitmix64: every bit of the result depends on every bit given."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(FIRST)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(SECOND)
    return words ^ (words >> np.uint64(31))


def uniform(area_key: Words, occupation_key: Words, seed: int) -> Floats:
    """A number from 0 to 1 (excluded) for each area and occupation (A, D), the same wherever it is asked for.

    It depends on the two keys and the seed only, never on the order or number of areas and occupations.
    """
    start = _mixed(area_key + np.uint64(GOLDEN * (seed + 1) % 2**64))
    words = _mixed(start[:, None] + occupation_key[None, :] * np.uint64(GOLDEN))
    return (words >> np.uint64(11)).astype(np.float64) / 2.0**53


def hidden(probability: Floats, published: Bools, numbers: Floats) -> Bools:
    """Which published cells to hide: those whose number lies below their probability."""
    chosen: Bools = published & (numbers < probability)
    return chosen
