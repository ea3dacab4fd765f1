"""Regions by occupation: sums and pooled percentiles of their metro and nonmetro areas, each by its share."""

import math

import pytest
from sql_inputs import PERCENTILE_COLUMNS, TOP_CODE, TOP_CODED, Row, parts, wage_cell

WAGES = (20_000, 30_000, 40_000, 50_000, 60_000)
REGION = "TX:plains"


def total(area: str, employment: int | None, rse: float = 1.0) -> Row:
    return wage_cell(area, "00-0000", employment, group="total", rse=rse, mean=50_000, wages=WAGES)


def occupations(run_sql, cells: list[Row], shares: dict[str, float]) -> dict[str, Row]:
    """Rows of core.region_occupation by occupation."""
    result = run_sql(
        "core.region_occupation", {"core.area_part": parts(cells, **{REGION: shares}), "core.occupation_wage": cells}
    )
    assert set(result["area_id"]) == {REGION}
    return {row["soc_code"]: row for row in result.iter_rows(named=True)}


def test_sums_over_the_areas_by_hand(run_sql):
    rows = occupations(
        run_sql,
        [
            total("C1", 1_000),
            total("N1", 600),
            wage_cell("C1", "29-1141", 100, rse=10.0, mean=60_000, wages=WAGES),
            wage_cell("N1", "29-1141", 80, rse=5.0, mean=90_000, wages=(None,) * 5),
            total("C2", 50_000),
            wage_cell("C2", "29-1141", 9_000),
        ],
        {"C1": 1.0, "N1": 0.5},
    )
    row = rows["29-1141"]
    assert row["employment"] == 140  # 100 and half of 80
    # of 1,000 and 300 jobs all are in areas that publish it
    assert row["published_share"] == pytest.approx(1)
    assert row["wage_mean_usd"] == pytest.approx((100 * 60_000 + 40 * 90_000) / 140)
    # errors of 10 and 2 jobs
    assert row["employment_rse_pct"] == pytest.approx(100 * math.sqrt(10**2 + 2**2) / 140)
    assert (row["wage_mean_employment"], row["wage_percentile_employment"]) == (140, 100)
    assert rows["00-0000"]["employment"] == 1_300


def test_what_an_area_withholds_is_missing_and_not_zero(run_sql):
    rows = occupations(
        run_sql,
        [
            total("C1", 750),
            total("C2", 250),
            wage_cell("C1", "29-1141", 40),
            wage_cell("C2", "29-1141", None),
            wage_cell("C1", "15-1252", None),
            wage_cell("C2", "47-2111", 10, rse=None),
        ],
        {"C1": 1.0, "C2": 1.0},
    )
    assert (rows["29-1141"]["employment"], rows["29-1141"]["published_share"]) == (40, 0.75)
    assert (rows["15-1252"]["employment"], rows["15-1252"]["published_share"]) == (None, 0)
    assert rows["15-1252"]["wage_mean_usd"] is None
    # an area that does not list the occupation does not publish it either; a missing error is not zero
    assert (rows["47-2111"]["employment"], rows["47-2111"]["published_share"]) == (10, 0.25)
    assert rows["47-2111"]["employment_rse_pct"] is None


#: Percentiles pooled over the region's areas, and the wage from which they are lower bounds.
Pooled = tuple[tuple[float, ...], float | None]
ALL = {"publisher/00-0000/all": ((21_000.0, 31_000.0, 41_000.0, 51_000.0, 61_000.0), None)}


def figures(run_sql, cells: list[Row], shares: dict[str, float], pooled: dict[str, Pooled]) -> dict[str, Row]:
    """Rows of core.region_wage by occupation, from what core.group_percentile has of the region's groups."""
    part = parts(cells, **{REGION: shares})
    percentiles = [
        {
            "area_id": REGION,
            "group_id": group,
            **dict(zip(PERCENTILE_COLUMNS, wages, strict=True)),
            "top_coded_from_usd": bound,
        }
        for group, (wages, bound) in (ALL | pooled).items()
    ]
    result = run_sql(
        "core.region_wage",
        {
            "core.area_part": part,
            "core.region_occupation": run_sql(
                "core.region_occupation", {"core.area_part": part, "core.occupation_wage": cells}
            ),
            "core.group_percentile": percentiles,
        },
    )
    return {row["soc_code"]: row for row in result.iter_rows(named=True)}


