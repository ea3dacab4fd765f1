import itertools
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sql_inputs import (
    NOT_APPLICABLE,
    PERCENTILE_COLUMNS,
    PERCENTILES,
    TOP_CODE,
    TOP_CODED,
    Row,
    parts,
    schemes,
    wage_cell,
)

Wages = tuple[int | str, ...]
LOW: Wages = (20_000, 22_000, 24_000, 26_000, 28_000)
HIGH: Wages = (50_000, 60_000, 80_000, 100_000, 120_000)
WAGES_OF = {"15-1252": HIGH, "35-3023": LOW}


def pool(run_sql, weights: dict[str, float], cells: list[Row]) -> pl.DataFrame:
    """The rows of the one group of the weighted occupations."""
    return run_sql(
        "core.group_percentile",
        {
            "core.occupation_group": [
                {"scheme": "national", "group_id": "unduplicated/digital/all", "soc_code": code, "weight": weight}
                for code, weight in weights.items()
            ],
            "core.occupation_wage": cells,
            "core.area_group_scheme": schemes(cells),
            "core.area_part": parts(cells),
        },
    )


def solve(run_sql, weights: dict[str, float], cells: list[Row]) -> dict[str, list[float]]:
    """P10 to P90 of the one group of the weighted occupations, by area."""
    result = pool(run_sql, weights, cells).select("area_id", *PERCENTILE_COLUMNS)
    return {area: list(wages) for area, *wages in result.rows()}


@pytest.mark.parametrize(
    "wages",
    [
        (30_000, 40_000, 50_000, 60_000, 70_000),
        # steps: where percentiles are equal, a share of the jobs earns just that
        (31_200, 31_200, 31_200, 45_000, 60_000),
        (30_000, 31_200, 31_200, 31_200, 60_000),
        (30_000, 40_000, 50_000, 60_000, 60_000),
        (31_200, 31_200, 40_000, 52_000, 52_000),
        (31_200, 31_200, 31_200, 31_200, 31_200),
    ],
)
@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_one_occupation_has_its_own_published_percentiles(run_sql, wages, weight):
    solved = solve(run_sql, {"15-1252": weight}, [wage_cell("TX", "15-1252", 170, wages=wages)])
    assert solved["TX"] == pytest.approx(wages, rel=1e-8)


def test_two_alike_occupations_have_the_percentiles_of_either(run_sql):
    cells = [wage_cell("TX", "15-1252", 90, wages=HIGH), wage_cell("TX", "15-1211", 1230, wages=HIGH)]
    assert solve(run_sql, {"15-1252": 1.0, "15-1211": 0.4}, cells)["TX"] == pytest.approx(HIGH, rel=1e-8)


def test_two_occupations_apart_by_hand(run_sql):
    cells = [wage_cell("TX", "35-3023", 100, wages=LOW), wage_cell("TX", "15-1252", 100, wages=HIGH)]
    solved = solve(run_sql, {"35-3023": 1.0, "15-1252": 1.0}, cells)["TX"]
    # LOW ends at 1.35 * 28,000 = 37,800 and HIGH begins at 0.85 * 50,000 = 42,500, 100 jobs each.
    expected = [
        # 20 jobs: LOW at 0.20, two thirds of the way from P10 = 20,000 to P25 = 22,000
        20_000 * (22_000 / 20_000) ** (2 / 3),
        # 50 jobs: LOW at 0.50
        24_000,
        # 100 jobs: all of LOW and none of HIGH, reached at 37,800; up to 42,500 the distribution is flat
        37_800,
        # 150 jobs: HIGH at 0.50
        80_000,
        # 180 jobs: HIGH at 0.80, a third of the way from P75 to P90
        100_000 * (120_000 / 100_000) ** (1 / 3),
    ]
    assert solved == pytest.approx(expected, rel=1e-7)


