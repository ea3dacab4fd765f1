"""One trial of the estimates: hide published cells, estimate all, and hold groups' jobs against the truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.estimation.arrays import Bools, Floats, Ints, Words, ratio
from pipelines.estimation.hiding import hidden, probabilities, uniform
from pipelines.estimation.interval import Spread, spread
from pipelines.estimation.members import Members
from pipelines.estimation.withheld import Cells, Estimate, estimate


@dataclass(frozen=True)
class Trial:
    """Cells of some areas after hiding: jobs (R, D) estimated and true, both 0 where the publisher withholds."""

    jobs: Floats
    truth: Floats
    is_hidden: Bools
    rse: Floats

    def groups(self, members: Members) -> "Outcome":
        """Jobs of groups, estimated and true, with the variances of their interval and the percent still published."""
        jobs, published = members.sum(self.jobs), members.sum(np.where(self.is_hidden, 0.0, self.jobs))
        return Outcome(
            jobs,
            members.sum(self.truth),
            spread(self.jobs, self.is_hidden, self.rse, members),
            100.0 * ratio(published, jobs),
        )


@dataclass(frozen=True)
class Outcome:
    """Groups' jobs in areas (R, K), estimated and true; `coverage_pct` is the published percent of the estimate."""

    estimate: Floats
    truth: Floats
    parts: Spread
    coverage_pct: Floats


@dataclass(frozen=True)
class Keys:
    """A word for each area and occupation that its random numbers come from."""

    area: Words
    occupation: Words


def _relatives(parent: Ints, rows: Ints) -> Ints:
    """The rows, the other areas of their parents and all areas that they are estimated from, in order."""
    needed = np.isin(parent, parent[rows])
    while rows.size:
        needed[rows] = True
        rows = parent[rows]
        rows = rows[rows >= 0]
    return np.flatnonzero(needed)


def hide_and_estimate(
    cells: Cells, alike: Floats, rse: Floats, *, first: Estimate, kinds: Sequence[Ints], keys: Keys, seed: int
) -> list[Trial]:
    """Hide cells of areas and estimate them again, a trial for each of the `kinds` of areas (their rows).

    `first` is the estimate from all published cells. Each kind is hidden by its own pattern, all are estimated
    together. Only they lose cells: their parents stay as published, as they do for the publisher's own cells.
    """
    published = ~np.isnan(cells.employment)
    gone = np.zeros_like(published)
    for rows in kinds:
        numbers = uniform(keys.area[rows], keys.occupation, seed)
        gone[rows] = hidden(probabilities(first.expected[rows], published[rows]), published[rows], numbers)
    needed = _relatives(cells.parent, np.concatenate(kinds))
    above = cells.parent[needed]
    employment = np.where(gone, np.nan, cells.employment)[needed]
    parent = np.where(above < 0, -1, np.searchsorted(needed, above))
    some = Cells(employment, cells.group_total[needed], cells.total[needed], parent, cells.group)
    jobs, truth = np.zeros_like(cells.employment), np.nan_to_num(cells.employment)
    jobs[needed] = np.where(published[needed], estimate(some, alike).employment, 0.0)
    return [Trial(jobs[rows], truth[rows], gone[rows], rse[rows]) for rows in kinds]
