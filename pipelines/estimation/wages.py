"""The wage distribution of every occupation in every area, published or withheld.

All of it stands on a scale of wages on which jobs are spread evenly (`scale`).

1. Base shape: wage linear in the normal score between an occupation's published percentiles (`distribution`).
2. Template: the nation's occupation takes the shape of the jobs-weighted mix of its metro and nonmetro areas, carried
   to its own percentiles (`template`); a state's the mix of its own areas, together with the nation's shape as far as
   these do not hold its jobs; an area's its state's.
3. An occupation without published wages takes its parent's distribution, shifted by the area's mean log ratio to the
   parent among the medians of its major group.
4. Every area is raked to the published percentiles of its major groups and of all jobs (`raking`), with a residual row
   for jobs of a group that have no distribution.

Top-coded percentiles are lower bounds: such an occupation keeps out of templates and raking, its jobs from there on
stand at the bound, and nothing is claimed above it. National minor and broad groups never enter: they are the hold-out.

Units: log of US dollars a year. Source: OEWS annual wages by area and occupation. Limits: occupations for which only
hourly wages are published have no distribution; a percentile of a mix errs as `quality.method_accuracy` says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.estimation.arrays import Bools, Floats, Ints, in_blocks, log, sum_by
from pipelines.estimation.distribution import COARSE, FINE, KNOTS, POINTS, TAIL, Parts, base_shape, mixed
from pipelines.estimation.members import Members
from pipelines.estimation.raking import Rows, rake
from pipelines.estimation.scale import Scale, wage_scale
from pipelines.estimation.template import carry, mean_log_ratio

#: Rounds of raking: of metro and nonmetro areas, of states and the nation.
AREA_ROUNDS, STATE_ROUNDS = 8, 12
#: A withheld cell in a metro or nonmetro area with fewer estimated jobs has no distribution.
FEWEST_JOBS = 0.5
#: Jobs of a group without distribution below which there is no residual row.
FEWEST_RESIDUAL = 0.5
#: Stands for no jobs in raking, where a share needs a whole.
NO_JOBS = 1e-6
MEDIAN = 2
#: Estimated mean wages are rounded to this many decimals of a dollar.
MEAN_DECIMALS = 4


@dataclass(frozen=True)
class WageCells:
    """Jobs and log wages of A areas by D occupations in G major groups; NaN where not published.

    `jobs` are published or estimated, without NaN. `knots` are log P10 to P90; where some are top-coded they are the
    least that they can be, and `bound` is the log of the lowest of these, else infinity. `parent` is -1 for the nation.
    """

    jobs: Floats  # (A, D)
    knots: Floats  # (A, D, 5)
    bound: Floats  # (A, D)
    group_total: Floats  # (A, G)
    group_knots: Floats  # (A, G, 5)
    total_knots: Floats  # (A, 5)
    parent: Ints  # (A,)
    tier: Ints  # (A,) 0 nation, 1 state, 2 metro or nonmetro area
    group: Ints  # (D,)


@dataclass(frozen=True)
class Distributions:
    """The R cells that have a distribution: area, occupation, points (R, N), bound, and if modelled.

    Points and bounds stand on `scale`. Cells are ordered by area and occupation. `row` (A, D) is each cell's row, -1
    without. `bound` is infinity but for top-coded cells: from it on nothing is known. `is_modelled` is true where the
    cell publishes no percentiles.
    """

    area: Ints
    occupation: Ints
    row: Ints
    points: Floats
    bound: Floats
    is_modelled: Bools
    scale: Scale

    def shapes(self, area: int) -> Floats:
        """The points of one area by occupation (D, N), NaN where it has none or an open one."""
        row = self.row[area]
        return np.where(((row < 0) | np.isfinite(self.bound[row]))[:, None], np.nan, self.points[row])


def _start(cells: WageCells, scale: Scale) -> Distributions:
    """All cells that have a distribution, those with published percentiles in their base shape, others NaN."""
    published = ~np.isnan(cells.knots).any(axis=2) & (cells.jobs > 0)
    has_shape, bound = published.copy(), np.where(published, cells.bound, np.inf)
    for tier in (1, 2):
        rows = np.flatnonzero(cells.tier == tier)
        # states keep a distribution for every occupation of the nation: their areas ask for it
        enough = (cells.jobs[rows] >= FEWEST_JOBS) | (tier == 1)
        above = cells.parent[rows]
        bound[rows] = np.where(published[rows], bound[rows], bound[above])
        has_shape[rows] = published[rows] | (enough & has_shape[above])
    area, occupation = np.nonzero(has_shape)
    row = np.full(has_shape.shape, -1, dtype=np.int64)
    row[area, occupation] = np.arange(len(area))
    points = np.full((len(area), len(POINTS)), np.nan)
    own = published[area, occupation]
    for rows in in_blocks(np.flatnonzero(own)):
        points[rows] = base_shape(cells.knots[area[rows], occupation[rows]])
    limit = bound[area, occupation]
    np.minimum(points, limit[:, None], out=points)
    return Distributions(area, occupation, row, points, limit, ~own, scale)


@dataclass(frozen=True)
class _Mixes:
    """Mixes of the metro and nonmetro areas below each area: points (A, D, N), NaN without, and their jobs (A, D)."""

    points: Floats
    jobs: Floats


def _mixes(cells: WageCells, found: Distributions) -> _Mixes:
    """The mix of each occupation over the areas below the nation and below each state, from published cells only."""
    areas, occupations = cells.jobs.shape
    rows = np.flatnonzero((cells.tier[found.area] == 2) & ~found.is_modelled & ~np.isfinite(found.bound))
    # an area counts for the nation and, where it has one, for its state
    of_state = rows[cells.tier[cells.parent[found.area[rows]]] == 1]
    nation = np.flatnonzero(cells.tier == 0)[0]
    above = np.concatenate([np.full(len(rows), nation), cells.parent[found.area[of_state]]])
    rows = np.concatenate([rows, of_state])
    jobs = cells.jobs[found.area[rows], found.occupation[rows]]
    group, groups = above * occupations + found.occupation[rows], areas * occupations
    shares = np.clip(POINTS, TAIL, 1.0 - TAIL)
    points = mixed(found.points, Parts(rows, jobs, group, groups), shares, step=COARSE)
    held = sum_by(group, jobs, groups)
    return _Mixes(points.reshape(areas, occupations, -1), held.reshape(areas, occupations))


def _shape(cells: WageCells, base: Distributions, area: int, template: Floats) -> Floats:
    """An area's points before raking, by occupation (D, N): its base shapes, carried from templates (D, N) if any."""
    row = base.row[area]
    shape = np.where((row < 0)[:, None], np.nan, base.points[row])
    carried = (row >= 0) & ~base.is_modelled[row] & ~np.isfinite(base.bound[row]) & ~np.isnan(template[:, 0])
    shape[carried] = carry(template[carried], cells.knots[area, carried])
    return shape