def test_two_occupations_that_overlap_by_hand(run_sql):
    cells = [
        wage_cell("TX", "15-1252", 300, wages=(30_000, 40_000, 80_000, 120_000, 150_000)),
        wage_cell("TX", "35-3023", 100, wages=(20_000, 30_000, 40_000, 80_000, 90_000)),
    ]
    p50 = solve(run_sql, {"15-1252": 1.0, "35-3023": 1.0}, cells)["TX"][2]
    # Below 40,000 are 75 + 50 = 125 jobs, below 80,000 are 150 + 75 = 225; both rise evenly in log wage between.
    # Half of 400 jobs is 200: three quarters of the way.
    assert p50 == pytest.approx(40_000 * 2**0.75, rel=1e-8)
    # Averaging the medians would say (300 * 80,000 + 100 * 40,000) / 400 = 70,000.
    assert abs(p50 - 70_000) > 2_000


def test_the_tails_are_short(run_sql):
    cells = [
        wage_cell("TX", "15-1252", 900, wages=HIGH),
        wage_cell("TX", "35-3023", 100, wages=LOW),
        wage_cell("AK", "15-1252", 100, wages=HIGH),
        wage_cell("AK", "35-3023", 900, wages=LOW),
    ]
    solved = solve(run_sql, {"15-1252": 1.0, "35-3023": 1.0}, cells)
    # TX: 100 of 1,000 jobs are all of LOW: its top, 1.35 * 28,000
    assert solved["TX"][0] == pytest.approx(37_800, rel=1e-7)
    # TX: 250 jobs are LOW's 100 and HIGH's first 150, 1/6 = 0.16667: 4/9 of the way from P10 to P25
    assert solved["TX"][1] == pytest.approx(50_000 * 1.2 ** (4 / 9), rel=1e-8)
    # AK: 100 jobs are 1/9 of LOW: (1/9 - 0.10) / 0.15 = 2/27 of the way from P10 to P25
    assert solved["AK"][0] == pytest.approx(20_000 * 1.1 ** (2 / 27), rel=1e-8)
    # AK: 900 of 1,000 jobs are all of LOW: its top
    assert solved["AK"][4] == pytest.approx(37_800, rel=1e-7)


def test_within_the_lower_tail_by_hand(run_sql):
    cells = [wage_cell("TX", "15-1252", 190, wages=HIGH), wage_cell("TX", "35-3023", 10, wages=LOW)]
    p10 = solve(run_sql, {"15-1252": 1.0, "35-3023": 1.0}, cells)["TX"][0]
    # 20 of 200 jobs: LOW's 10 and 10 of HIGH's 190, 1/19 of it: (1/19) / 0.10 = 10/19 up the tail from 42,500
    assert p10 == pytest.approx(42_500 * (50_000 / 42_500) ** (10 / 19), rel=1e-8)


def test_a_percentile_met_on_a_step_is_the_step(run_sql):
    steps: Wages = (30_000, 30_000, 30_000, 36_000, 36_000)
    cells = [wage_cell("TX", "35-3023", 100, wages=steps), wage_cell("TX", "15-1252", 100, wages=HIGH)]
    solved = solve(run_sql, {"35-3023": 1.0, "15-1252": 1.0}, cells)["TX"]
    # 20 jobs: the tail up to 30,000 holds 10, the step there 40 more
    assert solved[0] == pytest.approx(30_000, rel=1e-8)
    # 50 jobs: the step ends with just 50
    assert solved[1] == pytest.approx(30_000, rel=1e-7)
    # 100 jobs are all of it up to its end at 1.35 * 36,000 = 48,600, and HIGH's tail from 42,500 on
    lower, upper = 42_500.0, 48_600.0
    below = 90 + 10 * math.log(lower / 36_000) / math.log(1.35)
    rise = 10 / math.log(1.35) + 10 / math.log(50_000 / 42_500)
    assert lower < (p50 := lower * math.exp((100 - below) / rise)) < upper
    assert solved[2] == pytest.approx(p50, rel=1e-8)


