"""core.group_percentile from distributions that are stored, against mixes worked out by hand.

Occupations have their base shape: log wage linear in the normal score z between percentiles. Wages are read on a grid,
so that they come back within 0.4 percent.
"""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.estimation.distribution import LOWEST, POINTS, base_shape
from pipelines.estimation.program_tables import make_program_wages
from pipelines.estimation.scale import LINES, Scale
from pipelines.estimation.tables import make_percentiles, scale_frame

Wages = tuple[float, ...]
Row = dict[str, object]
PERCENTS = (10, 25, 50, 75, 90)
COLUMNS = [f"wage_p{percent}_usd" for percent in PERCENTS]
LOW: Wages = (20_000, 22_000, 24_000, 26_000, 28_000)
HIGH: Wages = (50_000, 60_000, 80_000, 100_000, 120_000)
GRID = 4e-3


def cell(
    soc: str,
    published: float | None,
    wages: Wages | None,
    *,
    area: str = "TX",
    estimate: float = 0.0,
    is_modelled: bool = False,
    top_coded_from: float | None = None,
) -> Row:
    """An occupation's jobs in an area and the P10 to P90 of its distribution."""
    return {
        "area_id": area,
        "soc_code": soc,
        "employment_published": published,
        "employment_estimate": estimate if published is None else published,
        "wages": wages,
        "is_modelled": is_modelled,
        "top_coded_from_usd": top_coded_from,
    }


def stored(row: Row) -> list[int]:
    """The 29 steps of 0.01 percent that a distribution is stored as."""
    wages, bound = row["wages"], row["top_coded_from_usd"]
    assert isinstance(wages, tuple)
    points = base_shape(np.log(np.array([wages], dtype=float)))[0]
    points = np.minimum(points, math.log(bound) if isinstance(bound, float) else math.inf)
    return np.clip(np.rint((points - LOWEST) / 1e-4), 0, 2**16 - 1).astype(int).tolist()


def group(soc: str, weight: float = 1.0, *, name: str = "a", scheme: str = "national", level: str = "cluster") -> Row:
    return {"scheme": scheme, "group_id": name, "level": level, "soc_code": soc, "weight": weight}


def frames(cells: list[Row]) -> dict[str, pl.DataFrame]:
    """core.occupation_estimate, core.wage_distribution and an even core.wage_scale of these cells."""
    estimates = pl.DataFrame(cells, infer_schema_length=None).drop("wages", "is_modelled", "top_coded_from_usd")
    with_wages = [row for row in cells if row["wages"] is not None]
    return {
        "core.wage_scale": scale_frame(Scale(LINES)),
        "core.occupation_estimate": estimates.cast(
            {"employment_published": pl.Float64, "employment_estimate": pl.Float64}
        ),
        "core.wage_distribution": pl.DataFrame(
            {
                **{name: [row[name] for row in with_wages] for name in ("area_id", "soc_code", "is_modelled")},
                "top_coded_from_usd": pl.Series([row["top_coded_from_usd"] for row in with_wages], dtype=pl.Float64),
                "log_wage_steps": pl.Series(
                    [stored(row) for row in with_wages], dtype=pl.Array(pl.UInt16, len(POINTS))
                ),
            }
        ),
    }


def pooled(
    cells: list[Row],
    groups: list[Row],
    parts: list[tuple[str, str, float]] | None = None,
    schemes: dict[str, str] | None = None,
) -> dict[tuple[str, str], Row]:
    """Rows by area and group; every area is by itself and national unless said otherwise."""
    areas = sorted({str(row["area_id"]) for row in cells})
    made = make_percentiles(
        {
            **frames(cells),
            "core.occupation_group": pl.DataFrame(groups),
            "core.area_part": pl.DataFrame(
                parts or [(area, area, 1.0) for area in areas],
                schema=["area_id", "part_area_id", "share"],
                orient="row",
            ),
            "core.area_group_scheme": pl.DataFrame(
                list((schemes or dict.fromkeys(areas, "national")).items()), schema=["area_id", "scheme"], orient="row"
            ),
        }
    )["core.group_percentile"]
    return {(str(row["area_id"]), str(row["group_id"])): row for row in made.iter_rows(named=True)}


def solve(cells: list[Row], weights: dict[str, float]) -> list[float]:
    """P10 to P90 of the one group of the weighted occupations in TX."""
    row = pooled(cells, [group(soc, weight) for soc, weight in weights.items()])["TX", "a"]
    return [float(str(row[column])) for column in COLUMNS]


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
def test_one_occupation_has_its_own_percentiles(wages: Wages, weight: float) -> None:
    assert solve([cell("15-1252", 170, wages)], {"15-1252": weight}) == pytest.approx(wages, rel=GRID)


