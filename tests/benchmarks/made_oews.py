"""OEWS as arrays, made up: areas with sums that add up, withheld small cells, and percentiles of lognormal wages."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from pipelines.estimation.arrays import Floats, Ints
from pipelines.estimation.withheld import Cells

Z = np.array([NormalDist().inv_cdf(share) for share in (0.10, 0.25, 0.50, 0.75, 0.90)])


@dataclass(frozen=True)
class Made:
    """Cells, with the arrays that wages need beside them."""

    cells: Cells
    truth: Floats
    knots: Floats
    group_knots: Floats
    total_knots: Floats
    tier: Ints
    staffing: Floats


def _percentiles(jobs: Floats, centre: Floats, spread: Floats) -> Floats:
    """Log P10 to P90 of all jobs of each area (A, 5): of 99 jobs at even shares for each occupation."""
    scores = np.array([NormalDist().inv_cdf(share / 100) for share in range(1, 100)])
    result = []
    for area in range(len(jobs)):
        wages = (centre[area][:, None] + spread[area][:, None] * scores).ravel()
        order = np.argsort(wages, kind="stable")
        share = np.cumsum(np.repeat(jobs[area], len(scores))[order])
        result.append(np.interp(np.array([0.10, 0.25, 0.50, 0.75, 0.90]) * share[-1], share, wages[order]))
    return np.array(result)


def make(states: int, areas: int, occupations: int, groups: int, seed: int = 1) -> Made:
    """The nation, `states` states and `areas` metro areas of each."""
    rng = np.random.default_rng(seed)
    group = np.sort(np.arange(occupations) % groups)
    staffing = rng.gamma(0.3, 1000.0, (occupations, 40))
    size = rng.lognormal(4.0, 1.5, occupations)
    leaf = np.round(size * rng.lognormal(0.0, 0.5, (states * areas, occupations)) / 10) * 10
    state = leaf.reshape(states, areas, occupations).sum(axis=1)
    truth = np.concatenate([state.sum(axis=0, keepdims=True), state, leaf])
    parent = np.concatenate([[-1], np.zeros(states), 1 + np.repeat(np.arange(states), areas)]).astype(np.int64)
    level = np.concatenate([[0], np.ones(states), np.full(states * areas, 2)]).astype(np.int64)
    shown = (truth >= 30) & (rng.random(truth.shape) < 0.95) | (level == 0)[:, None]
    group_total = np.stack([truth[:, group == one].sum(axis=1) for one in range(groups)], axis=1)
    centre = rng.normal(10.9, 0.4, occupations) + rng.normal(0.0, 0.1, truth.shape)
    spread = rng.uniform(0.2, 0.5, truth.shape)
    inside = [group == one for one in range(groups)]
    return Made(
        Cells(np.where(shown, truth, np.nan), group_total, truth.sum(axis=1), parent, group),
        truth,
        np.where(shown[:, :, None], centre[:, :, None] + spread[:, :, None] * Z, np.nan),
        np.stack([_percentiles(truth[:, one], centre[:, one], spread[:, one]) for one in inside], axis=1),
        _percentiles(truth, centre, spread),
        level,
        staffing,
    )
