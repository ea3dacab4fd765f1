"""Jobs of withheld cells, estimated from the published totals of major groups.

The withheld occupations of a major group share what the group's total leaves:

    estimate = (group total - published detail) * expected / sum of expected over the group's withheld occupations
    expected = group total * parent's share of the occupation in the group * exp(deviation)

The parent is the state of a metro or nonmetro area and the nation of a state; where the state withholds the occupation
too, its share is the state's own estimate, made from the nation's; where that is nothing for the whole group, the
nation's shares. The deviation is what an area's published occupations tell of its withheld ones: some occupations stand
above or below their share together. It is the best linear prediction (simple kriging) from the published log ratios

    y = ln((jobs + 1) / (expected by share + 1)),  error variance 0.05 + 3 / (expected + 1)
    covariance 0.3 * (0.6 * kinship by industry + 0.4 * kinship by area)

Kinship by industry is (sum over industries of sqrt(p * q))^2, p and q the shares of two occupations' national jobs by
industry (source: OEWS by industry, detailed occupations); kinship by area is the correlation of y in areas of the same
level (`together`). The areas of a parent then move towards what the parent's published occupation leaves them
(`towards_parents`), and each group shares its total again. A group total that is withheld too comes from the area's
total less its published groups, shared like the parent's groups.

Units: jobs. Source: OEWS employment by area and occupation. Limits: OEWS shows neither which of the withheld cells are
empty nor how the publisher chose them; a single cell errs by a third in the median, so an estimate stands only in sums.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.estimation.arrays import TERMS, Bools, Floats, Ints, exact_product, log, ratio, right_factor, sum_columns

#: Variance of the log of an area's jobs over its expected jobs that occupations of the same industries share.
SHARED_VARIANCE = 0.3
#: Variance that an occupation has for itself.
OWN_VARIANCE = 0.05
#: Sampling variance of a cell of one expected job; it falls with the expected jobs.
CELL_VARIANCE = 3.0
#: Part of the shared variance that kinship by area explains; kinship by industry explains the rest.
BY_AREA = 0.4
#: Areas of usual deviation that are added to each occupation's: kinship by area is low where few areas show it.
SHRINKAGE = 20.0
#: Standard deviation of an estimated cell, as a part of it.
CELL_ERROR = 0.5
#: Error of what areas have of a parent's occupation, as a part of it: where their group totals add up to the parent's,
#: and for each part by which they do not.
WHOLE_ERROR, UNCOVERED_ERROR = 0.02, 0.4
#: Variance of a cell that is rounded to tens.
ROUNDING = 100.0 / 12.0
#: Lowest part of an estimate that its parent's jobs leave of it, so that a group's total is always shared.
LOWEST = 0.1
#: Jobs added on both sides of a ratio, so that a cell of no jobs has a logarithm.
OFFSET = 1.0
#: Steps of conjugate gradients: sub-clusters are then within 0.05 percent of the limit, 99 of 100 within 0.005.
STEPS = 30
#: Estimates are rounded to this many decimals of a job.
DECIMALS = 4


@dataclass(frozen=True)
class Cells:
    """Published jobs of A areas by D occupations in G major groups; NaN where withheld.

    `parent` is the row of each area's parent, -1 for the nation. A parent may stand anywhere.
    """

    employment: Floats  # (A, D)
    group_total: Floats  # (A, G)
    total: Floats  # (A,)
    parent: Ints  # (A,)
    group: Ints  # (D,)


@dataclass(frozen=True)
class Estimate:
    """Jobs of all cells: `employment` as published or estimated, `is_modelled` where estimated.

    `expected` is what the area's group totals and its parent's shares alone would give (0 for the nation's row).
    `group_total` has withheld totals filled. An area with neither group totals nor a total has estimates of 0:
    `has_basis` is False there.
    """

    employment: Floats  # (A, D)
    is_modelled: Bools  # (A, D)
    expected: Floats  # (A, D)
    group_total: Floats  # (A, G)
    has_basis: Bools  # (A, G)


def kinship(staffing: Floats) -> Floats:
    """How alike the industries of two occupations are, 0 to 1, from jobs by occupation and industry (D, I).

    Symmetric, 1 on the diagonal, 0 for an occupation without industries. As a product of two kernels it is one itself.
    """
    share = ratio(staffing, np.broadcast_to(staffing.sum(axis=1, keepdims=True), staffing.shape))
    product = exact_product(np.sqrt(share), right_factor(np.sqrt(share).T))
    alike: Floats = np.clip((product + product.T) / 2.0, 0.0, 1.0) ** 2
    np.fill_diagonal(alike, 1.0)
    return alike


def generations(parent: Ints) -> list[Ints]:
    """Rows by distance from the nation: the nation, its children, theirs. Raises ValueError for a circle."""
    depth = np.zeros(len(parent), dtype=np.int64)
    ancestor = parent.copy()
    while (ancestor >= 0).any():
        depth += ancestor >= 0
        ancestor = np.where(ancestor >= 0, parent[ancestor], -1)
        if depth.max(initial=0) > len(parent):
            raise ValueError("an area is its own ancestor")
    return [np.flatnonzero(depth == level) for level in range(int(depth.max(initial=0)) + 1)]


def fill_group_totals(group_total: Floats, total: Floats, like: Floats) -> Floats:
    """Group totals (A, G) without gaps: the area's total less its published groups is shared like `like` (A, G)."""
    missing = np.isnan(group_total)
    left = np.clip(np.nan_to_num(total) - np.nansum(group_total, axis=1), 0.0, None)
    part = np.where(missing, like, 0.0)
    share = ratio(part, np.broadcast_to(part.sum(axis=1, keepdims=True), part.shape))
    return np.where(missing, left[:, None] * share, group_total)


def _log_ratios(employment: Floats, expected: Floats) -> Floats:
    """y of published cells, 0 for the others."""
    published = ~np.isnan(employment)
    return np.where(published, log((np.nan_to_num(employment) + OFFSET) / (expected + OFFSET)), 0.0)


def together(employment: Floats, expected: Floats) -> Floats:
    """Kinship by area (D, D): how alike two occupations deviate from their expected jobs in areas (A, D), -1 to 1.

        sum of z * z' over areas / sqrt((sum of z^2 + 20) * (sum of z'^2 + 20)), 1 on the diagonal
        z = (y - mean of the occupation's y) / sqrt(0.35 + 3 / (expected + 1)), 0 where withheld

    The mean is taken off because cells above their expected jobs are published more often than those below.
    """
    published = ~np.isnan(employment)
    y = _log_ratios(employment, expected)
    mean = ratio(y.sum(axis=0), published.sum(axis=0).astype(np.float64))
    error = SHARED_VARIANCE + OWN_VARIANCE + CELL_VARIANCE / (expected + OFFSET)
    z = np.where(published, (y - mean) / np.sqrt(error), 0.0)
    part = z / np.sqrt((z**2).sum(axis=0) + SHRINKAGE)
    blocks = (part[start : start + TERMS] for start in range(0, len(part), TERMS))
    product = np.sum([exact_product(block.T, right_factor(block)) for block in blocks], axis=0)
    alike: Floats = (product + product.T) / 2.0
    np.fill_diagonal(alike, 1.0)
    return alike


def deviations(employment: Floats, expected: Floats, alike: Floats) -> Floats:
    """The log by which each cell is predicted to stand above its expected jobs, from the area's published cells.

    All arrays are (areas, D) but `alike` (D, D). Solves (0.3 * alike + error variance) * weights = y over the published
    cells of every area at once by conjugate gradients with the diagonal as preconditioner.
    """
    published = ~np.isnan(employment)
    y = _log_ratios(employment, expected)
    error = OWN_VARIANCE + CELL_VARIANCE / (expected + OFFSET)
    scale = np.where(published, 1.0 / (error + SHARED_VARIANCE), 0.0)
    weights, residual, kin = np.zeros_like(y), y, right_factor(alike)
    direction = scale * residual
    norm = (residual * direction).sum(axis=1, keepdims=True)
    for _ in range(STEPS):
        image = SHARED_VARIANCE * exact_product(direction, kin) + error * direction
        image = np.where(published, image, 0.0)
        step = ratio(norm, (direction * image).sum(axis=1, keepdims=True))
        weights = weights + step * direction
        residual = residual - step * image
        scaled = scale * residual
        last, norm = norm, (residual * scaled).sum(axis=1, keepdims=True)
        direction = scaled + ratio(norm, last) * direction
    return SHARED_VARIANCE * exact_product(weights, kin)


def share_out(prior: Floats, left: Floats, group: Ints) -> Floats:
    """Each group's `left` jobs (areas, G) shared among its occupations in proportion to `prior` (areas, D)."""
    return prior * ratio(left, sum_columns(prior, group, left.shape[1]))[:, group]


def towards_parents(found: Floats, published: Floats, whole: Floats, covered: Floats, parent: Ints) -> Floats:
    """Estimates (areas, D) moved towards what the parents' published occupations leave.

        estimate + v * (left - sum of estimates) / (sum of v + error), at least a tenth of the estimate
        left = max(0, covered * parent's jobs - published jobs of its areas)
        v = (0.5 * estimate)^2 + 3 * estimate
        error = (covered * parent's jobs * (0.02 + 0.4 * |1 - covered|))^2 + 100 / 12 * published areas

    `published` (areas, D) and `whole`, the parents' jobs (parents, D), are NaN where withheld. `covered` (parents, D)
    is the areas' total of the occupation's major group over the parent's; `parent` is each area's row of `whole`.
    Limit: areas across a border have jobs of other parents, so that `covered` far from 1 teaches little.
    """

    def add(values: Floats) -> Floats:
        return sum_columns(values.T, parent, len(whole)).T

    share = covered * np.nan_to_num(whole)
    left = np.clip(share - add(np.nan_to_num(published)), 0.0, None)
    variance = (CELL_ERROR * found) ** 2 + CELL_VARIANCE * found
    error = (share * (WHOLE_ERROR + UNCOVERED_ERROR * np.abs(1.0 - covered))) ** 2
    error += ROUNDING * add((~np.isnan(published)).astype(np.float64))
    step = np.where(np.isnan(whole), 0.0, ratio(left - add(found), add(variance) + error))
    return np.maximum(found + variance * step[parent], LOWEST * found)


def estimated(cells: Cells, jobs: Floats) -> Estimate:
    """The estimate of the cells again, from the jobs (A, D) that `estimate` gave them."""
    expected, share = np.zeros_like(jobs), np.zeros_like(jobs)
    group_total = cells.group_total.copy()
    for level, rows in enumerate(generations(cells.parent)):
        above = cells.parent[rows]
        like = group_total[above] if level else np.ones((len(rows), group_total.shape[1]))
        group_total[rows] = fill_group_totals(group_total[rows], cells.total[rows], like)
        if level:
            expected[rows] = share[above] * group_total[rows][:, cells.group]
        share[rows] = _shares(jobs[rows], cells.group, group_total.shape[1])
    return Estimate(jobs, np.isnan(cells.employment), expected, group_total, _has_basis(cells))


def _shares(jobs: Floats, group: Ints, groups: int) -> Floats:
    """The share of each occupation in the jobs of its group (areas, D)."""
    return ratio(jobs, sum_columns(jobs, group, groups)[:, group])


def _has_basis(cells: Cells) -> Bools:
    basis: Bools = ~np.isnan(cells.group_total) | ~np.isnan(cells.total)[:, None]
    return basis


def estimate(cells: Cells, alike: Floats) -> Estimate:
    """Estimate the withheld cells of every area, the nation first, then each generation from its parents.

    `alike` is the kinship of the occupations by industry (D, D). Estimates are never negative; where a group's total
    leaves nothing, or no parent has the occupation, they are 0. Published cells stay as they are.
    """
    published = ~np.isnan(cells.employment)
    known = np.nan_to_num(cells.employment)
    jobs, expected = known.copy(), np.zeros_like(known)
    group_total, share = cells.group_total.copy(), np.zeros_like(known)
    groups = group_total.shape[1]
    levels = generations(cells.parent)
    nation = levels[0][0]
    for level, rows in enumerate(levels):
        if level:
            above = cells.parent[rows]
            group_total[rows] = fill_group_totals(group_total[rows], cells.total[rows], group_total[above])
            expected[rows] = share[above] * group_total[rows][:, cells.group]
            kin = (1.0 - BY_AREA) * alike + BY_AREA * together(cells.employment[rows], expected[rows])
            prior = expected[rows] * np.exp(deviations(cells.employment[rows], expected[rows], kin))
            # where the parent has none of what the group withholds, the nation's shares say what it may be
            prior = np.where(published[rows], 0.0, prior)
            none = sum_columns(prior, cells.group, groups)[:, cells.group] == 0
            prior = np.where(none, share[nation] * group_total[rows][:, cells.group], prior)
        else:
            equal = np.ones((len(rows), groups))
            group_total[rows] = fill_group_totals(group_total[rows], cells.total[rows], equal)
            prior = np.ones_like(known[rows])
        left = np.clip(group_total[rows] - sum_columns(known[rows], cells.group, groups), 0.0, None)
        found = share_out(np.where(published[rows], 0.0, prior), left, cells.group)
        if level:
            parents, place = np.unique(above, return_inverse=True)
            covered = ratio(sum_columns(group_total[rows].T, place, len(parents)).T, group_total[parents])
            found = towards_parents(
                found, cells.employment[rows], cells.employment[parents], covered[:, cells.group], place
            )
            found = share_out(found, left, cells.group)
        jobs[rows] = np.where(published[rows], known[rows], np.round(found, DECIMALS))
        share[rows] = _shares(jobs[rows], cells.group, groups)
    return Estimate(jobs, ~published, expected, group_total, _has_basis(cells))
