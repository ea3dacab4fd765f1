"""Wage distributions as wages at fixed shares of jobs, and percentiles of any weighted mix of them.

Wages stand on the scale of `scale`, close to the log wage. A distribution is a row of N = 29 wages, its points, at the
shares `POINTS` of jobs; between two points jobs are spread evenly over the scale. P10, P25, P50, P75 and P90 are points
(`KNOTS`), so published percentiles hold exactly. The first and last point stand at the 0.1 and 99.9 percent of the
tail; what lies beyond is drawn in.

A mix of distributions is the sum of their cumulative distributions, weighted by jobs: piecewise linear too. `mixed`
adds it up on a grid of log wages with one sweep over the changes of slope (no sorting) and reads it.

Units: natural log of US dollars a year, on the scale. Limits: between two grid lines, about 0.2 percent of the wage
apart, a mix is read as linear: percentiles of a single occupation come back within 0.16 percent in 99 of 100 cases,
0.5 at worst.
"""

from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from pipelines.estimation.arrays import BLOCK, Floats, Ints, sum_by

PERCENTS = (10, 25, 50, 75, 90)
#: Shares of jobs below each point, and the positions of the published percentiles among them.
_LOWER = (0.0, 0.01, 0.025, 0.05, 0.075, 0.10, 0.125, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45)
POINTS: Floats = np.array([*_LOWER, 0.5, *(round(1.0 - share, 3) for share in reversed(_LOWER))])
KNOTS: Ints = np.array([5, 9, 14, 19, 23])
#: What the first and the last point stand for.
TAIL = 0.001
#: Where the points stand on the scale of the normal distribution.
Z: Floats = np.array([round(NormalDist().inv_cdf(min(max(float(share), TAIL), 1.0 - TAIL)), 12) for share in POINTS])

#: The grid of log wages begins at ln 5,000 and goes on for 5.76, to about $1.6 million.
LOWEST, RANGE = 8.517193191416238, 5.76
#: Steps of the grid, in log wage: where percentiles are read, and where templates are made.
FINE, COARSE = 0.002, 0.01
#: The shortest stretch that jobs are spread over, in log wage: equal percentiles have no width of their own.
SHORTEST = 1e-5
HIGHEST = LOWEST + RANGE - 1e-3
#: Grid lines that are added up at a time.
STRETCH = 24
#: Shares from which on all grid lines are added up.
FEW = 10
#: Stands for no jobs where a share needs a whole.
TINY = 1e-9


def segment_of_points() -> Ints:
    """Which knot lies at or below each point, 0 to 3, with the ends counted to their neighbours (N,)."""
    return np.clip(np.searchsorted(KNOTS, np.arange(len(POINTS)), side="right") - 1, 0, len(KNOTS) - 2)


def base_shape(knots: Floats) -> Floats:
    """Points (n, N) from the log of P10 to P90 (n, 5): linear in z between two percentiles, the end slopes go on.

    This is the shape of an occupation of which nothing but its percentiles is known.
    """
    lower = segment_of_points()
    z = Z[KNOTS]
    slope = np.diff(knots, axis=1) / np.diff(z)
    return knots[:, lower] + slope[:, lower] * (Z - z[lower])


@dataclass(frozen=True)
class _Curves:
    """Cumulative distributions for one job each: by how much the slope changes at each point, in which cell, where.

    `change` (n, N); `cell` (n, N) is the grid line at or below the point, `part` (n, N) how far it is to the next.
    """

    change: Floats
    cell: Ints
    part: Floats


@dataclass(frozen=True)
class Parts:
    """What mixes are made of: each part's distribution (m,), its jobs (m,) and its group (m,) of `groups`."""

    row: Ints
    jobs: Floats
    group: Ints
    groups: int


def _curves(points: Floats, step: float) -> _Curves:
    """The cumulative distributions of points (n, N). Wages outside the grid count at its ends."""
    steps = SHORTEST * np.arange(len(POINTS))
    # equal points are moved apart, upward, so that no job counts below its wage
    apart = np.maximum.accumulate(np.clip(points, LOWEST, HIGHEST) - steps, axis=1) + steps
    place = (apart - LOWEST) / step
    cell = place.astype(np.int64)
    change = np.diff(np.diff(POINTS) / np.diff(place, axis=1), axis=1, prepend=0.0, append=0.0)
    return _Curves(change, cell, place - cell)


def _lines(place: Ints, change: Floats, part: Floats, begin: tuple[Floats, Floats], cells: int) -> Floats:
    """Rising curves (rows, cells + 1) from changes of slope at `place`, row * (cells + 1) + cell, and `part` of a cell.

    `begin` has each row's first value and its slope before it.
    """
    value, slope = begin
    size = len(value) * (cells + 1)
    later = change * part
    # a change between two lines is split between them
    steps = (sum_by(place, change - later, size + 1) + sum_by(place + 1, later, size + 1))[:-1].reshape(-1, cells + 1)
    steps[:, 0] += slope
    line = np.zeros_like(steps)
    np.cumsum(np.cumsum(steps, axis=1)[:, :-1], axis=1, out=line[:, 1:])
    # rounding can make a curve dip by its last digit
    return np.maximum.accumulate(line + value[:, None], axis=1)