def test_top_coded_percentiles_stand_at_the_bound(run_sql):
    wages: Wages = (100_000, 150_000, 200_000, TOP_CODED, TOP_CODED)
    solved = solve(run_sql, {"29-1229": 1.0}, [wage_cell("TX", "29-1229", 100, wages=wages)])
    assert solved["TX"] == pytest.approx([100_000, 150_000, 200_000, TOP_CODE, TOP_CODE], rel=1e-8)
    cells = [
        wage_cell("TX", "29-1229", 100, wages=(TOP_CODED,) * 5),
        wage_cell("TX", "15-1252", 100, wages=HIGH),
    ]
    # The top-coded 100 earn 0.85 * 239,200 = 203,320 and more, HIGH at most 1.35 * 120,000 = 162,000: half is
    # reached at 162,000, and 150 jobs are 50 of the top-coded.
    solved = solve(run_sql, {"29-1229": 1.0, "15-1252": 1.0}, cells)
    assert solved["TX"][2:4] == pytest.approx([162_000, TOP_CODE], rel=1e-7)


def test_a_top_coded_percentile_above_a_published_one_stands_there(run_sql):
    wages: Wages = (100_000, 150_000, 200_000, 262_750, TOP_CODED)
    solved = solve(run_sql, {"29-1229": 1.0}, [wage_cell("TX", "29-1229", 100, wages=wages)])
    assert solved["TX"] == pytest.approx([100_000, 150_000, 200_000, 262_750, 262_750], rel=1e-8)


def test_answers_are_bounds_from_the_lowest_top_coded_percentile_on(run_sql):
    cells = [
        wage_cell("TX", "29-1229", 100, wages=(100_000, 150_000, 200_000, 262_750, TOP_CODED)),
        wage_cell("TX", "29-1211", 100, wages=(100_000, 150_000, 200_000, TOP_CODED, TOP_CODED)),
        # nothing top-coded, though above the top code
        wage_cell("AK", "29-1229", 100, wages=(100_000, 150_000, 200_000, 262_750, 300_000)),
        # without jobs, and without a full distribution, its top-coded wages are no part of the answer
        wage_cell("AK", "29-1211", None, wages=(TOP_CODED,) * 5),
        wage_cell("AL", "29-1229", 100, wages=(100_000, 150_000, 200_000, 262_750, TOP_CODED)),
        wage_cell("AL", "29-1211", 100, wages=(None, 150_000, 200_000, TOP_CODED, TOP_CODED)),
    ]
    result = pool(run_sql, {"29-1229": 1.0, "29-1211": 0.5}, cells)
    assert result.select("area_id", "top_coded_from_usd").rows() == [("AK", None), ("AL", 262_750), ("TX", 239_200)]


def test_weights_act_like_so_many_jobs(run_sql):
    cells = [
        wage_cell("TX", "35-3023", 400, wages=LOW),
        wage_cell("TX", "15-1252", 60, wages=(21_000, 23_000, 27_000, 40_000, 90_000)),
    ]
    weighted = solve(run_sql, {"35-3023": 0.25, "15-1252": 1.0}, cells)["TX"]
    cells[0]["employment"] = 100
    assert weighted == pytest.approx(solve(run_sql, {"35-3023": 1.0, "15-1252": 1.0}, cells)["TX"], rel=1e-9)


@pytest.mark.parametrize(
    "left_out",
    [
        wage_cell("TX", "35-3023", None, wages=LOW),
        wage_cell("TX", "35-3023", 5000, wages=(20_000, 22_000, 24_000, 26_000, None)),
        wage_cell("TX", "35-3023", 5000, wages=(None, 22_000, 24_000, 26_000, 28_000)),
        wage_cell("TX", "35-3023", 5000, wages=(NOT_APPLICABLE,) * 5),
        wage_cell("TX", "35-3023", 5000, wages=LOW, group="broad"),
        wage_cell("AK", "35-3023", 5000, wages=LOW),
        wage_cell("TX", "43-4051", 5000, wages=LOW),
    ],
    ids=["no employment", "no P90", "no P10", "not applicable", "broad group", "other area", "not a member"],
)
def test_what_has_no_distribution_here_has_no_part(run_sql, left_out):
    cells = [wage_cell("TX", "15-1252", 100, wages=HIGH), left_out]
    solved = solve(run_sql, {"15-1252": 1.0, "35-3023": 1.0}, cells)
    assert solved["TX"] == pytest.approx(HIGH, rel=1e-8)


