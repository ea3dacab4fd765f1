"""Jobs of withheld QCEW cells: what published cells leave, split by establishments times jobs per establishment.

A cell is an industry of an area under one owner. A withheld cell is the sum of the published cells below it and of its
withheld finest industries, so only those are estimated. The finest industries below the same published cell, with
nothing but withheld cells between, are a block. What the published cell does not show is the block's:

    left  = jobs of the published cell - jobs of the nearest published cells below it
    prior = max(establishments, 1/4) * max(jobs per establishment of the industry elsewhere, 0.1)

Raking (iterative proportional fitting) starts from the prior and multiplies in turn

    over an industry of all areas of a parent:  jobs * target / sum of jobs over the parent's areas
    over a block of an area:                    jobs * left / sum of jobs over the block

The target is the parent's jobs in the industry, published or estimated, less those that its areas publish; if they are
not all of the parent, their part of it by establishments, and none where they hold under nine tenths. The block comes
last, so that the industries of an area add up to their published cell exactly, and an estimate lies within the bounds
of core.qcew_cell; industries add up over areas as far as both can hold. A block without a published cell above it
keeps to targets only; without those either, the estimate is missing.

Jobs per establishment elsewhere are the parent's, or those of all areas together, weighted with 20 establishments at
the rate of the industry one level up. Units: jobs and establishments, annual averages. Source: BLS QCEW. Limits: a
publisher withholds where one employer dominates, which establishments do not show, so a single cell of three
establishments errs by half or more; estimates stand only in sums.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.estimation.arrays import Bools, Floats, Ints, ratio, sum_by

#: A quarter of a year with one establishment; an average may be rounded to none.
FEWEST_ESTABLISHMENTS = 0.25
FEWEST_JOBS = 0.1
#: Jobs per establishment of all industries where nothing is published, near the nation's average.
USUAL_JOBS = 10.0
#: Establishments for which the rate of the industry one level up counts.
SHRINKAGE = 20.0
#: Share of a parent's establishments from which its jobs are a target for its areas.
WHOLE = 0.9
ROUNDS = 20
#: A cell keeps this part of its prior when a target leaves it nothing, so that its block can still be filled.
LEAST_PART = 1e-6
#: Estimates are rounded to this many decimals of a job.
DECIMALS = 6


@dataclass(frozen=True)
class Cells:
    """N cells of the areas of one parent and year; `employment` is NaN where withheld.

    `area` and `industry` are numbers from 0; an industry under another owner is another industry. `parent` is the row
    of the industry one level up in the same area under the same owner, -1 at the top. `depth` is 0 at the top.
    """

    area: Ints
    industry: Ints
    parent: Ints
    depth: Ints
    establishments: Floats
    employment: Floats

    @property
    def is_withheld(self) -> Bools:
        """Which cells the publisher withholds."""
        return np.isnan(self.employment)

    @property
    def is_finest(self) -> Bools:
        """Which cells have no cells below them."""
        below = np.bincount(self.parent[self.parent >= 0], minlength=len(self.parent))
        finest: Bools = below == 0
        return finest


@dataclass(frozen=True)
class Parent:
    """Jobs (NaN where unknown), establishments and jobs per establishment of each industry in the areas' parent."""

    employment: Floats
    establishments: Floats
    rate: Floats


def nearest_published(cells: Cells) -> Ints:
    """The row of the nearest published cell above each cell, through withheld ones; -1 where there is none."""
    above = cells.parent
    for _ in range(int(cells.depth.max(initial=0))):
        climbs = (above >= 0) & cells.is_withheld[above]
        above = np.where(climbs, cells.parent[above], above)
    return above


def not_shown(cells: Cells, above: Ints) -> Floats:
    """Jobs of each published cell that the nearest published cells below it do not show; never below 0."""
    shown = (above >= 0) & ~cells.is_withheld
    below = sum_by(above[shown], cells.employment[shown], len(above))
    left: Floats = np.clip(np.nan_to_num(cells.employment) - below, 0.0, None)
    return left


def add_up(cells: Cells, finest: Floats) -> Floats:
    """Jobs of all cells: published ones as they are, withheld ones the sum of the cells below them.

    `finest` (N,) gives the jobs of withheld finest industries; where one is NaN, so are the withheld cells above it.
    """
    jobs = np.where(cells.is_withheld, finest, cells.employment)
    inner = cells.is_withheld & ~cells.is_finest
    for depth in range(int(cells.depth.max(initial=0)), 0, -1):
        rows = np.flatnonzero((cells.depth == depth) & (cells.parent >= 0))
        sums = sum_by(cells.parent[rows], jobs[rows], len(jobs))
        jobs = np.where(inner & (cells.depth == depth - 1), sums, jobs)
    return jobs


