"""The method of `pipelines.estimation` in its plainest NumPy form: loops over areas, occupations and rounds.

It is the reference for what the vectorised form gives and for how fast it is.
"""

from statistics import NormalDist

import numpy as np

from tests.benchmarks.made_oews import Made

SHARES = np.array([0.10, 0.25, 0.50, 0.75, 0.90])
LOWER = [0.0, 0.01, 0.025, 0.05, 0.075, 0.10, 0.125, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45]
POINTS = np.array([*LOWER, 0.5, *[round(1 - share, 3) for share in LOWER[::-1]]])
AT = np.array([int(np.flatnonzero(share == POINTS)[0]) for share in SHARES])
SCORES = np.array([NormalDist().inv_cdf(min(max(share, 0.001), 0.999)) for share in POINTS])
CLASSES = np.array([0.10, 0.15, 0.25, 0.25, 0.15, 0.10])
LOW, BINS, STEP = float(np.log(5000.0)), 576, 0.01


def kinship(staffing):
    share = staffing / staffing.sum(axis=1, keepdims=True)
    count = len(share)
    alike = np.ones((count, count))
    for one in range(count):
        for other in range(count):
            if one != other:
                alike[one, other] = np.sqrt(share[one] * share[other]).sum() ** 2
    return alike


def together(employment, expected):
    count = employment.shape[1]
    z = np.zeros_like(employment)
    for occupation in range(count):
        there = np.flatnonzero(~np.isnan(employment[:, occupation]))
        y = np.log((employment[there, occupation] + 1) / (expected[there, occupation] + 1))
        if len(there):
            z[there, occupation] = (y - y.mean()) / np.sqrt(0.35 + 3.0 / (expected[there, occupation] + 1))
    alike = np.ones((count, count))
    for one in range(count):
        for other in range(count):
            if one != other:
                size = ((z[:, one] ** 2).sum() + 20) * ((z[:, other] ** 2).sum() + 20)
                alike[one, other] = (z[:, one] * z[:, other]).sum() / np.sqrt(size)
    return alike


def towards_parent(found, published, whole, covered):
    """One parent's one occupation: its areas' estimates, in place."""
    left = max(0.0, covered * whole - np.nansum(published))
    variance = (0.5 * found) ** 2 + 3.0 * found
    error = (covered * whole * (0.02 + 0.4 * abs(1 - covered))) ** 2 + (~np.isnan(published)).sum() * 100 / 12
    total = variance.sum() + error
    if total > 0:
        found[:] = np.maximum(found + variance * (left - found.sum()) / total, 0.1 * found)


def share_out(prior, left, group):
    """One area's estimates in proportion to `prior`."""
    out = np.zeros_like(prior)
    for one, amount in enumerate(left):
        inside = group == one
        whole = prior[inside].sum()
        if whole > 0:
            out[inside] = prior[inside] * amount / whole
    return out


def jobs_of(made: Made, alike):
    """Published or estimated jobs, one level after another; the kriging equations are solved outright."""
    cells = made.cells
    group, totals, parents = cells.group, cells.group_total, cells.parent
    known = ~np.isnan(cells.employment)
    jobs = np.zeros_like(cells.employment)
    for level in range(3):
        rows = np.flatnonzero(made.tier == level)
        expected, prior = np.zeros_like(jobs), np.ones_like(jobs)
        for area in rows:
            for occupation, one in enumerate(group):
                above = jobs[parents[area]]
                whole = above[group == one].sum()
                if level and whole:
                    expected[area, occupation] = totals[area, one] * above[occupation] / whole
        if level:
            kin = 0.6 * alike + 0.4 * together(cells.employment[rows], expected[rows])
        for area in rows if level else []:
            there = known[area]
            y = np.log((cells.employment[area][there] + 1) / (expected[area][there] + 1))
            error = np.diag(0.05 + 3.0 / (expected[area][there] + 1))
            weights = np.linalg.solve(0.3 * kin[np.ix_(there, there)] + error, y)
            prior[area] = expected[area] * np.exp(0.3 * kin[:, there] @ weights)
        prior[known] = 0.0
        left = {}
        for area in rows:
            published = [cells.employment[area][(group == one) & known[area]].sum() for one in range(totals.shape[1])]
            left[area] = np.maximum(totals[area] - published, 0.0)
            prior[area] = share_out(prior[area], left[area], group)
        for parent in np.unique(parents[rows]) if level else []:
            below = rows[parents[rows] == parent]
            for occupation in np.flatnonzero(known[parent]):
                covered = totals[below, group[occupation]].sum() / totals[parent, group[occupation]]
                found = prior[below, occupation]
                towards_parent(
                    found, cells.employment[below, occupation], cells.employment[parent, occupation], covered
                )
                prior[below, occupation] = found
        for area in rows:
            estimated = np.round(share_out(prior[area], left[area], group), 4)
            jobs[area] = np.where(known[area], cells.employment[area], estimated)
    return jobs


