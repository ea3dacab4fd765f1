"""Filling withheld cells of QCEW, against cases worked out by hand."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.estimation import industry
from pipelines.estimation.arrays import sum_by
from pipelines.estimation.industry import Cells, Parent, bounds, fill, rake, rates, targets, without_parent

NAN = float("nan")
#: Industries by their path: a total, two sectors, and two finest industries in each.
CODES = ("10", "A", "A1", "A2", "B", "B1", "B2")
UPPER = np.array([-1, 0, 1, 1, 0, 4, 4])
DEPTH = np.array([0, 1, 2, 2, 1, 2, 2])
FINEST = ("A1", "A2", "B1", "B2")

Figures = Mapping[str, tuple[float, float]]


def cells_of(*areas: Figures) -> Cells:
    """Cells of areas: establishments and jobs by code, NaN where withheld."""
    area: list[int] = []
    number: list[int] = []
    parent: list[int] = []
    establishments: list[float] = []
    jobs: list[float] = []
    for place, figures in enumerate(areas):
        start = len(area)
        own = [CODES.index(code) for code in figures]
        for at in own:
            area.append(place)
            number.append(at)
            parent.append(start + own.index(UPPER[at]) if UPPER[at] in own else -1)
            establishments.append(figures[CODES[at]][0])
            jobs.append(figures[CODES[at]][1])
    numbers = np.array(number)
    return Cells(np.array(area), numbers, np.array(parent), DEPTH[numbers], np.array(establishments), np.array(jobs))


def rated(**rate: float) -> Parent:
    """A parent of which only jobs per establishment are known, 1 where not given."""
    size = len(CODES)
    return Parent(np.full(size, NAN), np.zeros(size), np.array([rate.get(code, 1.0) for code in CODES]))


def filled(cells: Cells, parent: Parent) -> dict[str, float]:
    """Jobs of one area by code."""
    return dict(
        zip([CODES[at] for at in cells.industry], fill(cells, parent, np.ones(len(cells.area), bool)), strict=True)
    )


ONE: Figures = {
    "10": (9, 100.0), "A": (4, 60.0), "A1": (1, NAN), "A2": (3, NAN), "B": (5, NAN), "B1": (2, 15.0), "B2": (3, NAN),
}  # fmt: skip


def test_what_a_published_cell_leaves_is_split_by_establishments_and_their_usual_jobs() -> None:
    # A leaves 60: priors 1 * 4 and 3 * 2, so 24 and 36. The total leaves 100 - 60 - 15 to B2, the rest of B
    found = filled(cells_of(ONE), rated(A1=4.0, A2=2.0))
    assert found == {"10": 100.0, "A": 60.0, "A1": 24.0, "A2": 36.0, "B": 40.0, "B1": 15.0, "B2": 25.0}


def test_bounds_are_what_is_shown_below_and_what_is_left_above() -> None:
    low, high = bounds(cells_of(ONE))
    assert low.tolist() == [100, 60, 0, 0, 15, 15, 0]
    assert high.tolist() == [100, 60, 60, 60, 40, 15, 25]


def test_a_chain_of_withheld_cells_shares_one_block() -> None:
    figures = {**ONE, "A": (4, NAN), "A1": (1, 5.0)}
    # the total leaves 100 - 5 - 15 = 80 to A2 and B2, 3 establishments each, with 3 and 1 usual jobs
    found = filled(cells_of(figures), rated(A2=3.0))
    assert (found["A2"], found["B2"], found["A"], found["B"]) == (60.0, 20.0, 65.0, 35.0)


def test_without_anything_published_above_there_is_no_estimate() -> None:
    figures = {**ONE, "10": (9, NAN), "B": (5, 30.0)}
    found = filled(cells_of(figures), rated())
    assert found["B2"] == 15.0
    assert (found["A1"], found["A2"]) == (15.0, 45.0)  # A is published
    assert found["10"] == 90.0  # the sum of two published cells
    found = filled(cells_of({**figures, "A": (4, NAN)}), rated())
    assert np.isnan([found["10"], found["A"], found["A1"], found["A2"]]).all()


def test_published_cells_that_exceed_their_parent_leave_nothing() -> None:
    """The publisher rounds each cell."""
    found = filled(cells_of({**ONE, "A": (4, 60.0), "A1": (1, 61.0)}), rated())
    assert found["A2"] == 0.0


def test_an_industry_of_no_establishments_or_jobs_still_takes_its_block() -> None:
    found = filled(cells_of({**ONE, "A1": (0, NAN), "A2": (0, NAN)}), rated(A1=0.0, A2=0.0))
    assert (found["A1"], found["A2"]) == (30.0, 30.0)


def test_rates_are_drawn_to_the_industry_one_level_up() -> None:
    rate = dict(zip(CODES, rates(cells_of(ONE), UPPER), strict=True))
    # (100 + 20 * 10) / (9 + 20); A: (60 + 20 * that) / 24; A1 has nothing published and takes A's
    assert rate["10"] == pytest.approx(300 / 29)
    assert rate["A"] == pytest.approx((60 + 20 * 300 / 29) / 24)
    assert rate["A1"] == pytest.approx(rate["A"])
    assert rate["B"] == pytest.approx(300 / 29)
    assert rate["B1"] == pytest.approx((15 + 20 * 300 / 29) / 22)


def test_raking_meets_blocks_and_columns() -> None:
    # two areas by two industries, all alike at first: independent of one another
    found = rake(
        np.ones(4), np.array([0, 0, 1, 1]), np.array([10.0, 20.0]), np.array([0, 1, 0, 1]), np.array([12.0, 18.0])
    )
    np.testing.assert_allclose(found, [4, 6, 8, 12])


def test_raking_meets_blocks_where_columns_contradict_them() -> None:
    blocks, left = np.array([0, 0, 1, 1]), np.array([10.0, 20.0])
    found = rake(np.ones(4), blocks, left, np.array([0, 1, 0, 1]), np.array([0.0, 60.0]))
    np.testing.assert_allclose([found[:2].sum(), found[2:].sum()], left)
    assert found[0] < 0.001 * found[1]
    # nothing left by both columns: the block keeps the proportions of its priors
    found = rake(np.array([1.0, 4.0]), np.array([0, 0]), np.array([10.0]), np.array([0, 1]), np.zeros(2))
    np.testing.assert_allclose(found, [2.0, 8.0])


def test_raking_without_a_block_or_a_column() -> None:
    prior = np.array([3.0, 5.0, 7.0])
    found = rake(prior, np.array([-1, -1, 0]), np.array([70.0]), np.array([0, 1, 1]), np.array([6.0, NAN]))
    np.testing.assert_array_equal(found, [6.0, NAN, 70.0])


def test_targets_are_what_the_parent_has_beyond_the_published_cells() -> None:
    cells = cells_of({"10": (4, 40.0), "A": (4, 40.0), "A1": (3, NAN)}, {"10": (5, 20.0), "A1": (5, 20.0)})
    parent = rated()
    parent.employment[2], parent.establishments[2] = 65.0, 8.0
    everything = np.ones(5, bool)
    target = targets(cells, parent, everything)
    assert target[2] == 45.0
    assert np.isnan(target[3])
    # an area that is no part of the parent
    assert targets(cells, parent, cells.area == 0)[2:3].tolist() == pytest.approx([NAN], nan_ok=True)
    # of 4 establishments not published here 3 are in these areas, and one in another of the parent's
    parent.establishments[2] = 8.8
    assert targets(cells, parent, everything)[2] == pytest.approx(45.0 * 3 / 3.8)
    parent.establishments[2] = 9.0
    assert np.isnan(targets(cells, parent, everything)[2])


def test_areas_add_up_to_their_parent() -> None:
    """Two areas with one industry more than equations: the parent decides which has it."""
    hidden = {"10": (4, 30.0), "A": (4, 30.0), "A1": (2, NAN), "A2": (2, NAN)}
    cells = cells_of(hidden, hidden, {"10": (9, 7.0), "A": (9, 7.0), "A1": (9, 7.0)})
    parent = rated()
    parent.employment[2:4], parent.establishments[2:4] = (27.0, 40.0), (13.0, 4.0)
    jobs = fill(cells, parent, np.ones(len(cells.area), bool))
    finest = jobs[cells.industry == 2], jobs[cells.industry == 3]
    np.testing.assert_allclose(finest[0], [10.0, 10.0, 7.0])
    np.testing.assert_allclose(finest[1], [20.0, 20.0])


TREE = st.tuples(
    st.dictionaries(st.sampled_from(FINEST), st.tuples(st.integers(0, 40), st.integers(0, 900)), min_size=1),
    st.frozensets(st.sampled_from(CODES)),
)


def figures_of(truth: Mapping[str, tuple[int, int]], withheld: frozenset[str]) -> dict[str, tuple[float, float]]:
    figures = {}
    for code in CODES:
        below = [truth[finest] for finest in FINEST if finest in truth and (code == "10" or finest.startswith(code))]
        if below:
            jobs = float(sum(jobs for _, jobs in below))
            figures[code] = (float(sum(count for count, _ in below)), NAN if code in withheld else jobs)
    return figures


@given(st.lists(TREE, min_size=1, max_size=4), st.lists(st.integers(0, 3000), min_size=7, max_size=7))
@settings(max_examples=300, deadline=None)
def test_estimates_keep_bounds_and_sums_whatever_is_withheld(
    trees: list[tuple[dict[str, tuple[int, int]], frozenset[str]]], of_parent: list[int]
) -> None:
    cells = cells_of(*(figures_of(*tree) for tree in trees))
    establishments = sum_by(cells.industry, cells.establishments, len(CODES))
    parent = Parent(np.array(of_parent, dtype=np.float64), establishments, rates(cells, UPPER))
    everything = np.ones(len(cells.area), bool)
    jobs, (low, high) = fill(cells, parent, everything), bounds(cells)
    shown = ~cells.is_withheld
    np.testing.assert_array_equal(jobs[shown], cells.employment[shown])
    assert (jobs >= low - 1e-5).all()
    assert not (jobs > high + 1e-5).any()
    for row in np.flatnonzero(~cells.is_finest):
        assert jobs[cells.parent == row].sum() == pytest.approx(jobs[row], abs=1e-5)
    # areas in another order: the same digits
    other = cells_of(*(figures_of(*tree) for tree in trees[::-1]))
    again = fill(other, parent, everything)
    place = np.lexsort((other.industry, len(trees) - 1 - other.area))
    np.testing.assert_allclose(again[place], jobs, rtol=1e-9, atol=2e-6)
    np.testing.assert_array_equal(fill(cells, parent, everything), jobs)


def test_estimates_beat_equal_parts_and_establishments_alone() -> None:
    """A hundred areas, where jobs per establishment differ by industry and a little by area."""
    rng = np.random.default_rng(5)
    usual = {"A1": 4.0, "A2": 40.0, "B1": 9.0, "B2": 90.0}
    areas, truths = [], []
    for _ in range(100):
        truth = {}
        for code, jobs in usual.items():
            count = int(rng.integers(1, 30))
            truth[code] = (count, int(count * jobs * rng.uniform(0.7, 1.4)) + 1)
        truths += [jobs for code, jobs in figures_of(truth, frozenset()).values()]
        areas.append(figures_of(truth, frozenset(FINEST) if rng.random() < 0.5 else frozenset()))
    cells, true = cells_of(*areas), np.array(truths)
    parent = without_parent(cells, UPPER)

    def error(cells: Cells, parent: Parent) -> float:
        jobs = fill(cells, parent, np.zeros(len(cells.area), bool))
        return float(np.abs(jobs - true).sum() / true[cells.is_withheld].sum())

    alone = error(cells, rated())
    equal = error(industry.Cells(**{**vars(cells), "establishments": np.ones(len(true))}), rated())
    assert error(cells, parent) < 0.5 * alone < 0.5 * equal
