"""Shapes, mixes, templates and raking, against cases worked out by hand and what must hold for any wages."""

import math
from statistics import NormalDist

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.estimation.distribution import KNOTS, POINTS, Parts, base_shape, mixed
from pipelines.estimation.raking import Rows, rake, share_below
from pipelines.estimation.template import carry, mean_log_ratio

SHARES = np.array([0.10, 0.25, 0.50, 0.75, 0.90])
Z = np.array([NormalDist().inv_cdf(share) for share in SHARES])


def _lognormal(median: float, sigma: float) -> np.ndarray:
    return base_shape((math.log(median) + sigma * Z)[None, :])


def test_published_percentiles_are_nodes() -> None:
    np.testing.assert_allclose(POINTS[KNOTS], SHARES)


def test_the_base_shape_of_a_lognormal_is_the_lognormal() -> None:
    # the 97.5th percentile of a normal is 1.959964 standard deviations above its mean
    shape = _lognormal(50000.0, 0.4)[0]
    assert math.isclose(shape[np.flatnonzero(POINTS == 0.975)[0]], math.log(50000.0) + 0.4 * 1.959964, abs_tol=1e-6)


def test_a_mix_of_one_is_itself() -> None:
    shape = _lognormal(60000.0, 0.3)
    read = mixed(shape, Parts(np.array([0]), np.array([120.0]), np.array([0]), 1), SHARES)
    np.testing.assert_allclose(read[0], shape[0, KNOTS], atol=1e-3)


def test_two_equal_halves_that_do_not_overlap() -> None:
    # all jobs of the first lie below all of the second: a quarter of the mix is the first's median
    shapes = np.concatenate([_lognormal(20000.0, 0.05), _lognormal(200000.0, 0.05)])
    read = mixed(shapes, Parts(np.array([0, 1]), np.array([10.0, 10.0]), np.array([1, 1]), 2), SHARES)
    assert np.isnan(read[0]).all()
    np.testing.assert_allclose(np.exp(read[1, [1, 3]]), [20000.0, 200000.0], rtol=1e-3)


def test_one_distribution_may_stand_in_several_mixes() -> None:
    # the second stands alone, without jobs, and as nine jobs to one of the first, all of which lie below it
    shapes = np.concatenate([_lognormal(20000.0, 0.05), _lognormal(200000.0, 0.05)])
    row, group = np.array([1, 1, 0, 1]), np.array([0, 1, 2, 2])
    parts = Parts(row, np.array([3.0, 0.0, 1.0, 9.0]), group, 3)
    read = np.exp(mixed(shapes, parts, np.array([0.05, 0.55, 0.5])))
    np.testing.assert_allclose(read[0, 2], 200000.0, rtol=1e-3)
    assert np.isnan(read[1]).all()
    np.testing.assert_allclose(read[2, :2], [20000.0, 200000.0], rtol=1e-3)


def test_mixes_are_the_same_one_by_one_and_in_many_blocks() -> None:
    rng = np.random.default_rng(5)
    shapes = base_shape(rng.normal(10.8, 0.3, (3000, 1)) + rng.uniform(0.1, 0.5, (3000, 1)) * Z)
    row, jobs, group = rng.integers(0, 3000, 30000), rng.uniform(1, 1000, 30000), rng.integers(0, 400, 30000)
    together = mixed(shapes, Parts(row, jobs, group, 400), SHARES)
    for one in (0, 17, 399):
        mine = group == one
        parts = Parts(row[mine], jobs[mine], np.zeros(int(mine.sum()), dtype=np.int64), 1)
        alone = mixed(shapes, parts, SHARES)
        np.testing.assert_array_equal(alone[0], together[one])
        # half of the jobs lie below the median, counted at each member's own distribution
        below = share_below(shapes[row[mine]], np.full((int(mine.sum()), 1), alone[0, 2]))[:, 0]
        assert math.isclose((below * jobs[mine]).sum() / jobs[mine].sum(), 0.5, abs_tol=1e-4)


