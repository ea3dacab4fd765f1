"""One trial of the estimates: hide published cells, estimate all, and hold groups' jobs against the truth."""

from dataclasses import dataclass, replace

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


def hide_and_estimate(
    cells: Cells, alike: Floats, rse: Floats, *, first: Estimate, rows: Ints, keys: Keys, seed: int
) -> Trial:
    """Hide cells of the areas `rows` and estimate them again; `first` is the estimate from all published cells.

    Only these areas lose cells: their parents stay as published, as they do for the publisher's own cells.
    """
    published = ~np.isnan(cells.employment)
    gone = np.zeros_like(published)
    numbers = uniform(keys.area[rows], keys.occupation, seed)
    gone[rows] = hidden(probabilities(first.expected[rows], published[rows]), published[rows], numbers)
    again = estimate(replace(cells, employment=np.where(gone, np.nan, cells.employment)), alike)
    return Trial(
        jobs=np.where(published, again.employment, 0.0)[rows],
        truth=np.nan_to_num(cells.employment)[rows],
        is_hidden=gone[rows],
        rse=rse[rows],
    )