def test_a_group_without_a_distribution_in_an_area_is_absent(run_sql):
    cells = [
        wage_cell("TX", "15-1252", 100, wages=HIGH),
        wage_cell("TX", "35-3023", None, wages=LOW),
        wage_cell("AK", "35-3023", 10, wages=LOW),
        wage_cell("AK", "29-1229", 10, wages=(None,) * 5),
    ]
    result = run_sql(
        "core.group_percentile",
        {
            "core.occupation_group": [
                {"scheme": "national", "group_id": "a", "soc_code": "15-1252", "weight": 1.0},
                {"scheme": "national", "group_id": "a", "soc_code": "35-3023", "weight": 0.5},
                {"scheme": "national", "group_id": "b", "soc_code": "35-3023", "weight": 0.5},
                {"scheme": "national", "group_id": "c", "soc_code": "29-1229", "weight": 1.0},
            ],
            "core.occupation_wage": cells,
            "core.area_group_scheme": schemes(cells),
            "core.area_part": parts(cells),
        },
    )
    assert result.select("area_id", "group_id").rows() == [("AK", "a"), ("AK", "b"), ("TX", "a")]
    found = dict(zip(result.select("area_id", "group_id").rows(), result["wage_p50_usd"], strict=True))
    assert found == pytest.approx({("AK", "a"): 24_000, ("AK", "b"): 24_000, ("TX", "a"): 80_000})


def test_an_area_is_pooled_by_its_own_scheme(run_sql):
    cells = [wage_cell(area, code, 100, wages=wages) for area in ("AK", "TX") for code, wages in WAGES_OF.items()]
    members = [("national", "a", "15-1252"), ("TX", "a", "35-3023"), ("TX", "own", "15-1252")]
    result = run_sql(
        "core.group_percentile",
        {
            "core.occupation_group": [
                {"scheme": scheme, "group_id": group, "soc_code": code, "weight": 1.0}
                for scheme, group, code in members
            ],
            "core.occupation_wage": cells,
            "core.area_group_scheme": schemes(cells, TX="TX"),
            "core.area_part": parts(cells),
        },
    )
    medians = dict(zip(result.select("area_id", "group_id").rows(), result["wage_p50_usd"], strict=True))
    assert medians == pytest.approx({("AK", "a"): 80_000, ("TX", "a"): 24_000, ("TX", "own"): 80_000})


def test_a_region_pools_the_distributions_of_its_areas(run_sql):
    # 100 jobs at LOW and half of 200 at HIGH: half of the jobs earn up to the top of LOW's tail, 1.35 times 28,000
    cells = [wage_cell("C10180", "15-1252", 100, wages=LOW), wage_cell("N4800001", "15-1252", 200, wages=HIGH)]
    region = {"TX:plains": {"C10180": 1.0, "N4800001": 0.5}}
    result = run_sql(
        "core.group_percentile",
        {
            "core.occupation_group": [
                {"scheme": "TX_regions", "group_id": "a", "soc_code": "15-1252", "weight": 1.0},
            ],
            "core.occupation_wage": cells,
            "core.area_group_scheme": [{"area_id": "TX:plains", "scheme": "TX_regions"}],
            "core.area_part": parts(cells, **region),
        },
    )
    (row,) = result.iter_rows(named=True)
    assert row["area_id"] == "TX:plains"
    # a quarter of 200 jobs is LOW's middle, three quarters HIGH's; the average of the medians would be 52,000
    assert row["wage_p25_usd"] == pytest.approx(24_000)
    assert row["wage_p50_usd"] == pytest.approx(1.35 * 28_000)
    assert row["wage_p75_usd"] == pytest.approx(80_000)


