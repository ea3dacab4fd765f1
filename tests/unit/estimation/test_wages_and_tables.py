"""Distributions of a small nation from frames, percentiles of groups, mean wages, and the two tables."""

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.estimation import accuracy
from pipelines.estimation.distribution import KNOTS
from pipelines.estimation.members import Members
from pipelines.estimation.tables import (
    Oews,
    alike,
    distribution_frame,
    estimate_frame,
    make_estimates,
    members_of,
    read_distributions,
    read_oews,
    scale_frame,
)
from pipelines.estimation.wages import Pool, before_raking, distributions, each_area, mean_wages, percentiles
from pipelines.estimation.withheld import estimate

GROUPS = {"11-1011": "11-0000", "11-1021": "11-0000", "29-1022": "29-0000"}
#: Jobs by area; None is withheld. Wages are the occupation's median in thousands, times the area's level.
JOBS: dict[str, list[int | None]] = {
    "US": [6000, 4000, 1000],
    "OH": [600, 400, 100],
    "C1": [60, 40, 10],
    "C2": [60, None, 10],
}
MEDIANS = {"11-1011": 100.0, "11-1021": 60.0, "29-1022": 239.2}
LEVELS = {"US": 1.0, "OH": 0.9, "C1": 0.9, "C2": 0.81}
RATIOS = {10: 0.5, 25: 0.7, 50: 1.0, 75: 1.4, 90: 2.0}


def _row(area: str, code: str, group: str, jobs: int | None, median: float | None) -> dict[str, object]:
    top_coded = code == "29-1022"
    row: dict[str, object] = {"area_id": area, "soc_code": code, "occupation_group": group, "employment": jobs}
    row |= {"employment_rse_pct": 5.0, "wage_mean_usd": None if median is None else median * 1100}
    row["wage_mean_status"] = "top_coded" if top_coded else "withheld" if median is None else "ok"
    row["top_coded_from_usd"] = 239200.0 if top_coded else None
    for percent, ratio in RATIOS.items():
        usd = None if median is None else 239200.0 if top_coded else median * 1000 * ratio
        row[f"wage_p{percent}_usd"] = usd
    return row


def _frames(areas: list[str] | None = None) -> dict[str, pl.DataFrame]:
    rows = []
    for area in areas or list(JOBS):
        level = LEVELS[area]
        for (code, _), jobs in zip(GROUPS.items(), JOBS[area], strict=True):
            if jobs is not None:
                rows.append(_row(area, code, "detailed", jobs, MEDIANS[code] * level))
        known = [jobs or 40 for jobs in JOBS[area]]
        rows.append(_row(area, "11-0000", "major", known[0] + known[1], 80.0 * level))
        rows.append(_row(area, "29-0000", "major", known[2], None))
        rows.append(_row(area, "00-0000", "total", sum(known), 90.0 * level))
        rows.append(_row(area, "11-1000", "minor", known[0], 1.0))
    area = pl.DataFrame(
        {
            "area_id": ["US", "OH", "C1", "C2", "39001"],
            "area_type": ["national", "state", "metro", "metro", "county"],
            "state_id": [None, "OH", "OH", "OH", "OH"],
        }
    )
    occupation = pl.DataFrame(
        {"soc_code": list(GROUPS), "occupation_group": ["detailed"] * 3, "major_code": list(GROUPS.values())}
    )
    industry = pl.DataFrame(
        {"soc_code": list(GROUPS), "industry_code": ["1", "2", "3"], "employment": [10.0, 20.0, 30.0]}
    )
    return {
        "core.occupation_wage": pl.DataFrame(rows, infer_schema_length=None),
        "reference.area": area,
        "reference.oews_occupation": occupation,
        "core.oews_industry_part": industry,
    }


def _oews(areas: list[str] | None = None) -> Oews:
    return read_oews(_frames(areas))