def test_equal_percentiles_make_a_step() -> None:
    knots = np.log(np.array([[30000.0, 30000.0, 30000.0, 40000.0, 50000.0]]))
    read = mixed(base_shape(knots), Parts(np.array([0]), np.array([5.0]), np.array([0]), 1), SHARES)
    np.testing.assert_allclose(np.exp(read[0]), [30000, 30000, 30000, 40000, 50000], rtol=2e-3)


def test_a_carried_template_holds_the_own_percentiles_and_keeps_places() -> None:
    template = _lognormal(50000.0, 0.4)
    template[0, 15:19] = template[0, 14] + 0.9 * (template[0, 19] - template[0, 14])
    knots = np.log(np.array([[20000.0, 30000.0, 40000.0, 80000.0, 90000.0]]))
    carried = carry(template, knots)
    np.testing.assert_array_equal(carried[0, KNOTS], knots[0])
    # nine tenths of the way from P50 to P75 stay nine tenths
    np.testing.assert_allclose(carried[0, 15:19], math.log(40000) + 0.9 * math.log(2.0))
    # the tail above P90 is stretched like P75 to P90: ln(90 / 80) over what it was
    stretch = math.log(9 / 8) / (template[0, 23] - template[0, 19])
    np.testing.assert_allclose(carried[0, 28] - knots[0, 4], stretch * (template[0, 28] - template[0, 23]))


def test_mean_ratio_is_drawn_to_the_area() -> None:
    # roots of jobs 100 and 300, ratios 0.1 and 0.3: overall 0.25; (10 + 15) / 160 and (90 + 15) / 360
    found = mean_log_ratio(np.array([0.1, 0.3]), np.array([1e4, 9e4]), np.array([0, 1]), 3)
    np.testing.assert_allclose(found, [0.15625, 0.2916667, 0.25], atol=1e-6)


def test_share_below_a_wage() -> None:
    shape = _lognormal(50000.0, 0.4)
    wages = np.array([[shape[0, 9], (shape[0, 14] + shape[0, 15]) / 2, 0.0, 99.0]])
    np.testing.assert_allclose(share_below(shape, wages), [[0.25, 0.525, 0.0, 1.0]])


def _rows(shapes: np.ndarray, jobs: list[float], residual: list[bool]) -> Rows:
    count = len(jobs)
    nothing = np.zeros(count, dtype=np.int64)
    return Rows(shapes, np.array(jobs), nothing, nothing, np.array(residual))


def test_a_residual_row_takes_the_rest() -> None:
    # a group of 100 jobs: 50 known ones earn 40,000 to 41,000, and half the group earns less than 30,000
    known = base_shape(np.log(np.array([[40000.0, 40250.0, 40500.0, 40750.0, 41000.0]])))
    group = np.log(np.array([[20000.0, 25000.0, 30000.0, 40500.0, 42000.0]]))
    rows = _rows(np.concatenate([known, base_shape(group)]), [50.0, 50.0], [False, True])
    after = rake(rows, group, np.full((1, 5), math.nan), 12)
    np.testing.assert_allclose(after[0, KNOTS], known[0, KNOTS])
    assert math.exp(after[1, KNOTS[2]]) < 27000


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_raking_keeps_own_percentiles_and_comes_nearer_to_the_groups(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = 6
    knots = np.sort(rng.normal(10.8, 0.3, (count, 1)) + rng.uniform(0.2, 0.5, (count, 1)) * Z, axis=1)
    shapes, jobs = base_shape(knots), rng.uniform(10, 1000, count)
    parts = Parts(np.arange(count), jobs, np.zeros(count, dtype=np.int64), 1)
    before = mixed(shapes, parts, SHARES)
    # what the group publishes differs a little from the mix
    group = np.sort(before + rng.normal(0, 0.01, (1, 5)), axis=1)
    after = rake(_rows(shapes, list(jobs), [False] * count), group, np.full((1, 5), math.nan), 12)
    np.testing.assert_allclose(after[:, KNOTS], knots, atol=1e-9)
    assert (np.diff(after, axis=1) >= 0).all()
    read = mixed(after, parts, SHARES)
    # jobs come nearer; where the mix is near already, a log wage may move by a third of a bin
    assert np.abs(read - group).mean() <= np.abs(before - group).mean() + 3e-3