def test_two_alike_occupations_have_the_percentiles_of_either() -> None:
    cells = [cell("15-1252", 90, HIGH), cell("15-1211", 1230, HIGH)]
    assert solve(cells, {"15-1252": 1.0, "15-1211": 0.4}) == pytest.approx(HIGH, rel=GRID)


def test_two_occupations_apart_by_hand() -> None:
    cells = [cell("35-3023", 100, LOW), cell("15-1252", 100, HIGH)]
    solved = solve(cells, {"35-3023": 1.0, "15-1252": 1.0})
    # 20 jobs: LOW at 0.20, z = -0.8416; from P10, z = -1.2816, to P25, z = -0.6745, that is 0.7247 of the way
    assert solved[0] == pytest.approx(20_000 * 1.1**0.7247, rel=GRID)
    # 50 jobs are LOW's median, 150 HIGH's
    assert (solved[1], solved[3]) == (pytest.approx(24_000, rel=GRID), pytest.approx(80_000, rel=GRID))
    # 100 jobs: all of LOW and none of HIGH, anywhere between them
    assert 28_000 < solved[2] < 50_000
    # 180 jobs: HIGH at 0.80, z = 0.8416, 0.2753 of the way from P75 to P90
    assert solved[4] == pytest.approx(100_000 * 1.2**0.2753, rel=GRID)


def test_two_occupations_that_overlap_by_hand() -> None:
    cells = [
        cell("15-1252", 300, (30_000, 40_000, 80_000, 120_000, 150_000)),
        cell("35-3023", 100, (20_000, 30_000, 40_000, 80_000, 90_000)),
    ]
    p50 = solve(cells, {"15-1252": 1.0, "35-3023": 1.0})[2]
    # At 0.757 of the way in log wage from 40,000 to 80,000, z is -0.1639 and 0.5106: of 300 jobs 43.49 percent and of
    # 100 jobs 69.52 percent are below, together 200.
    assert p50 == pytest.approx(40_000 * 2**0.757, rel=GRID)
    # Averaging the medians would say (300 * 80,000 + 100 * 40,000) / 400 = 70,000.
    assert abs(p50 - 70_000) > 2_000


def test_a_percentile_met_on_a_step_is_the_step() -> None:
    # everyone up to LOW's median earns 30,000, so that it holds 50 of 200 jobs
    cells = [cell("35-3023", 100, (30_000, 30_000, 30_000, 36_000, 36_000)), cell("15-1252", 100, HIGH)]
    solved = solve(cells, {"35-3023": 1.0, "15-1252": 1.0})
    assert solved[:2] == pytest.approx([30_000, 30_000], rel=GRID)


def test_weights_act_like_so_many_jobs() -> None:
    others = cell("15-1252", 60, (21_000, 23_000, 27_000, 40_000, 90_000))
    weighted = solve([cell("35-3023", 400, LOW), others], {"35-3023": 0.25, "15-1252": 1.0})
    assert weighted == solve([cell("35-3023", 100, LOW), others], {"35-3023": 1.0, "15-1252": 1.0})


def test_withheld_occupations_count_with_their_estimated_jobs() -> None:
    withheld = cell("35-3023", None, LOW, estimate=100.0, is_modelled=True)
    row = pooled([withheld, cell("15-1252", 100, HIGH)], [group("35-3023"), group("15-1252")])["TX", "a"]
    assert row["wage_employment"] == 200
    assert row["wage_p25_usd"] == pytest.approx(24_000, rel=GRID)


def test_a_single_occupation_rests_on_published_cells_only() -> None:
    cells = [
        cell("15-1252", 100, HIGH, area="C1"),
        cell("15-1252", None, LOW, area="C2", estimate=100.0, is_modelled=True),
        # jobs published, wages estimated
        cell("15-1252", 100, LOW, area="C3", is_modelled=True),
    ]
    groups = [group("15-1252", name=name, scheme="TX_regions", level=name) for name in ("occupation", "cluster")]
    parts = [("TX:all", area, 1.0) for area in ("C1", "C2", "C3")]
    rows = pooled(cells, groups, parts, {"TX:all": "TX_regions"})
    assert rows["TX:all", "occupation"]["wage_employment"] == 100
    assert rows["TX:all", "occupation"]["wage_p50_usd"] == pytest.approx(80_000, rel=GRID)
    assert rows["TX:all", "cluster"]["wage_employment"] == 300