def test_arrays_of_staged_tables() -> None:
    oews = _oews()
    assert oews.areas == ["C1", "C2", "OH", "US"]
    np.testing.assert_array_equal(oews.parent, [2, 2, 3, -1])
    np.testing.assert_array_equal(oews.group, [0, 0, 1])
    np.testing.assert_array_equal(oews.employment[1], [60.0, math.nan, 10.0])
    assert oews.group_total[1, 0] == 100.0
    assert math.isclose(oews.knots[2, 0, 2], math.log(90000.0), abs_tol=4e-9)
    assert math.isclose(math.exp(oews.bound[0, 2]), 239200.0, rel_tol=1e-8)


def test_without_the_nation_nothing_can_be_estimated() -> None:
    with pytest.raises(BadInputError, match="the nation"):
        _oews(["OH", "C1"])


def test_a_withheld_occupation_takes_the_states_wages_at_the_areas_level() -> None:
    oews = _oews()
    found = estimate(oews.cells(), alike(oews))
    assert found.employment[1, 1] == 40.0
    shapes = distributions(before_raking(oews.wage_cells(found)))
    # the area pays 0.9 of its state in all it publishes; the state's median is 54,000
    points = shapes.scale.back(shapes.points)
    # wages are shifted on the scale, which few percentiles leave nearly even
    assert math.isclose(math.exp(points[shapes.row[1, 1], KNOTS[2]]), 48600.0, rel_tol=2e-3)
    own = ~shapes.is_modelled & ~np.isfinite(shapes.bound)
    np.testing.assert_allclose(points[own][:, KNOTS], oews.knots[shapes.area[own], shapes.occupation[own]])


def test_nothing_is_claimed_above_a_top_code() -> None:
    oews = _oews()
    found = estimate(oews.cells(), alike(oews))
    shapes = distributions(before_raking(oews.wage_cells(found)))
    dentists = shapes.occupation == 2
    assert np.exp(shapes.scale.back(shapes.points[dentists])).max() <= 239200.0 * (1 + 1e-8)
    both = Members(np.array([0, 2]), np.array([0, 0]), np.array([1.0, 1.0]), 1)
    read = percentiles(shapes, found.employment, both, each_area(4))
    # a seventh of the jobs is top-coded: the median is known, P90 stands at the top code or above
    np.testing.assert_array_equal(read.is_lower_bound()[0, 0], [False, False, False, False, True])
    assert read.jobs[0, 0] == 70.0


def test_mean_wages_take_withheld_cells_at_the_areas_level() -> None:
    oews = _oews()
    found = estimate(oews.cells(), alike(oews))
    means = mean_wages(oews.mean_usd, oews.is_mean_top_coded, oews.wage_cells(found))
    assert means.is_modelled[1, 1]
    # the state's 54,000 * 1.1, times 0.9
    assert math.isclose(means.usd[1, 1], 53460.0, rel_tol=1e-9)
    assert means.usd[0, 0] == pytest.approx(99000.0)
    # dentists' means are top-coded; nothing else is a lower bound
    np.testing.assert_array_equal(means.is_lower_bound, np.tile([False, False, True], (4, 1)))


def test_a_mean_from_a_top_coded_one_is_a_lower_bound_too() -> None:
    oews = _oews()
    usd = oews.mean_usd.copy()
    usd[1, 2] = math.nan
    is_top_coded = oews.is_mean_top_coded.copy()
    is_top_coded[1, 2] = False
    means = mean_wages(usd, is_top_coded, oews.wage_cells(estimate(oews.cells(), alike(oews))))
    assert means.is_modelled[1, 2]
    assert means.is_lower_bound[1, 2]


def test_tables_there_and_back() -> None:
    oews = _oews()
    found = estimate(oews.cells(), alike(oews))
    frame = estimate_frame(oews, found)
    row = frame.filter((pl.col("area_id") == "C2") & (pl.col("soc_code") == "11-1021")).row(0, named=True)
    assert (row["employment_published"], row["employment_estimate"], row["is_modelled"]) == (None, 40.0, True)
    assert frame.filter(pl.col("is_modelled")).height == 1
    shapes = distributions(before_raking(oews.wage_cells(found)))
    stored = distribution_frame(oews, shapes)
    assert stored.height == 12
    frames = {"core.wage_distribution": stored, "core.wage_scale": scale_frame(shapes.scale)}
    back = read_distributions(frames, oews.areas, oews.occupations)
    np.testing.assert_allclose(back.points, shapes.points, atol=0.5e-4 + 1e-9)
    np.testing.assert_array_equal(back.row, shapes.row)
    np.testing.assert_allclose(back.bound, shapes.bound)


