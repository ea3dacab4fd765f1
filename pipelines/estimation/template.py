"""The shape of a distribution between its published percentiles, taken from areas that are known in more detail."""

from itertools import pairwise

import numpy as np

from pipelines.estimation.arrays import Floats, Ints, sum_by
from pipelines.estimation.distribution import KNOTS, POINTS

#: How much wider or narrower a tail may become when it is carried to other percentiles.
NARROWEST, WIDEST = 0.2, 5.0
#: Distances of percentiles in log wage below which they count as equal.
EQUAL = 1e-6
#: The area's mean that a group's own mean is drawn to, in roots of jobs.
DRAWN = 60.0


def carry(template: Floats, knots: Floats) -> Floats:
    """Carry points (n, N) to an occupation's own log P10 to P90 (n, 5).

    Between two percentiles a point keeps its relative place; a tail is stretched like the stretch next to it, by 0.2 to
    5 times. Result (n, N); its points at P10 to P90 are `knots` exactly.
    """
    theirs = template[:, KNOTS]
    width, own = np.diff(theirs, axis=1), np.diff(knots, axis=1)
    wide = width > EQUAL
    stretch = np.where(wide, np.clip(own / np.where(wide, width, 1.0), NARROWEST, WIDEST), 1.0)
    result = np.empty_like(template)
    first, last = KNOTS[0], KNOTS[-1]
    result[:, :first] = knots[:, :1] + (template[:, :first] - theirs[:, :1]) * stretch[:, :1]
    result[:, last:] = knots[:, -1:] + (template[:, last:] - theirs[:, -1:]) * stretch[:, -1:]
    for stretch_no, (begin, end) in enumerate(pairwise(KNOTS)):
        one = slice(stretch_no, stretch_no + 1)
        even = (POINTS[begin:end] - POINTS[begin]) / (POINTS[end] - POINTS[begin])
        placed = (template[:, begin:end] - theirs[:, one]) / np.where(wide, width, 1.0)[:, one]
        place = np.where(wide[:, one], np.clip(placed, 0.0, 1.0), even)
        result[:, begin:end] = knots[:, one] + place * own[:, one]
    return result


def mean_log_ratio(ratios: Floats, jobs: Floats, group: Ints, groups: int) -> Floats:
    """An area's mean log ratio to its parent in each major group (groups,).

    `ratios` (n,) are the occupations' log ratios. They are weighted by the root of their jobs, between the precision
    of a large cell and the say of a small one; a group's mean is drawn to the area's as if 60 more stood at it.
    """
    root = np.sqrt(jobs)
    weight = sum_by(group, root, groups)
    total = sum_by(group, root * ratios, groups)
    overall = total.sum() / max(weight.sum(), 1.0)
    mean: Floats = (total + DRAWN * overall) / (weight + DRAWN)
    return mean
