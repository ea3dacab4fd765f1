"""Hiding cells, the interval of an estimate and how often it holds, against cases worked out by hand."""

import math

import numpy as np
import pytest

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.estimation.hiding import hidden, probabilities, uniform, words
from pipelines.estimation.interval import SAMPLING_DIVISOR, Spread, Z, fit_constant, fitted_on, held, spread
from pipelines.estimation.members import Members
from pipelines.estimation.trial import Keys, hide_and_estimate
from pipelines.estimation.withheld import Cells, estimate
from pipelines.paths import REFERENCE
from pipelines.tables import TableName

KEYS = np.array([11, 22, 33], dtype=np.uint64)


def test_the_rate_of_a_size_class_and_an_occupation() -> None:
    # size 5 to 10: three cells, two withheld; 100 to 150: three, none
    expected = np.array([[6.0, 100.0], [7.0, 120.0], [8.0, 140.0]])
    published = np.array([[False, True], [False, True], [True, True]])
    # the first occupation's own rate: (2 + 5) / (3 * 2/3 + 5) = 1
    np.testing.assert_allclose(probabilities(expected, published), [[2 / 3, 0.0], [2 / 3, 0.0], [2 / 3, 0.0]])


def test_cells_that_no_parent_has_are_never_hidden() -> None:
    assert probabilities(np.zeros((2, 1)), np.array([[False], [True]])).sum() == 0


def test_numbers_depend_on_keys_and_seed_only() -> None:
    numbers = uniform(KEYS, KEYS, 1)
    np.testing.assert_array_equal(uniform(KEYS[::-1], KEYS[1:], 1), numbers[::-1, 1:])
    assert (uniform(KEYS, KEYS, 2) != numbers).all()
    assert len(np.unique(numbers)) == 9


def test_numbers_are_uniform() -> None:
    keys = np.arange(1000, dtype=np.uint64)
    numbers = uniform(keys[:300], keys, 7)
    assert 0 <= numbers.min() < numbers.max() < 1
    # 300,000 numbers: a tenth lies within five standard errors of 0.1
    shares = np.histogram(numbers, bins=10, range=(0, 1))[0] / numbers.size
    np.testing.assert_allclose(shares, 0.1, atol=5 * math.sqrt(0.09 / numbers.size))
    assert np.abs(np.corrcoef(numbers[:20])[np.triu_indices(20, 1)]).max() < 0.15


def test_only_published_cells_are_hidden() -> None:
    gone = hidden(np.array([[0.5, 0.5, 0.5]]), np.array([[True, True, False]]), np.array([[0.4, 0.6, 0.1]]))
    np.testing.assert_array_equal(gone, [[True, False, False]])


def test_variances_by_hand() -> None:
    members = Members(np.array([0, 1, 1]), np.array([0, 0, 1]), np.array([1.0, 0.5, 0.5]), 2)
    # published 1,000 jobs at 10 percent: (1 * 100)^2; estimated 100 jobs: 0.5^2 * 1000, and together 50 of 1,050 jobs:
    # 50^2 * 50 / 1,050; in the second group 50 of 50
    jobs, is_modelled, rse = np.array([[1000.0, 100.0]]), np.array([[False, True]]), np.array([[0.1, math.nan]])
    found = spread(jobs, is_modelled, rse, members)
    np.testing.assert_allclose(found.sampling, [[10000.0, 0.0]])
    np.testing.assert_allclose(found.modelling, [[250.0 + 125000.0 / 1050.0, 250.0 + 2500.0]])
    by_hand = math.sqrt((1.645 / 1.1 * 100) ** 2 + 9 * (250 + 125000 / 1050))
    np.testing.assert_allclose(found.half_width(3.0)[0, 0], by_hand)