def test_top_coded_percentiles_stand_at_the_bound() -> None:
    top = cell("29-1229", 100, (100_000, 150_000, 200_000, 239_200, 239_200), top_coded_from=239_200.0)
    row = pooled([top], [group("29-1229")])["TX", "a"]
    assert [row[column] for column in COLUMNS[3:]] == [239_200, 239_200]
    assert row["wage_p50_usd"] == pytest.approx(200_000, rel=GRID)
    assert row["top_coded_from_usd"] == 239_200


def test_the_lowest_bound_of_the_members_with_jobs_counts() -> None:
    high = cell("29-1229", 100, (100_000, 150_000, 200_000, 262_750, 262_750), top_coded_from=262_750.0)
    low = cell("29-1211", 100, (100_000, 150_000, 200_000, 239_200, 239_200), top_coded_from=239_200.0)
    nobody = {**low, "area_id": "AL", "employment_published": 0.0, "employment_estimate": 0.0}
    plain = cell("29-1141", 100, HIGH, area="AK")
    cells = [high, low, {**high, "area_id": "AL"}, nobody, plain]
    rows = pooled(cells, [group("29-1229"), group("29-1211", 0.5), group("29-1141")])
    bounds = {area: row["top_coded_from_usd"] for (area, _), row in rows.items()}
    assert bounds == {"AK": None, "AL": 262_750, "TX": 239_200}


def test_a_group_without_a_distribution_in_an_area_is_absent() -> None:
    cells = [
        cell("15-1252", 100, HIGH),
        cell("35-3023", None, None, estimate=0.4),
        cell("35-3023", 10, LOW, area="AK"),
        cell("29-1229", 10, None, area="AK"),
    ]
    groups = [
        group("15-1252"),
        group("35-3023", 0.5),
        group("35-3023", 0.5, name="b"),
        group("29-1229", name="c"),
    ]
    rows = pooled(cells, groups)
    assert list(rows) == [("AK", "a"), ("AK", "b"), ("TX", "a")]
    # jobs without a distribution do not count
    assert rows["AK", "a"]["wage_employment"] == 5
    assert rows["TX", "a"]["wage_employment"] == 100


def test_an_area_is_pooled_by_its_own_scheme() -> None:
    cells = [cell(soc, 100, wages, area=area) for area in ("AK", "TX") for soc, wages in (("1", HIGH), ("2", LOW))]
    groups = [group("1"), group("2", scheme="TX"), group("1", name="own", scheme="TX")]
    rows = pooled(cells, groups, schemes={"AK": "national", "TX": "TX"})
    medians = {key: row["wage_p50_usd"] for key, row in rows.items()}
    expected = {("AK", "a"): 80_000, ("TX", "a"): 24_000, ("TX", "own"): 80_000}
    assert medians == {key: pytest.approx(median, rel=GRID) for key, median in expected.items()}


def test_a_region_pools_the_distributions_of_its_areas() -> None:
    # 100 jobs at LOW and half of 200 at HIGH; the average of the medians would be 52,000
    cells = [cell("15-1252", 100, LOW, area="C10180"), cell("15-1252", 200, HIGH, area="N4800001")]
    parts = [("TX:plains", "C10180", 1.0), ("TX:plains", "N4800001", 0.5)]
    rows = pooled(cells, [group("15-1252", scheme="TX_regions")], parts, {"TX:plains": "TX_regions"})
    row = rows["TX:plains", "a"]
    assert row["wage_employment"] == 200
    assert row["wage_p25_usd"] == pytest.approx(24_000, rel=GRID)
    assert row["wage_p75_usd"] == pytest.approx(80_000, rel=GRID)


def test_an_overlay_leaves_all_other_areas_as_they_are() -> None:
    # regions, sub-clusters of its own and a tag: groups of an own scheme, over areas that are there already
    cells = [
        cell(soc, 100, wages, area=area) for area in ("C1", "TX", "US") for soc, wages in (("1", HIGH), ("2", LOW))
    ]
    groups = [group("1"), group("2", 0.25), group("2", 0.75, name="b", level="sub_cluster")]
    alone = pooled(cells, groups)
    own = [group("1", scheme="TX"), group("1", scheme="TX", name="own", level="sub_cluster"), group("2", scheme="TX")]
    tag = [group("2", scheme="TX", name="tag", level="tag")]
    parts = [
        ("C1", "C1", 1.0),
        ("TX", "TX", 1.0),
        ("US", "US", 1.0),
        ("TX:plains", "C1", 0.5),
        ("TX:plains", "TX", 0.1),
    ]
    schemes = {"C1": "national", "TX": "national", "US": "national", "TX:plains": "TX"}
    beside = pooled(cells, [*groups, *own, *tag], parts, schemes)
    assert {name for area, name in beside if area == "TX:plains"} == {"a", "own", "tag"}
    assert {key: row for key, row in beside.items() if key[0] != "TX:plains"} == alone


