"""Iterative proportional fitting of an area's wage distributions to the percentiles published for its groups.

Each occupation's percentiles cut its jobs into 10, 15, 25, 25, 15 and 10 percent. So do the percentiles of its major
group, over all occupations of the group, and those of all jobs. Where all 15 are laid on one occupation's
distribution they cut it into 16 pieces, each in one class of the occupation, one of the group and one of the total. A
round multiplies the jobs of the pieces so that the groups' classes come out, then the total's, then the occupations'.
Inside a piece the shape stays as it was. The occupations' own percentiles hold exactly after every round.

Jobs without a distribution of their own (a residual row for each group) take the group's published shape and have no
percentiles of their own to keep; they take up what the known occupations leave.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.estimation.arrays import Bools, Floats, Ints, sum_by
from pipelines.estimation.distribution import KNOTS, POINTS

#: Shares of jobs between P10, P25, P50, P75 and P90, and outside.
CLASSES: Floats = np.array([0.10, 0.15, 0.25, 0.25, 0.15, 0.10])
#: The most that a class is changed by in one round.
LEAST, MOST = 0.2, 5.0
PIECES = 16


@dataclass(frozen=True)
class Rows:
    """n distributions to rake together: points (n, N), jobs (n,), the area and group of each, and which are residual.

    `group` numbers the groups of all areas, `area` the areas.
    """

    points: Floats
    jobs: Floats
    area: Ints
    group: Ints
    is_residual: Bools


def share_below(points: Floats, wages: Floats) -> Floats:
    """The share of each distribution's jobs below each of its wages: points (n, N), wages (n, k) in log; (n, k)."""
    result = np.empty_like(wages)
    rows = np.arange(len(points))
    last = points.shape[1] - 1
    for column in range(wages.shape[1]):
        wage = wages[:, column]
        at = np.clip((points < wage[:, None]).sum(axis=1), 1, last)
        low, high = points[rows, at - 1], points[rows, at]
        part = np.divide(wage - low, high - low, out=np.zeros_like(wage), where=high > low)
        result[:, column] = POINTS[at - 1] + np.clip(part, 0.0, 1.0) * (POINTS[at] - POINTS[at - 1])
    return result


def _class(middle: Floats, cuts: Floats) -> NDArray[Any]:
    """How many of the cuts (n, 5) lie below the middle of each piece (n, 16)."""
    result = np.zeros(middle.shape, dtype=np.int64)
    for column in range(cuts.shape[1]):
        result += middle > cuts[:, column : column + 1]
    return result


def _factors(sums: Floats, is_used: Bools) -> Floats:
    """What each class (k, 6) is multiplied by to hold its share; 1 for groups that are not used or have no jobs."""
    target = CLASSES * sums.sum(axis=1, keepdims=True)
    factor = np.divide(target, sums, out=np.ones_like(sums), where=sums > 1e-9 * np.maximum(target, 1e-9))
    return np.where(is_used[:, None], np.clip(factor, LEAST, MOST), 1.0)


def _known(knots: Floats) -> tuple[Floats, Bools]:
    """Published percentiles without gaps, and which rows have all five."""
    is_known = ~np.asarray(np.isnan(knots).any(axis=1))
    return np.where(is_known[:, None], knots, 0.0), is_known


def rake(rows: Rows, group_knots: Floats, total_knots: Floats, rounds: int) -> Floats:
    """The points of all rows after raking (n, N).

    `group_knots` (groups, 5) and `total_knots` (areas, 5) are log P10 to P90; NaN where not published or not to be
    used. Rows of residual jobs keep only their number.
    """
    group_knots, group_used = _known(group_knots)
    total_knots, total_used = _known(total_knots)
    n = len(rows.points)
    own_cuts = np.broadcast_to(POINTS[KNOTS], (n, len(KNOTS)))
    group_cuts = share_below(rows.points, group_knots[rows.group])
    total_cuts = share_below(rows.points, total_knots[rows.area])
    cuts = np.sort(np.concatenate([own_cuts, group_cuts, total_cuts], axis=1), axis=1)
    ends = np.concatenate([np.zeros((n, 1)), cuts, np.ones((n, 1))], axis=1)
    share = np.diff(ends, axis=1)
    middle = (ends[:, :-1] + ends[:, 1:]) / 2.0
    own = np.where(rows.is_residual[:, None], 0, _class(middle, own_cuts))
    row_key = np.arange(n)[:, None] * 6 + own
    group_key = rows.group[:, None] * 6 + _class(middle, group_cuts)
    total_key = rows.area[:, None] * 6 + _class(middle, total_cuts)
    target = np.where(rows.is_residual[:, None], np.eye(1, 6), CLASSES)
    jobs = share * rows.jobs[:, None]
    row_target = target * rows.jobs[:, None]
    for _ in range(rounds):
        sums = sum_by(group_key, jobs, group_knots.size // 5 * 6).reshape(-1, 6)
        jobs *= np.take(_factors(sums, group_used), group_key)
        sums = sum_by(total_key, jobs, total_knots.size // 5 * 6).reshape(-1, 6)
        jobs *= np.take(_factors(sums, total_used), total_key)
        sums = sum_by(row_key, jobs, n * 6).reshape(-1, 6)
        jobs *= np.take(np.divide(row_target, sums, out=np.zeros_like(sums), where=sums > 0), row_key)
    return _moved(rows.points, ends, jobs / np.maximum(rows.jobs, 1e-12)[:, None])


def _moved(points: Floats, ends: Floats, share: Floats) -> Floats:
    """Points after the pieces between `ends` (n, 17) hold `share` (n, 16) of the jobs instead of their lengths."""
    n, size = points.shape
    after = np.zeros_like(ends)
    np.cumsum(share, axis=1, out=after[:, 1:])
    after[:, -1] = 1.0
    # where each point's share is reached among the pieces, then among the old points
    from_point = np.searchsorted(POINTS, after[:, 1:-1].ravel(), side="left").reshape(n, PIECES - 1)
    begins = np.bincount((np.arange(n)[:, None] * (size + 1) + from_point).ravel(), minlength=n * (size + 1))
    piece = np.cumsum(begins.reshape(n, size + 1)[:, :size], axis=1)
    of_piece = piece + np.arange(n)[:, None] * ends.shape[1]
    low = np.take(after, of_piece)
    length = np.take(after, of_piece + 1) - low
    part = np.divide(POINTS - low, length, out=np.zeros((n, size)), where=length > 0)
    old = np.take(ends, of_piece)
    old = old + np.clip(part, 0.0, 1.0) * (np.take(ends, of_piece + 1) - old)
    at = np.clip(np.searchsorted(POINTS, old.ravel(), side="left").reshape(n, size), 1, size - 1)
    of_point = at + np.arange(n)[:, None] * size
    left, below = np.take(points, of_point - 1), np.take(POINTS, at - 1)
    place = (old - below) / (np.take(POINTS, at) - below)
    moved = left + place * (np.take(points, of_point) - left)
    # own percentiles hold, whatever the last digits of the shares
    moved[:, KNOTS] = np.where(np.abs(moved[:, KNOTS] - points[:, KNOTS]) < 1e-6, points[:, KNOTS], moved[:, KNOTS])
    return np.maximum.accumulate(moved, axis=1)
