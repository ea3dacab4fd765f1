"""The scale of wages on which jobs are spread evenly: log wages, stretched where many earn and drawn in where few do.

The publisher's wages crowd at the same places in every occupation and area, a ratio of about 1.27 apart. That is the
width of the intervals in which it collects wages: in the middle of one are up to 1.5 times the usual jobs, between two
0.6 times (OEWS May 2025). All published percentiles of occupations together show it: where jobs crowd, so do they.

    weight of a step = (percentiles in it + 100) / (their moving average over two intervals + 100), 0.25 to 4

A step is 1 percent of the wage. The moving average runs over 24 steps, twice, which takes the crowding out and leaves
the usual density. On the scale a step is as long as its weight; the whole keeps its length. The added 100 keep steps of
few percentiles at about 1. Percentiles of groups never enter: groups that are left out stay unseen.

Units: natural log of US dollars a year. Source: OEWS percentiles of occupations. Limits: one scale for all areas and
occupations.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.estimation.arrays import Bools, Floats
from pipelines.estimation.distribution import LOWEST, RANGE

#: Steps of log wage, and how many there are.
STEP = 0.01
STEPS = round(RANGE / STEP)
LINES: Floats = LOWEST + STEP * np.arange(STEPS + 1, dtype=np.float64)
#: Steps of one interval of the publisher.
INTERVAL = 24
#: Percentiles that are added to each step's.
USUAL = 100.0
LEAST, MOST = 0.25, 4.0


@dataclass(frozen=True)
class Scale:
    """Where each of `LINES` stands on the scale (577,), rising."""

    at: Floats

    def to(self, log_wage: Floats) -> Floats:
        """Log wages on the scale; NaN and what lies outside the lines stay as they are."""
        return _moved(log_wage, LINES, self.at)

    def back(self, place: Floats) -> Floats:
        """Places on the scale as log wages."""
        return _moved(place, self.at, LINES)


def _moved(values: Floats, start: Floats, end: Floats) -> Floats:
    outside: Bools = ~((values >= start[0]) & (values <= start[-1]))
    return np.where(outside, values, np.interp(values, start, end))


def _moving(counts: Floats) -> Floats:
    """Sums of 24 neighbours; at the ends the last count goes on. Counts are whole, so that sums are exact."""
    whole = np.cumsum(np.pad(counts, (INTERVAL // 2 + 1, INTERVAL - 1 - INTERVAL // 2), mode="edge"))
    return whole[INTERVAL:] - whole[:-INTERVAL]


def wage_scale(knots: Floats, bound: Floats) -> Scale:
    """The scale from the log P10 to P90 of all occupations (..., 5), NaN where not published, below their `bound`."""
    known = knots[knots < bound[..., None]]
    step = np.clip(np.floor((known - LOWEST) / STEP).astype(np.int64), 0, STEPS - 1)
    counts = np.bincount(step, minlength=STEPS).astype(np.float64)
    usual = _moving(_moving(counts)[::-1])[::-1] / INTERVAL**2
    weight = np.clip((counts + USUAL) / (usual + USUAL), LEAST, MOST)
    length = np.concatenate([np.zeros(1), np.cumsum(weight)])
    return Scale(LOWEST + length * (RANGE / length[-1]))