def test_a_missing_error_is_not_an_error_of_zero() -> None:
    members = Members(np.array([0]), np.array([0]), np.array([1.0]), 1)
    found = spread(np.array([[10.0]]), np.array([[False]]), np.array([[math.nan]]), members)
    assert math.isnan(found.half_width(1.0)[0, 0])


def test_the_constant_is_the_smallest_that_holds_enough() -> None:
    # twenty groups miss by 1 to 20 with a modelling variance of 4: c is needed from 0.5 to 10; 17 of 20 hold at 8.5
    truth = np.full((1, 20), 100.0)
    estimate = truth + np.arange(1.0, 21.0)
    parts = Spread(np.zeros((1, 20)), np.full((1, 20), 4.0))
    everyone = np.ones((1, 20), dtype=bool)
    assert fit_constant(estimate, truth, parts, everyone) == pytest.approx(8.5)
    # of the first five, 85 percent are five
    assert fit_constant(estimate, truth, parts, truth > estimate - 5.5) == pytest.approx(2.5)
    assert fit_constant(estimate, truth, parts, ~everyone) == 0.0
    found = held(estimate, truth, parts.half_width(8.5), np.zeros((1, 20), dtype=np.int64), 2)
    assert (found[0].groups, found[0].held_pct) == (20, 85.0)
    assert found[1].groups == 0
    assert math.isnan(found[1].held_pct)


def test_what_sampling_alone_covers_needs_no_constant() -> None:
    parts = Spread(np.full((1, 2), 100.0), np.full((1, 2), 1.0))
    everyone = np.ones((1, 2), dtype=bool)
    assert fit_constant(np.array([[101.0, 99.0]]), np.full((1, 2), 100.0), parts, everyone) == 0.0


def test_the_constant_is_fitted_where_something_is_estimated() -> None:
    # not the group of which 95 percent is published, nor the one without an error, nor the one without jobs
    parts = Spread(np.array([[1.0, 1.0, math.nan, 1.0]]), np.ones((1, 4)))
    chosen = fitted_on(np.array([[10.0, 10.0, 10.0, 0.0]]), parts, np.array([[94.9, 95.0, 50.0, 50.0]]))
    np.testing.assert_array_equal(chosen, [[True, False, False, False]])


def test_a_trial_estimates_like_a_release_without_the_hidden_cells() -> None:
    # one state; only the first two of its three areas lose cells, the third tells what the state leaves for them
    rng = np.random.default_rng(7)
    areas = np.round(rng.lognormal(4.0, 1.0, (3, 8)))
    truth = np.concatenate([[areas.sum(axis=0)], [areas.sum(axis=0)], areas])
    employment = truth.copy()
    employment[2:] = np.where(rng.random((3, 8)) < 0.3, np.nan, areas)
    group = np.zeros(8, dtype=np.int64)
    cells = Cells(employment, truth.sum(axis=1)[:, None], truth.sum(axis=1), np.array([-1, 0, 1, 1, 1]), group)
    rows, alike = np.array([2, 3]), np.eye(8)
    keys = Keys(words(["US", "OH", "a", "b", "c"]), words([str(number) for number in range(8)]))
    first = estimate(cells, alike)
    [trial] = hide_and_estimate(cells, alike, truth * 0.0, first=first, kinds=[rows], keys=keys, seed=2)
    assert trial.is_hidden.any()
    employment = employment.copy()
    employment[rows] = np.where(trial.is_hidden, np.nan, employment[rows])
    without = Cells(employment, cells.group_total, cells.total, cells.parent, group)
    published = trial.truth > 0
    np.testing.assert_array_equal(trial.jobs[published], estimate(without, alike).employment[rows][published])


def test_the_interval_is_fitted_with_the_factors_that_published_intervals_have() -> None:
    table = contracts()[TableName("reference", "method_parameter")]
    value = dict(read_csv(table, REFERENCE).select("parameter", "value").iter_rows())
    assert (value["interval_z"], value["sampling_divisor"]) == (Z, SAMPLING_DIVISOR)