def of_one(soc_code: str, wages: tuple[float, ...] = WAGES, bound: float | None = None) -> dict[str, Pooled]:
    return {f"occupation/{soc_code}/all": (wages, bound)}


def test_a_region_of_one_area_has_its_jobs_and_the_pooled_wages(run_sql):
    cells = [total("C1", 1_000, 0.7), wage_cell("C1", "29-1141", 100, rse=10.0, mean=60_000, wages=WAGES)]
    rows = figures(run_sql, cells, {"C1": 1.0}, of_one("29-1141"))
    for cell in cells:
        row = rows[cell["soc_code"]]
        for column in ("employment", "employment_rse_pct", "wage_mean_usd"):
            assert row[column] == pytest.approx(cell[column]), column
        assert {row[name] for name in row if name.endswith("_status")} == {"ok"}
    assert [rows["29-1141"][column] for column in PERCENTILE_COLUMNS] == list(WAGES)
    # the percentiles of all jobs are those of the group of all occupations
    assert rows["00-0000"]["wage_p50_usd"] == 41_000


def test_statuses_say_what_is_missing(run_sql):
    cells = [
        total("C1", 500),
        total("C2", 500),
        wage_cell("C1", "29-1141", 100, wages=WAGES),
        wage_cell("C2", "29-1141", None, wages=(None,) * 5),
        wage_cell("C1", "15-1252", None),
        wage_cell("C1", "11-1021", 50, mean=None, wages=WAGES),
        wage_cell("C2", "11-1021", 50, wages=(None,) * 5),
        wage_cell("C1", "29-1229", 30, mean=TOP_CODED, wages=(100_000, 200_000, TOP_CODED, TOP_CODED, TOP_CODED)),
        wage_cell("C2", "29-1229", 30, wages=(90_000, 150_000, 180_000, 300_000, 400_000)),
    ]
    # three quarters of the second area's jobs are under 300,000, which is above what is known of the first
    top = of_one("29-1229", (92_000.0, 160_000.0, 195_000.0, 265_000.0, 350_000.0), TOP_CODE)
    rows = figures(run_sql, cells, {"C1": 1.0, "C2": 1.0}, of_one("29-1141") | of_one("11-1021") | top)
    assert (rows["29-1141"]["employment"], rows["29-1141"]["employment_status"]) == (100, "partial")
    # the percentiles stand on all jobs in employment
    assert rows["29-1141"]["wage_p50_status"] == "ok"
    assert (rows["15-1252"]["employment"], rows["15-1252"]["employment_status"]) == (None, "withheld")
    assert (rows["15-1252"]["wage_p50_usd"], rows["15-1252"]["wage_p50_status"]) == (None, "withheld")
    assert rows["11-1021"]["employment_status"] == "ok"
    assert (rows["11-1021"]["wage_mean_status"], rows["11-1021"]["wage_p50_status"]) == ("partial", "partial")
    top = rows["29-1229"]
    assert (top["wage_mean_status"], top["wage_p90_status"]) == ("top_coded", "top_coded")
    assert (top["wage_p75_usd"], top["wage_p90_usd"]) == (TOP_CODE, TOP_CODE)
    assert (top["wage_p10_usd"], top["wage_p10_status"]) == (92_000, "ok")


def test_figures_that_rest_on_a_share_are_modelled(run_sql):
    cells = [total("C1", 500), total("C2", 500), wage_cell("C1", "29-1141", 100, wages=WAGES)]
    rows = figures(run_sql, cells, {"C1": 0.4, "C2": 1.0}, of_one("29-1141"))
    assert (rows["29-1141"]["employment"], rows["29-1141"]["employment_status"]) == (40, "modelled")
    assert (rows["00-0000"]["employment"], rows["00-0000"]["employment_status"]) == (700, "modelled")


def test_without_the_total_of_an_area_a_region_has_none(run_sql):
    cells = [total("C1", 500), total("C2", None), wage_cell("C1", "29-1141", 100, wages=WAGES)]
    rows = figures(run_sql, cells, {"C1": 1.0, "C2": 1.0}, of_one("29-1141"))
    assert (rows["00-0000"]["employment"], rows["00-0000"]["employment_status"]) == (None, "withheld")
    assert rows["29-1141"]["employment"] == 100