def bounds(cells: Cells) -> tuple[Floats, Floats]:
    """The fewest and the most jobs of each cell, as core.qcew_cell has them; no upper bound is NaN."""
    above = nearest_published(cells)
    low = add_up(cells, np.zeros(len(above)))
    room = np.where(above >= 0, not_shown(cells, above)[above], np.nan)
    return low, low + np.where(cells.is_withheld, room, 0.0)


def rates(cells: Cells, upper: Ints) -> Floats:
    """Jobs per establishment of each industry over the published cells, drawn to the industry one level up.

    `upper` has the industry one level up for each industry, -1 at the top.
    """
    industries = len(upper)
    shown = ~cells.is_withheld
    jobs = sum_by(cells.industry[shown], cells.employment[shown], industries)
    establishments = sum_by(cells.industry[shown], cells.establishments[shown], industries)
    rate = np.full(industries, USUAL_JOBS)
    rows = np.flatnonzero(upper < 0)
    while rows.size:
        usual = np.where(upper[rows] < 0, USUAL_JOBS, rate[upper[rows]])
        rate[rows] = (jobs[rows] + SHRINKAGE * usual) / (establishments[rows] + SHRINKAGE)
        rows = np.flatnonzero(np.isin(upper, rows))
    return rate


def targets(cells: Cells, parent: Parent, counted: Bools) -> Floats:
    """Jobs that the withheld cells of each industry have together by the parent's figures; NaN where unknown.

    `counted` says which cells belong to areas that make up the parent.
    """
    size = len(parent.employment)
    shown, held = counted & ~cells.is_withheld, counted & cells.is_withheld
    jobs = parent.employment - sum_by(cells.industry[shown], cells.employment[shown], size)
    establishments = parent.establishments - sum_by(cells.industry[shown], cells.establishments[shown], size)
    mine = sum_by(cells.industry[held], cells.establishments[held], size)
    part = np.where(establishments > mine, ratio(mine, establishments), 1.0)
    every = sum_by(cells.industry[counted], cells.establishments[counted], size)
    return np.where(every >= WHOLE * parent.establishments, np.clip(jobs, 0.0, None) * part, np.nan)


def rake(prior: Floats, block: Ints, left: Floats, column: Ints, target: Floats) -> Floats:
    """Fit `prior` (M,) to the sums `left` of blocks and `target` of columns; -1 and NaN have no sum to fit.

    Blocks are met exactly, columns as far as blocks allow. Where neither is known the result is NaN.
    """
    in_block, in_column = block >= 0, (column >= 0) & ~np.isnan(target)[column]
    least, jobs = LEAST_PART * prior, prior
    goal = np.nan_to_num(target)
    for _ in range(ROUNDS if in_column.any() else 1):
        if in_column.any():
            sums = sum_by(column[in_column], jobs[in_column], len(target))
            jobs = np.where(in_column, np.maximum(jobs * ratio(goal, sums)[column], least), jobs)
        sums = sum_by(block[in_block], jobs[in_block], len(left))
        jobs = np.where(in_block, jobs * ratio(left, sums)[block], jobs)
    return np.where(in_block | in_column, jobs, np.nan)


def fill(cells: Cells, parent: Parent, counted: Bools) -> Floats:
    """Jobs of all cells (N,), published or estimated; NaN where nothing says how many.

    `counted` says which cells belong to areas that make up the parent; the others take only its rates.
    """
    above = nearest_published(cells)
    rows = np.flatnonzero(cells.is_withheld & cells.is_finest)
    industry = cells.industry[rows]
    establishments = np.maximum(cells.establishments[rows], FEWEST_ESTABLISHMENTS)
    prior = establishments * np.maximum(parent.rate[industry], FEWEST_JOBS)
    column = np.where(counted[rows], industry, -1)
    target = targets(cells, parent, counted)
    finest = np.full(len(above), np.nan)
    finest[rows] = np.round(rake(prior, above[rows], not_shown(cells, above), column, target), DECIMALS)
    return add_up(cells, finest)


def as_parent(industry: Ints, jobs: Floats, establishments: Floats, usual: Floats) -> Parent:
    """Filled cells of one area as the parent of others, with `usual` rates for industries that it lacks."""
    size = len(usual)
    every_job, every_establishment = np.full(size, np.nan), np.zeros(size)
    every_job[industry], every_establishment[industry] = jobs, establishments
    is_known = (every_establishment > 0) & ~np.isnan(every_job)
    rate = np.where(is_known, ratio(np.nan_to_num(every_job), every_establishment), usual)
    return Parent(every_job, every_establishment, rate)


def without_parent(cells: Cells, upper: Ints) -> Parent:
    """In place of a parent that has no figures: only the jobs per establishment of all areas together."""
    size = len(upper)
    return Parent(np.full(size, np.nan), np.zeros(size), rates(cells, upper))