def _reached(line: Floats, row: Ints, level: Floats) -> Floats:
    """Where, in columns with decimals, the curve of each `row` reaches its level; curves (rows, k) rise from 0 to 1."""
    rows, columns = line.shape
    apart = 2.0 * np.arange(rows)
    at = np.searchsorted((line + apart[:, None]).ravel(), level + apart[row]) - row * columns
    at = np.clip(at, 1, columns - 1)
    below = line[row, at - 1]
    rise = line[row, at] - below
    part = np.divide(level - below, rise, out=np.zeros(len(level)), where=rise > 0)
    reached: Floats = at - 1 + np.clip(part, 0.0, 1.0)
    return reached


def _read_all(curves: _Curves, parts: Parts, shares: Floats, cells: int) -> Floats:
    """Grid lines, with decimals, at the given shares of jobs in each mix (groups, shares), from all lines."""
    groups = parts.groups
    place = parts.group[:, None] * (cells + 1) + np.take(curves.cell, parts.row, axis=0)
    change = parts.jobs[:, None] * np.take(curves.change, parts.row, axis=0)
    line = _lines(place, change, np.take(curves.part, parts.row, axis=0), (np.zeros(groups), np.zeros(groups)), cells)
    owner = np.repeat(np.arange(groups), len(shares))
    return _reached(line, owner, np.tile(shares, groups)).reshape(groups, -1)


def _read_some(curves: _Curves, parts: Parts, shares: Floats, cells: int) -> Floats:
    """As `_read_all`, from every 24th line first, then from all lines of those stretches that reach a share."""
    groups, stretches = parts.groups, cells // STRETCH
    change = parts.jobs[:, None] * np.take(curves.change, parts.row, axis=0)
    stretch = curves.cell // STRETCH
    offset = np.take(curves.cell - stretch * STRETCH + curves.part, parts.row, axis=0)
    key = parts.group[:, None] * stretches + np.take(stretch, parts.row, axis=0)
    size = groups * stretches
    slope = np.cumsum(sum_by(key, change, size).reshape(groups, stretches), axis=1)
    late = sum_by(key, change * offset, size).reshape(groups, stretches)
    curve = np.zeros((groups, stretches + 1))
    np.cumsum(STRETCH * slope - late, axis=1, out=curve[:, 1:])
    owner, level = np.repeat(np.arange(groups), len(shares)), np.tile(shares, groups)
    found = _reached(np.maximum.accumulate(curve, axis=1), owner, level).astype(np.int64)
    found = np.minimum(found, stretches - 1)
    wanted, row = np.unique(owner * stretches + found, return_inverse=True)
    rows = np.full(size, -1)
    rows[wanted] = np.arange(len(wanted))
    row_of = np.take(rows, key).ravel()
    inside = np.flatnonzero(row_of >= 0)
    of_group, of_stretch = np.divmod(wanted, stretches)
    begin = curve[of_group, of_stretch], np.where(of_stretch > 0, slope[of_group, of_stretch - 1], 0.0)
    change, offset = change.ravel()[inside], offset.ravel()[inside]
    within = offset.astype(np.int64)
    place = row_of[inside] * (STRETCH + 1) + within
    line = _lines(place, change, offset - within, begin, STRETCH)
    return (found * STRETCH + _reached(line, row, level)).reshape(groups, -1)


def _used(rows: Ints) -> tuple[Ints, Ints]:
    """The different rows in order, and the place of each of `rows` among them; marking is faster than sorting."""
    first = rows.min()
    is_used = np.bincount(rows - first) > 0
    return first + np.flatnonzero(is_used), (np.cumsum(is_used) - 1)[rows - first]


def mixed(points: Floats, parts: Parts, shares: Floats, *, step: float = FINE) -> Floats:
    """Log wages at the given shares of jobs in the mix of each group (groups, len(shares)); NaN for an empty group.

    `points` (n, N) are the distributions. Some groups are mixed at a time, so that what it works on stays small.
    """
    result = np.full((parts.groups, len(shares)), np.nan)
    order = np.argsort(parts.group, kind="stable")
    order = order[parts.jobs[order] > 0]
    present, starts = np.unique(parts.group[order], return_index=True)
    share = parts.jobs / np.maximum(sum_by(parts.group, parts.jobs, parts.groups), TINY)[parts.group]
    read = _read_some if len(shares) < FEW else _read_all
    blocks = np.unique(starts // BLOCK, return_index=True)[1]
    for first, last in pairwise([*blocks.tolist(), len(present)]):
        block = present[first:last]
        chosen = order[starts[first] : starts[last] if last < len(present) else len(order)]
        row, place = _used(parts.row[chosen])
        local = Parts(place, share[chosen], np.searchsorted(block, parts.group[chosen]), len(block))
        result[block] = LOWEST + step * read(_curves(points[row], step), local, shares, round(RANGE / step))
    return result