def _fill_withheld(cells: WageCells, found: Distributions, area: int, shape: Floats) -> Floats:
    """`shape` (D, N) with the occupations that publish no wages: their parent's, shifted by the group's mean ratio."""
    above = cells.parent[area]
    row, parent_row = found.row[area], found.row[above]
    parent = np.where((parent_row < 0)[:, None], np.nan, found.points[parent_row])
    open_ = (row >= 0) & np.isfinite(found.bound[row])
    ratios = cells.knots[area, :, MEDIAN] - parent[:, KNOTS[MEDIAN]]
    both = ~np.isnan(ratios) & ~open_ & (cells.jobs[area] > 0)
    groups = cells.group_total.shape[1]
    mean = mean_log_ratio(ratios[both], cells.jobs[area][both], cells.group[both], groups)
    shifted = parent + np.where(open_, 0.0, mean[cells.group])[:, None]
    withheld = (row >= 0) & found.is_modelled[row]
    return np.where(withheld[:, None], shifted, shape)


def _rest(found: Distributions, rows: Ints, jobs: Floats, group: Ints, group_knots: Floats) -> Floats:
    """The shape of each group's jobs without own percentiles (groups, N): the mix of its withheld cells, else its own.

    NaN where neither withheld cells nor published percentiles of the group give one.
    """
    parts = Parts(rows, jobs, group, len(group_knots))
    shape = mixed(found.points, parts, np.clip(POINTS, TAIL, 1.0 - TAIL), step=COARSE)
    return np.where(np.isnan(shape), base_shape(group_knots), shape)


