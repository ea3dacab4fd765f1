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
    """Hide cells of the areas of each kind and estimate all again; a trial for each kind.

    `kinds` are the areas' rows; each kind loses cells by its own pattern. `first` is the estimate from all published
    cells. Areas of no kind lose nothing: parents stay as published, as they do for the publisher's own cells.
    """
    hiding = []
    employment = cells.employment.copy()
    for rows in kinds:
        published = ~np.isnan(cells.employment[rows])
        numbers = uniform(keys.area[rows], keys.occupation, seed)
        gone = hidden(probabilities(first.expected[rows], published), published, numbers)
        employment[rows] = np.where(gone, np.nan, cells.employment[rows])
        hiding.append(gone)
    needed = _relatives(cells.parent, np.concatenate(kinds))
    above = cells.parent[needed]
    parent = np.where(above < 0, -1, np.searchsorted(needed, above))
    some = Cells(employment[needed], cells.group_total[needed], cells.total[needed], parent, cells.group)
    again = estimate(some, alike).employment
    trials = []
    for rows, gone in zip(kinds, hiding, strict=True):
        truth = np.nan_to_num(cells.employment[rows])
        jobs = np.where(np.isnan(cells.employment[rows]), 0.0, again[np.searchsorted(needed, rows)])
        trials.append(Trial(jobs=jobs, truth=truth, is_hidden=gone, rse=rse[rows]))
    return trials
