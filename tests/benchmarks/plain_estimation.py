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


def jobs_of(made: Made, alike):
    """Published or estimated jobs, one area after another; the kriging equations are solved outright."""
    cells, groups = made.cells, made.cells.group_total.shape[1]
    jobs = np.zeros_like(cells.employment)
    for area in range(len(jobs)):
        known = ~np.isnan(cells.employment[area])
        if made.tier[area] == 0:
            prior = np.ones(jobs.shape[1])
        else:
            above = jobs[cells.parent[area]]
            expected = np.zeros(jobs.shape[1])
            for occupation, group in enumerate(cells.group):
                whole = above[cells.group == group].sum()
                expected[occupation] = cells.group_total[area, group] * above[occupation] / whole if whole else 0.0
            y = np.log((cells.employment[area][known] + 1) / (expected[known] + 1))
            error = np.diag(0.05 + 3.0 / (expected[known] + 1))
            weights = np.linalg.solve(0.3 * alike[np.ix_(known, known)] + error, y)
            prior = expected * np.exp(0.3 * alike[:, known] @ weights)
        for group in range(groups):
            inside = cells.group == group
            left = max(cells.group_total[area, group] - cells.employment[area][inside & known].sum(), 0.0)
            whole = prior[inside & ~known].sum()
            for occupation in np.flatnonzero(inside):
                if known[occupation]:
                    jobs[area, occupation] = cells.employment[area, occupation]
                elif whole > 0:
                    jobs[area, occupation] = round(left * prior[occupation] / whole, 4)
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
    """The points of every cell (A, D, 29), NaN without."""
    parent, group, level = made.cells.parent, made.cells.group, made.tier
    shape = (*jobs.shape, len(POINTS))
    has_knots = ~np.isnan(made.knots).any(axis=2) & (jobs > 0)
    exists = has_knots.copy()
    for area in np.flatnonzero(level > 0):
        exists[area] |= exists[parent[area]] & ((jobs[area] >= 0.5) | (level[area] == 1))
    bases = np.full(shape, np.nan)
    for area, occupation in zip(*np.nonzero(has_knots), strict=True):
        bases[area, occupation] = base(made.knots[area, occupation])
    found = bases
    for _ in range(2):
        result = np.full(shape, np.nan)
        for area in range(len(jobs)):
            _shapes(made, jobs, area, result, bases=bases, found=found, has_knots=has_knots, exists=exists)
            rounds = {0: 40, 1: 40, 2: 16}[int(level[area])]
            rows, places = [], []
            for occupation in np.flatnonzero(has_knots[area]):
                rows.append((result[area, occupation], jobs[area, occupation], group[occupation], False))
                places.append(occupation)
            for one in range(len(made.group_knots[area])):
                inside = group == one
                left = made.cells.group_total[area, one] - jobs[area][inside & has_knots[area]].sum()
                rest = [
                    (result[area, o], jobs[area, o]) for o in np.flatnonzero(inside & exists[area] & ~has_knots[area])
                ]
                rest = [(points, amount) for points, amount in rest if amount > 0]
                if left > 0.5:
                    rows.append((mix(rest) if rest else base(made.group_knots[area, one]), left, one, True))
            raked = rake(rows, made.group_knots[area], made.total_knots[area], rounds)
            for occupation, points in zip(places, raked, strict=False):
                result[area, occupation] = points
        found = result
    return found


def _shapes(made, jobs, area, result, *, bases, found, has_knots, exists):
    """Fill an area's points before raking, in place."""
    parent, level, group = made.cells.parent, made.tier, made.cells.group
    for occupation in np.flatnonzero(has_knots[area]):
        knots, shape = made.knots[area, occupation], bases[area, occupation]
        below = [a for a in np.flatnonzero(level == 2) if level[area] == 0 or parent[a] == area]
        kids = [(found[a, occupation], jobs[a, occupation]) for a in below if has_knots[a, occupation]]
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