def test_the_two_tables_are_made_of_the_staged_ones() -> None:
    made = make_estimates(_frames())
    # three occupations in four areas: all have jobs and a distribution; the scale has 577 lines
    heights = {"core.occupation_estimate": 12, "core.wage_distribution": 12, "core.wage_scale": 577}
    assert {name: frame.height for name, frame in made.items()} == heights
    dentists = made["core.occupation_estimate"].filter(soc_code="29-1022")
    assert dentists["is_wage_mean_lower_bound"].all()


def test_members_are_known_occupations_in_the_order_of_groups() -> None:
    groups = pl.DataFrame(
        {
            "group_id": ["b", "a", "a", "b"],
            "soc_code": ["29-1022", "99-9999", "11-1021", "11-1021"],
            "weight": [1.0, 1.0, 0.25, 0.75],
        }
    )
    names, members = members_of(groups, list(GROUPS))
    assert names == ["a", "b"]
    np.testing.assert_array_equal(members.occupation, [1, 1, 2])
    np.testing.assert_array_equal(members.group, [0, 1, 1])
    np.testing.assert_array_equal(members.weight, [0.25, 0.75, 1.0])


def test_a_pool_takes_each_area_by_its_share() -> None:
    oews = _oews()
    found = estimate(oews.cells(), alike(oews))
    shapes = distributions(before_raking(oews.wage_cells(found)))
    one = Members(np.array([0]), np.array([0]), np.array([0.5]), 1)
    read = percentiles(shapes, found.employment, one, [Pool(np.array([0, 2]), np.array([1.0, 0.25]))])
    # half of 60 jobs and of a quarter of 600; both areas pay the same
    assert read.jobs[0, 0] == 105.0
    assert math.exp(read.log_wage[0, 0, 2]) == pytest.approx(90000.0, rel=1.5e-3)


def test_errors_of_groups_left_out() -> None:
    oews = _oews()
    cells = oews.wage_cells(estimate(oews.cells(), alike(oews)))
    half = np.zeros((4, 2), dtype=bool)
    half[0, 0] = True
    errors = accuracy.held_out(cells, half)
    # dentists publish no percentiles
    assert np.isnan(errors[:, 1]).all()
    # nor is there an error where nothing is left out
    assert np.isnan(errors[1:, 0]).all()
    assert np.abs(errors[0, 0]).max() < 30
    # what is left out changes nothing: managers published at twice the wage are off by half
    doubled = cells.group_knots.copy()
    doubled[0, 0] += math.log(2.0)
    again = accuracy.held_out(replace(cells, group_knots=doubled), half)
    np.testing.assert_allclose(1 + again[0, 0] / 100, (1 + errors[0, 0] / 100) / 2, rtol=1e-9)
    assert accuracy.summary(np.array([-1.0, 3.0, math.nan])) == {
        "groups": 2,
        "median_abs_error_pct": 2.0,
        "mean_abs_error_pct": 2.0,
        "p90_abs_error_pct": 2.8,
        "max_abs_error_pct": 3.0,
        "bias_pct": 1.0,
    }
    assert accuracy.summary(np.array([math.nan])) == {"groups": 0}


def test_halves_leave_out_half_of_each_area() -> None:
    keys = np.random.default_rng(1).random((5, 22))
    half = accuracy.halves(keys)
    np.testing.assert_array_equal(half.sum(axis=1), np.full(5, 11))
    assert (keys[half].reshape(5, 11).max(axis=1) < keys[~half].reshape(5, 11).min(axis=1)).all()