def _rake_areas(cells: WageCells, found: Distributions, areas: Ints, rounds: int) -> None:
    """Rake the areas' rows with published percentiles in place, together with a residual row for each group."""
    groups = cells.group_total.shape[1]
    place = np.full(len(cells.parent), -1, dtype=np.int64)
    place[areas] = np.arange(len(areas))
    rows = np.flatnonzero((place[found.area] >= 0) & ~np.isfinite(found.bound))
    jobs = cells.jobs[found.area[rows], found.occupation[rows]]
    group = place[found.area[rows]] * groups + cells.group[found.occupation[rows]]
    group_knots = cells.group_knots[areas].reshape(-1, len(KNOTS))
    own = ~found.is_modelled[rows]
    left = cells.group_total[areas].ravel() - sum_by(group[own], jobs[own], len(areas) * groups)
    rest = _rest(found, rows[~own], jobs[~own], group[~own], group_knots)
    residual = np.flatnonzero((left > FEWEST_RESIDUAL) & ~np.isnan(rest[:, 0]))
    rows = rows[own]
    together = Rows(
        points=np.concatenate([found.points[rows], rest[residual]]),
        jobs=np.concatenate([jobs[own], left[residual]]),
        area=np.concatenate([place[found.area[rows]], residual // groups]),
        group=np.concatenate([group[own], residual]),
        is_residual=np.arange(len(rows) + len(residual)) >= len(rows),
    )
    found.points[rows] = rake(together, group_knots, cells.total_knots[areas], rounds)[: len(rows)]


def _store(found: Distributions, area: int, shape: Floats) -> None:
    has_row = found.row[area] >= 0
    found.points[found.row[area][has_row]] = shape[has_row]


def _state_shape(cells: WageCells, base: Distributions, state: int, mixes: _Mixes, nation: Floats) -> Floats:
    """A state's points before raking (D, N): from the mix of its areas, and from the nation's points (D, N).

    The areas' mix counts by the root of the share of the state's jobs that it holds.
    """
    own = mixes.points[state]
    held = np.sqrt(np.clip(mixes.jobs[state] / np.maximum(cells.jobs[state], 1.0), 0.0, 1.0))
    share = np.where(np.isnan(own[:, 0]), 0.0, held)[:, None]
    return share * _shape(cells, base, state, own) + (1.0 - share) * _shape(cells, base, state, nation)


def _on(scale: Scale, cells: WageCells) -> WageCells:
    """The cells with their wages on a scale."""
    knots, bound, group_knots, total_knots = (
        scale.to(wages) for wages in (cells.knots, cells.bound, cells.group_knots, cells.total_knots)
    )
    return replace(cells, knots=knots, bound=bound, group_knots=group_knots, total_knots=total_knots)


@dataclass(frozen=True)
class Before:
    """What the percentiles of groups do not change: cells on the scale, base shapes, and mixes of them."""

    cells: WageCells
    base: Distributions
    mixes: _Mixes


def before_raking(cells: WageCells) -> Before:
    """The scale, base shapes and templates of cells."""
    scale = wage_scale(cells.knots, cells.bound)
    cells = _on(scale, cells)
    base = _start(cells, scale)
    return Before(cells, base, _mixes(cells, base))


def without(before: Before, left_out: Bools) -> Before:
    """The same, without the percentiles of the groups left out (A, G)."""
    group_knots = np.where(left_out[:, :, None], np.nan, before.cells.group_knots)
    return replace(before, cells=replace(before.cells, group_knots=group_knots))


def distributions(before: Before) -> Distributions:
    """The wage distribution of every cell that has one.

    A state's parent is the nation, an area's its state; the parent of one whose state is not there is the nation.
    """
    cells, base, mixes = before.cells, before.base, before.mixes
    nation, states, areas = (np.flatnonzero(cells.tier == tier) for tier in range(3))
    result = replace(base, points=np.full_like(base.points, np.nan))
    for area in nation.tolist():
        _store(result, area, _shape(cells, base, area, mixes.points[area]))
    _rake_areas(cells, result, nation, STATE_ROUNDS)
    for state in states.tolist():
        shape = _state_shape(cells, base, state, mixes, result.shapes(int(cells.parent[state])))
        _store(result, state, _fill_withheld(cells, result, state, shape))
    _rake_areas(cells, result, states, STATE_ROUNDS)
    for state in np.unique(cells.parent[areas]):
        template = result.shapes(int(state))
        children = areas[cells.parent[areas] == state]
        for area in children:
            _store(result, area, _fill_withheld(cells, result, area, _shape(cells, base, area, template)))
        _rake_areas(cells, result, children, AREA_ROUNDS)
    return result


@dataclass(frozen=True)
class Percentiles:
    """Percentiles of groups in areas: `log_wage` (A, K, 5), NaN without jobs; from `bound` (A, K) on a lower bound.

    `jobs` (A, K) are the jobs that have a distribution.
    """

    log_wage: Floats
    bound: Floats
    jobs: Floats

    def is_lower_bound(self) -> Bools:
        """Which percentiles are only known as at least this much (A, K, 5)."""
        return self.log_wage >= self.bound[:, :, None]


@dataclass(frozen=True)
class Pool:
    """The areas (rows) that a result is pooled from, with the share of each one's jobs that counts."""

    areas: Ints
    shares: Floats


def each_area(areas: int) -> list[Pool]:
    """Every area by itself."""
    return [Pool(np.array([area]), np.ones(1)) for area in range(areas)]


def percentiles(
    found: Distributions, jobs: Floats, members: Members, pools: Sequence[Pool], shares: Floats = POINTS[KNOTS]
) -> Percentiles:
    """Percentiles of each group's jobs in each pool of areas: the mix of its members, each by its share of the jobs.

    `jobs` is (A, D). One pool at a time: its members' weights times the occupations' cumulative distributions.
    """
    result = np.full((len(pools), members.groups, len(shares)), np.nan)
    bound = np.full((len(pools), members.groups), np.inf)
    counted = np.zeros((len(pools), members.groups))
    for number, pool in enumerate(pools):
        row = found.row[pool.areas][:, members.occupation]
        weight = members.weight * jobs[pool.areas][:, members.occupation] * pool.shares[:, None]
        group = np.broadcast_to(members.group, row.shape)
        has_jobs = (row >= 0) & (weight > 0)
        row, weight, group = row[has_jobs], weight[has_jobs], group[has_jobs]
        result[number] = mixed(found.points, Parts(row, weight, group, members.groups), shares)
        np.minimum.at(bound[number], group, found.bound[row])
        counted[number] = sum_by(group, weight, members.groups)
    # at the step of top-coded jobs the grid reads the bound itself to its own precision only
    at_bound = np.abs(result - bound[:, :, None]) <= FINE
    found_at = np.where(at_bound, bound[:, :, None], result)
    return Percentiles(found.scale.back(found_at), found.scale.back(bound), counted)


@dataclass(frozen=True)
class Means:
    """Mean wages in dollars of all cells (A, D), estimated where `is_modelled`; NaN where no parent has one.

    `is_lower_bound` where the mean, or the parent's that it was estimated from, is top-coded.
    """

    usd: Floats
    is_modelled: Bools
    is_lower_bound: Bools


def mean_wages(published: Floats, is_top_coded: Bools, cells: WageCells) -> Means:
    """Mean wages (A, D) with those that are not published: the parent's, times the area's mean ratio to it.

    The ratio is that of the major group, as for the percentiles. A top-coded mean counts with its least value.
    """
    usd, is_lower_bound, is_modelled = published.copy(), is_top_coded.copy(), np.isnan(published)
    groups = cells.group_total.shape[1]
    for tier in (1, 2):
        for area in np.flatnonzero(cells.tier == tier):
            parent = cells.parent[area]
            above = usd[parent]
            both = ~is_modelled[area] & ~np.isnan(above) & (cells.jobs[area] > 0)
            ratios = log(published[area][both] / above[both])
            mean = mean_log_ratio(ratios, cells.jobs[area][both], cells.group[both], groups)
            filled = np.round(above * np.exp(mean[cells.group]), MEAN_DECIMALS)
            usd[area] = np.where(is_modelled[area], filled, usd[area])
            is_lower_bound[area] |= is_modelled[area] & is_lower_bound[parent]
    return Means(usd, is_modelled, is_lower_bound)