def share_below(row: Row, wage: float) -> float:
    """The share of an occupation's jobs below a wage, by interpolating its stored points."""
    points = [5000 * math.exp(step / 10_000) for step in stored(row)]
    if wage <= points[0]:
        return 0.0
    for low, high, start, end in zip(points, points[1:], POINTS, POINTS[1:], strict=False):
        if wage < high:
            return float(start + (end - start) * math.log(wage / low) / math.log(high / low))
    return 1.0


@st.composite
def published(draw: st.DrawFn) -> Wages:
    """P10 to P90 as published: rounded to tens, often equal."""
    wage = st.integers(1_600, 20_000).map(lambda tens: tens * 10) | st.sampled_from([31_200, 52_000])
    return tuple(sorted(draw(st.lists(wage, min_size=5, max_size=5))))


CODES = ("11-1021", "15-1252", "29-1141", "35-3023", "43-4051")


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    area=st.dictionaries(st.sampled_from(CODES), st.tuples(st.integers(30, 50_000), published()), min_size=1),
    weights=st.lists(st.sampled_from([1.0, 0.5, 1 / 3, 0.02]), min_size=5, max_size=5),
)
def test_any_mix_has_so_many_jobs_below_each_percentile(
    area: dict[str, tuple[int, Wages]], weights: list[float]
) -> None:
    """Just below the wage are at most so many jobs, just above it at least so many."""
    weight = dict(zip(CODES, weights, strict=True))
    cells = [cell(soc, jobs, wages) for soc, (jobs, wages) in area.items()]
    total = sum(weight[soc] * jobs for soc, (jobs, _) in area.items())
    for percent, wage in zip(PERCENTS, solve(cells, weight), strict=True):
        below, above = (
            sum(
                weight[str(row["soc_code"])] * area[str(row["soc_code"])][0] * share_below(row, wage * by)
                for row in cells
            )
            for by in (1 - GRID, 1 + GRID)
        )
        assert below / total - 1e-6 <= percent / 100 <= above / total + 1e-6


def program_wages(
    cells: list[Row], links: dict[str, tuple[str, ...]], **own: tuple[str, ...]
) -> dict[str, tuple[int, str]]:
    """Median and status by program in Texas; `own` is Texas's own list, of programs in the form p01_0101."""
    own_links = {program[1:].replace("_", "."): found for program, found in own.items()}
    made = make_program_wages(
        {
            **frames(cells),
            "reference.area": pl.DataFrame({"area_id": ["TX", "C10000"], "area_type": ["state", "metro"]}),
            "core.program_link": pl.DataFrame(
                [
                    {"link_list": name, "cip_code": cip, "soc_code": soc}
                    for name, programs in (("US", links), ("TX", own_links))
                    for cip, found in programs.items()
                    for soc in found
                ]
            ),
        }
    )["core.program_wage"]
    assert made["area_id"].unique().to_list() == ["TX"]
    return {row["cip_code"]: (row["wage_p50_usd"], row["wage_p50_status"]) for row in made.to_dicts()}


def test_a_programs_wage_is_that_of_its_published_occupations_together() -> None:
    cells = [
        cell("11-1011", 100.0, LOW),
        cell("29-1141", 300.0, HIGH),
        # an estimated cell is not for publication by itself
        cell("31-1131", None, LOW, estimate=500.0, is_modelled=True),
        cell("29-1141", 900.0, LOW, area="C10000"),
    ]
    found = program_wages(cells, {"01.0101": ("11-1011",), "02.0101": ("29-1141", "31-1131"), "03.0101": ("31-1131",)})
    assert found["01.0101"] == (pytest.approx(24_000, rel=GRID), "ok")
    assert found["02.0101"] == (pytest.approx(80_000, rel=GRID), "ok")
    assert "03.0101" not in found
    # a quarter of the 400 jobs is low, so that the median is where a third of the high ones ends
    (wage, _) = program_wages(cells, {"04.0101": ("11-1011", "29-1141")})["04.0101"]
    assert 60_000 < wage < 80_000
    # a state with a list of its own has no program of the other
    own = program_wages(cells, {"01.0101": ("11-1011",), "02.0101": ("11-1011",)}, p01_0101=("29-1141",))
    assert own == {"01.0101": (pytest.approx(80_000, rel=GRID), "ok")}
    at_top = [cell("29-1141", 300.0, (50_000, 60_000, 70_000, 70_000, 70_000), top_coded_from=70_000.0)]
    assert program_wages(at_top, {"05.0101": ("29-1141",)})["05.0101"][1] == "top_coded"