def base(knots):
    out = np.empty(len(POINTS))
    for point, score in enumerate(SCORES):
        k = min(max(int(np.searchsorted(AT, point, side="right")) - 1, 0), 3)
        slope = (knots[k + 1] - knots[k]) / (SCORES[AT[k + 1]] - SCORES[AT[k]])
        out[point] = knots[k] + slope * (score - SCORES[AT[k]])
    return out


def carry(template, knots):
    theirs, out = template[AT], np.empty(len(POINTS))
    for point in range(len(POINTS)):
        k = int(np.searchsorted(AT, point, side="right")) - 1
        side = min(max(k, 0), 3)
        wide = theirs[side + 1] - theirs[side]
        own = knots[side + 1] - knots[side]
        if k in (-1, 4):
            edge = 0 if k == -1 else 4
            stretch = min(max(own / wide, 0.2), 5.0) if wide > 1e-6 else 1.0
            out[point] = knots[edge] + (template[point] - theirs[edge]) * stretch
        elif wide > 1e-6:
            out[point] = knots[k] + min(max((template[point] - theirs[k]) / wide, 0.0), 1.0) * own
        else:
            out[point] = knots[k] + (POINTS[point] - POINTS[AT[k]]) / (POINTS[AT[k + 1]] - POINTS[AT[k]]) * own
    return out


def curve(points, jobs):
    """A distribution's jobs up to each grid line: the changes of slope, split between neighbours, summed twice."""
    apart = np.maximum.accumulate(np.clip(points, LOW, LOW + 5.76 - 1e-3) - 1e-5 * np.arange(29)) + 1e-5 * np.arange(29)
    change = np.diff(jobs * np.diff(POINTS) / np.diff(apart), prepend=0.0, append=0.0)
    slope = np.zeros(BINS + 2)
    for place, step in zip((apart - LOW) / STEP, change, strict=True):
        slope[int(place)] += step * (1 - place + int(place))
        slope[int(place) + 1] += step * (place - int(place))
    return np.concatenate([[0.0], np.cumsum(np.cumsum(slope)[:-2] * STEP)])


def mix(members):
    """The points of the mix of (points, jobs)."""
    total = sum(curve(points, jobs) for points, jobs in members)
    level = np.maximum.accumulate(total / total[-1])
    shares = np.clip(POINTS, 0.001, 0.999)
    at = np.clip(np.searchsorted(level, shares), 1, BINS)
    part = (shares - level[at - 1]) / np.where(level[at] > level[at - 1], level[at] - level[at - 1], 1.0)
    return LOW + STEP * (at - 1 + np.clip(part, 0.0, 1.0))


def share_below(points, wage):
    at = min(max(int((points < wage).sum()), 1), len(POINTS) - 1)
    low, high = points[at - 1], points[at]
    part = min(max((wage - low) / (high - low), 0.0), 1.0) if high > low else 0.0
    return POINTS[at - 1] + part * (POINTS[at] - POINTS[at - 1])


def _keep(row, jobs, classes):
    """A row's own percentiles, in place; of a residual row its number."""
    _, amount, _, is_residual = row
    if is_residual:
        jobs *= amount / jobs.sum()
        return
    for one in range(6):
        inside = np.array(classes) == one
        if jobs[inside].sum() > 0:
            jobs[inside] *= CLASSES[one] * amount / jobs[inside].sum()


