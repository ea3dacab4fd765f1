"""Estimates of withheld cells, against cases worked out by hand and what must hold for any cells."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.estimation.arrays import exact_product, right_factor, sum_columns
from pipelines.estimation.withheld import (
    Cells,
    deviations,
    estimate,
    estimated,
    fill_group_totals,
    generations,
    kinship,
    together,
    towards_parents,
)

NAN = math.nan
ALONE = np.eye(3)


def _cells(metro: list[float], *, group_total: float = 100.0, state: list[float] | None = None) -> Cells:
    """The nation, a state and a metro area; three occupations in one group."""
    return Cells(
        employment=np.array([[6000.0, 3000.0, 1000.0], state or [600.0, 300.0, 100.0], metro]),
        group_total=np.array([[10000.0], [1000.0], [group_total]]),
        total=np.array([10000.0, 1000.0, 100.0]),
        parent=np.array([-1, 0, 1]),
        group=np.array([0, 0, 0]),
    )


def test_withheld_cells_share_what_the_group_leaves_like_the_state() -> None:
    # 100 jobs less 60 published leave 40; the state has 300 and 100 of the two, so 30 and 10
    found = estimate(_cells([60.0, NAN, NAN]), ALONE)
    np.testing.assert_array_equal(found.employment[2], [60.0, 30.0, 10.0])
    np.testing.assert_array_equal(found.is_modelled[2], [False, True, True])
    np.testing.assert_array_equal(found.expected[2], [60.0, 30.0, 10.0])


def test_where_the_state_withholds_its_own_estimate_gives_the_share() -> None:
    # the state's 1,000 less 500 leave 500, shared 3,000 to 1,000 like the nation: 375 and 125. A tenth of the nation's
    # jobs is 300 and 100, with errors of 38 %: 375 - 36281.25 * 75 / 49277.25 = 319.780, 125 - 4281.25 * 25 / 5725.25
    # = 106.305, and together 500 again. The area shares its 80 like these, for the state publishes neither
    found = estimate(_cells([20.0, NAN, NAN], state=[500.0, NAN, NAN]), ALONE)
    np.testing.assert_allclose(found.employment[1], [500.0, 375.254, 124.746], atol=0.001)
    np.testing.assert_allclose(found.employment[2], [20.0, 60.0406, 19.9594], atol=0.001)


def test_more_published_than_the_total_leaves_nothing_and_nothing_negative() -> None:
    found = estimate(_cells([110.0, NAN, NAN]), ALONE)
    np.testing.assert_array_equal(found.employment[2], [110.0, 0.0, 0.0])


def test_where_the_state_leaves_nothing_the_nation_gives_the_shares() -> None:
    # the state publishes all of its 1,000 in the first; the area's 40 are shared 3,000 to 1,000 like the nation
    found = estimate(_cells([60.0, NAN, NAN], state=[1000.0, NAN, NAN]), ALONE)
    np.testing.assert_array_equal(found.employment[2], [60.0, 30.0, 10.0])


def test_a_withheld_group_total_comes_from_the_areas_total() -> None:
    # two of three groups missing: 1,000 less 400 leave 600, shared 1 to 2 like the parent's groups
    filled = fill_group_totals(np.array([[400.0, NAN, NAN]]), np.array([1000.0]), np.array([[5.0, 10.0, 20.0]]))
    np.testing.assert_allclose(filled, [[400.0, 200.0, 400.0]])


def test_an_area_without_any_total_has_no_basis() -> None:
    cells = _cells([NAN, NAN, NAN])
    cells.group_total[2] = NAN
    cells.total[2] = NAN
    found = estimate(cells, ALONE)
    assert not found.has_basis[2].any()
    np.testing.assert_array_equal(found.employment[2], [0.0, 0.0, 0.0])


def test_an_occupation_of_the_same_industries_is_drawn_along() -> None:
    # expected 59, 30, 10; the first publishes 119, so y = ln(120 / 60) = ln 2
    employment, expected = np.array([[119.0, NAN, NAN]]), np.array([[59.0, 30.0, 10.0]])
    alike = np.array([[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]])
    # one equation: weight = ln 2 / (0.3 + 0.05 + 3 / 60) = ln 2 / 0.4; 0.3 * 0.5 of it for the second
    drawn = deviations(employment, expected, alike)
    np.testing.assert_allclose(drawn[0, 1:], [0.375 * math.log(2.0), 0.0], rtol=1e-6)


def test_deviations_solve_the_kriging_equations() -> None:
    rng = np.random.default_rng(3)
    staffing = rng.gamma(0.5, 100.0, (30, 12))
    alike = kinship(staffing)
    expected = rng.uniform(1.0, 500.0, (2, 30))
    employment = np.where(rng.random((2, 30)) < 0.6, np.round(expected * rng.lognormal(0, 0.5, (2, 30))), NAN)
    for area in range(2):
        known = ~np.isnan(employment[area])
        y = np.log((employment[area][known] + 1) / (expected[area][known] + 1))
        matrix = 0.3 * alike[np.ix_(known, known)] + np.diag(0.05 + 3 / (expected[area][known] + 1))
        by_hand = 0.3 * alike[:, known] @ np.linalg.solve(matrix, y)
        np.testing.assert_allclose(deviations(employment, expected, alike)[area], by_hand, atol=1e-4)


def test_kinship_is_the_overlap_of_industries() -> None:
    # shares (1/2, 1/2) and (1, 0): sqrt(1/2 * 1) squared is 1/2; the third works elsewhere, the fourth has no industry
    staffing = np.array([[10.0, 10.0, 0.0], [7.0, 0.0, 0.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]])
    expected = [[1.0, 0.5, 0.0, 0.0], [0.5, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    np.testing.assert_allclose(kinship(staffing), expected, atol=2e-5)


def test_occupations_that_deviate_together_in_areas_are_kin() -> None:
    # expected 59: y is ln 2 or -ln 2, mean 0, and z^2 = (ln 2)^2 / (0.35 + 3 / 60). The second deviates like the first
    # in four areas, the third against it in the two that publish it, the fourth is as expected everywhere
    above, below = 119.0, 29.0
    employment = np.array(
        [
            [above, above, below, 59.0],
            [below, below, above, 59.0],
            [above, above, NAN, 59.0],
            [below, below, NAN, NAN],
        ]
    )
    z2 = math.log(2.0) ** 2 / 0.4
    second = 4 * z2 / (4 * z2 + 20)
    third = -2 * z2 / math.sqrt((4 * z2 + 20) * (2 * z2 + 20))
    expected = [[1.0, second, third, 0.0], [second, 1.0, third, 0.0], [third, third, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    np.testing.assert_allclose(together(employment, np.full((4, 4), 59.0)), expected, atol=1e-5)


def test_what_all_areas_have_above_their_share_is_no_kinship() -> None:
    # published in three areas, always twice the expected: nothing is left of it when the mean is taken off
    alike = together(np.full((3, 2), 119.0), np.full((3, 2), 59.0))
    np.testing.assert_array_equal(alike, np.eye(2))


def test_areas_move_towards_what_their_state_leaves() -> None:
    # the state has 200, one area publishes 100, so 100 are left for the two estimates of 40 and 20; their variances are
    # 20^2 + 120 = 520 and 10^2 + 60 = 160, the error is (200 * 0.02)^2 + 100 / 12 = 24.3333: 40 * 520 / 704.3333 more
    found = np.array([[0.0], [40.0], [20.0]])
    published = np.array([[100.0], [NAN], [NAN]])
    moved = towards_parents(found, published, np.array([[200.0]]), np.array([[1.0]]), np.array([0, 0, 0]))
    np.testing.assert_allclose(moved, [[0.0], [69.531472], [29.086607]], rtol=1e-6)


def test_areas_that_cover_little_of_their_state_learn_little_from_it() -> None:
    # a tenth of 2,000 is 200, but the error is (200 * (0.02 + 0.4 * 0.9))^2 + 100 / 12 = 5784.3333
    found = np.array([[0.0], [40.0], [20.0]])
    published = np.array([[100.0], [NAN], [NAN]])
    moved = towards_parents(found, published, np.array([[2000.0]]), np.array([[0.1]]), np.array([0, 0, 0]))
    np.testing.assert_allclose(moved, [[0.0], [43.217663], [20.990050]], rtol=1e-6)


def test_areas_keep_a_tenth_where_their_state_leaves_nothing_and_all_where_it_withholds() -> None:
    # left: 0 of 100; 100 - 2800 * 100 / (2800 + 4 + 8.3333) is 0.44, less than a tenth. The other is withheld
    found = np.array([[0.0, 0.0], [100.0, 100.0]])
    published = np.array([[100.0, 100.0], [NAN, NAN]])
    moved = towards_parents(found, published, np.array([[100.0, NAN]]), np.ones((1, 2)), np.array([0, 0]))
    np.testing.assert_allclose(moved, [[0.0, 0.0], [10.0, 100.0]])


def test_a_circle_of_parents_is_an_error() -> None:
    with pytest.raises(ValueError, match="own ancestor"):
        generations(np.array([1, 0]))


@given(st.integers(0, 2**32 - 1))
def test_what_is_published_stays_and_groups_add_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    areas, occupations, groups = 5, 12, 3
    group = np.arange(occupations) % groups
    truth = np.round(rng.lognormal(3, 1.5, (areas, occupations)))
    truth[0] = truth.sum(axis=0) + 1
    employment = np.where(rng.random(truth.shape) < 0.5, truth, NAN)
    employment[0] = truth[0]
    group_total = sum_columns(truth, group, groups)
    cells = Cells(employment, group_total, truth.sum(axis=1), np.array([-1, 0, 0, 1, 2]), group)
    found = estimate(cells, np.eye(occupations))
    assert (found.employment >= 0).all()
    published = ~np.isnan(employment)
    np.testing.assert_array_equal(found.employment[published], truth[published])
    has_withheld = sum_columns((~published).astype(float), group, groups) > 0
    sums = sum_columns(found.employment, group, groups)
    np.testing.assert_allclose(sums[has_withheld], group_total[has_withheld], atol=0.01)


@given(st.integers(0, 2**32 - 1))
def test_an_exact_product_does_not_depend_on_the_order_of_its_terms(seed: int) -> None:
    rng = np.random.default_rng(seed)
    left, right = rng.normal(0, 10.0, (4, 50)), rng.uniform(-1, 1, (50, 6))
    order = rng.permutation(50)
    product = exact_product(left, right_factor(right))
    np.testing.assert_array_equal(product, exact_product(left[:, order], right_factor(right[order])))
    np.testing.assert_allclose(product, left @ right, atol=1e-3)


def test_an_exact_product_refuses_more_terms_than_it_can_hold() -> None:
    with pytest.raises(ValueError, match="1024"):
        exact_product(np.ones((1, 1025)), np.ones((1025, 1)))


def test_an_estimate_comes_back_from_its_jobs() -> None:
    for cells in (_cells([20.0, NAN, NAN], state=[500.0, NAN, NAN]), _cells([60.0, NAN, NAN], group_total=NAN)):
        first = estimate(cells, ALONE)
        again = estimated(cells, first.employment)
        for name in ("employment", "is_modelled", "expected", "group_total", "has_basis"):
            np.testing.assert_array_equal(getattr(again, name), getattr(first, name), err_msg=name)
