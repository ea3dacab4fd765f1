"""The scale of wages: even where percentiles are, long where they crowd, from occupations below a top code only."""

import math

import numpy as np
import pytest

from pipelines.estimation.distribution import LOWEST, RANGE
from pipelines.estimation.scale import LINES, wage_scale

#: Log wages in the middle of each of the steps from 20,000 to 160,000 dollars.
MIDDLES = LOWEST + 0.01 * (np.arange(140, 140 + 9 * 24) + 0.5)


def knots(log_wages: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One area's occupations with these percentiles, five each, without a bound."""
    cells = log_wages[: len(log_wages) // 5 * 5].reshape(1, -1, 5)
    return cells, np.full(cells.shape[:2], math.inf)


def test_even_percentiles_and_few_percentiles_leave_the_log_wage() -> None:
    steps = LOWEST + 0.01 * (np.arange(576) + 0.5)
    np.testing.assert_allclose(wage_scale(*knots(np.repeat(steps, 1000))).at, LINES, atol=1e-3)
    assert np.abs(wage_scale(*knots(MIDDLES)).at - LINES).max() < 0.01
    np.testing.assert_allclose(wage_scale(*knots(np.array([math.nan] * 5))).at, LINES)


def test_the_scale_is_long_where_percentiles_crowd() -> None:
    # intervals of 24 steps: 3,000 percentiles in each step of the middle half, 1,000 in the others, 2,000 on average
    crowded = (np.arange(len(MIDDLES)) % 24 >= 6) & (np.arange(len(MIDDLES)) % 24 < 18)
    scale = wage_scale(*knots(np.repeat(MIDDLES, np.where(crowded, 3000, 1000))))
    length = np.diff(scale.to(LINES)) / 0.01
    inside = slice(140 + 3 * 24, 140 + 6 * 24)
    shape = length[inside] / length[inside].mean()
    by_hand = np.where(crowded[3 * 24 : 6 * 24], 3100, 1100) / 2100
    np.testing.assert_allclose(shape, by_hand, rtol=1e-6)
    # the whole keeps its length
    assert scale.at[0] == LOWEST
    assert scale.at[-1] == pytest.approx(LOWEST + RANGE, abs=1e-12)


def test_there_and_back() -> None:
    scale = wage_scale(*knots(np.repeat(MIDDLES[::3], 500)))
    wages = np.array([LOWEST, 10.0, 11.2345, 12.4, LOWEST + RANGE])
    np.testing.assert_allclose(scale.back(scale.to(wages)), wages, atol=1e-12)
    # what lies outside the lines, and what is not there, stays as it is
    outside = np.array([LOWEST - 1, LOWEST + RANGE + 1, math.inf, math.nan])
    np.testing.assert_array_equal(scale.to(outside), outside)
    np.testing.assert_array_equal(scale.back(outside), outside)


def test_top_coded_percentiles_do_not_count() -> None:
    cells, bound = knots(np.repeat(MIDDLES, 50))
    crowd = np.full((1, 4000, 5), math.log(239_200))
    with_top = np.concatenate([cells, crowd], axis=1), np.concatenate([bound, np.full((1, 4000), math.log(239_200))], 1)
    np.testing.assert_array_equal(wage_scale(*with_top).at, wage_scale(cells, bound).at)