def rake(rows, group_knots, total_knots, rounds):
    """`rows`: (points, jobs, group, is_residual) of one area; the points of all after raking."""
    ends, jobs, classes = [], [], []
    for points, amount, group, _ in rows:
        by_group = [share_below(points, wage) for wage in group_knots[group]]
        by_total = [share_below(points, wage) for wage in total_knots]
        end = np.array([0.0, *sorted([*SHARES, *by_group, *by_total]), 1.0])
        middle = (end[:-1] + end[1:]) / 2
        ends.append(end)
        jobs.append(np.diff(end) * amount)
        classes.append([[int((np.array(cuts) < m).sum()) for m in middle] for cuts in (SHARES, by_group, by_total)])

    def fit(chosen, which):
        sums = np.zeros(6)
        for row in chosen:
            for piece in range(16):
                sums[classes[row][which][piece]] += jobs[row][piece]
        target = CLASSES * sums.sum()
        factor = np.array(
            [min(max(t / s, 0.2), 5.0) if s > 1e-9 * max(t, 1e-9) else 1.0 for t, s in zip(target, sums, strict=True)]
        )
        for row in chosen:
            jobs[row] = jobs[row] * factor[classes[row][which]]

    for _ in range(rounds):
        for group in range(len(group_knots)):
            fit([row for row in range(len(rows)) if rows[row][2] == group], 1)
        fit(range(len(rows)), 2)
        for row in range(len(rows)):
            _keep(rows[row], jobs[row], classes[row][0])
    moved = []
    for (points, amount, _, _), end, held in zip(rows, ends, jobs, strict=True):
        after = np.concatenate([[0.0], np.cumsum(held / amount)])
        after[-1] = 1.0
        moved.append(np.interp(np.interp(POINTS, after, end), POINTS, points))
    return moved


def distributions(made: Made, jobs):
    """The points of every cell (A, D, 29), NaN without; wages of `made` on the scale."""
    parent, group, level = made.cells.parent, made.cells.group, made.tier
    shape = (*jobs.shape, len(POINTS))
    has_knots = ~np.isnan(made.knots).any(axis=2) & (jobs > 0)
    exists = has_knots.copy()
    for area in np.flatnonzero(level > 0):
        exists[area] |= exists[parent[area]] & ((jobs[area] >= 0.5) | (level[area] == 1))
    bases = np.full(shape, np.nan)
    for area, occupation in zip(*np.nonzero(has_knots), strict=True):
        bases[area, occupation] = base(made.knots[area, occupation])
    result = np.full(shape, np.nan)
    for area in range(len(jobs)):
        _shapes(made, jobs, area, result, bases=bases, has_knots=has_knots, exists=exists)
        rows, places = [], []
        for occupation in np.flatnonzero(has_knots[area]):
            rows.append((result[area, occupation], jobs[area, occupation], group[occupation], False))
            places.append(occupation)
        for one in range(len(made.group_knots[area])):
            inside = group == one
            left = made.cells.group_total[area, one] - jobs[area][inside & has_knots[area]].sum()
            rest = [(result[area, o], jobs[area, o]) for o in np.flatnonzero(inside & exists[area] & ~has_knots[area])]
            rest = [(points, amount) for points, amount in rest if amount > 0]
            if left > 0.5:
                rows.append((mix(rest) if rest else base(made.group_knots[area, one]), left, one, True))
        raked = rake(rows, made.group_knots[area], made.total_knots[area], 8 if level[area] == 2 else 12)
        for occupation, points in zip(places, raked, strict=False):
            result[area, occupation] = points
    return result


def _shapes(made, jobs, area, result, *, bases, has_knots, exists):
    """Fill an area's points before raking, in place."""
    parent, level, group = made.cells.parent, made.tier, made.cells.group
    for occupation in np.flatnonzero(has_knots[area]):
        knots, shape = made.knots[area, occupation], bases[area, occupation]
        below = [a for a in np.flatnonzero(level == 2) if level[area] == 0 or parent[a] == area]
        kids = [(bases[a, occupation], jobs[a, occupation]) for a in below if has_knots[a, occupation]]
        above = result[parent[area], occupation] if level[area] else np.full(29, np.nan)
        up = shape if np.isnan(above[0]) else carry(above, knots)
        if level[area] == 0:
            shape = carry(mix(kids), knots) if kids else shape
        elif level[area] == 1:
            held = min(sum(amount for _, amount in kids) / max(jobs[area, occupation], 1.0), 1.0) if kids else 0.0
            held = np.sqrt(held)
            shape = held * (carry(mix(kids), knots) if kids else shape) + (1 - held) * up
        else:
            shape = up
        result[area, occupation] = shape
    if not level[area]:
        return
    above = result[parent[area]]
    ratios = made.knots[area, :, 2] - above[:, 14]
    both = ~np.isnan(ratios) & (jobs[area] > 0)
    root = np.sqrt(jobs[area])
    overall = (root * ratios)[both].sum() / max(root[both].sum(), 1.0)
    for occupation in np.flatnonzero(exists[area] & ~has_knots[area]):
        inside = both & (group == group[occupation])
        shift = ((root * ratios)[inside].sum() + 60 * overall) / (root[inside].sum() + 60)
        result[area, occupation] = above[occupation] + shift