# An independent way to the same figure: add up the occupations' distributions at a wage, halve the interval.


def jobs_at(log_wage: float, occupations: list[tuple[float, tuple[float, ...]]]) -> float:
    """Jobs of all occupations (jobs; P10 to P90 in USD) at or below a log wage."""
    total = 0.0
    for jobs, wages in occupations:
        knots = [math.log(wage) for wage in (0.85 * wages[0], *wages, 1.35 * wages[-1])]
        shares = (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)
        share = 0.0
        for place in range(6):
            if log_wage >= knots[place + 1]:
                share = shares[place + 1]
            elif log_wage > knots[place]:
                part = (log_wage - knots[place]) / (knots[place + 1] - knots[place])
                share = shares[place] + part * (shares[place + 1] - shares[place])
        total += jobs * share
    return total


def bisect(percentile: int, occupations: list[tuple[float, tuple[float, ...]]]) -> float:
    """The lowest wage at or below which the share of all jobs is reached."""
    # a hair below the share: on a flat stretch rounding must not carry the answer to its far end
    target = (percentile / 100 - 1e-10) * sum(jobs for jobs, _ in occupations)
    low, high = math.log(1_000), math.log(1_000_000)
    for _ in range(80):
        middle = (low + high) / 2
        if jobs_at(middle, occupations) >= target:
            high = middle
        else:
            low = middle
    return math.exp(high)


CODES = ("11-1021", "15-1252", "29-1141", "35-3023", "43-4051")


@st.composite
def published_wages(draw) -> Wages:
    """P10 to P90 as published: rounded to tens, often equal, the upper ones sometimes top-coded."""
    wage = st.integers(1_600, 40_000).map(lambda tens: tens * 10) | st.sampled_from([31_200, 52_000, TOP_CODE])
    wages = sorted(draw(st.lists(wage, min_size=5, max_size=5)))
    top_coded = draw(st.sampled_from([0, 0, 0, 1, 2, 5]))
    return (*wages[: 5 - top_coded], *[TOP_CODED] * top_coded)


AREA = st.dictionaries(st.sampled_from(CODES), st.tuples(st.integers(30, 50_000), published_wages()), min_size=1)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    areas=st.lists(AREA, min_size=1, max_size=12),
    weights=st.lists(st.sampled_from([1.0, 0.5, 1 / 3, 0.02]), min_size=5, max_size=5),
    scale=st.sampled_from([3, 10, 1000]),
)
def test_any_group_against_bisection(run_sql, areas, weights, scale):
    member_weights = dict(zip(CODES, weights, strict=True))

    def cells(factor: int) -> list[Row]:
        return [
            wage_cell(f"C{number:05}", code, factor * jobs, wages=wages)
            for number, area in enumerate(areas)
            for code, (jobs, wages) in area.items()
        ]

    solved = solve(run_sql, member_weights, cells(1))
    scaled = solve(run_sql, member_weights, cells(scale))
    assert len(solved) == len(areas)
    for area, found in solved.items():
        occupations = [
            (member_weights[cell["soc_code"]] * cell["employment"], tuple(cell[name] for name in PERCENTILE_COLUMNS))
            for cell in cells(1)
            if cell["area_id"] == area
        ]
        assert found == pytest.approx([bisect(percentile, occupations) for percentile in PERCENTILES], rel=1e-6)
        assert all(lower <= upper * (1 + 1e-12) for lower, upper in itertools.pairwise(found))
        assert found[0] >= 0.85 * min(wages[0] for _, wages in occupations) * (1 - 1e-9)
        assert found[-1] <= 1.35 * max(wages[-1] for _, wages in occupations) * (1 + 1e-9)
        assert scaled[area] == pytest.approx(found, rel=1e-6)
