import pytest
from sql_inputs import PERCENTILES, TOP_CODED, Row, area_cell, schemes

COMPUTER = "publisher/15-0000/all"
ALL_JOBS = "publisher/00-0000/all"
WAGES = (30_000, 40_000, 50_000, 60_000, 70_000)
CODES = ("15-1251", "15-1252")


def detail(area: str, wages=(WAGES, WAGES), jobs=(500, 500)) -> list[Row]:
    return [area_cell(area, code, count, wages=wage) for code, wage, count in zip(CODES, wages, jobs, strict=True)]


def published(area: str, employment: int = 1000, code: str = "15-0000", **figures) -> Row:
    figures = {"mean": 50_000, "wages": WAGES, **figures}
    return area_cell(area, code, employment, group="total" if code == "00-0000" else "major", **figures)


def total(area: str, group: str = COMPUTER, **figures) -> Row:
    return {
        "area_id": area,
        "group_id": group,
        "employment": 1000.0,
        "wage_mean_usd": 50_000.0,
        "has_top_coded_mean": False,
        "wage_coverage_pct": 100.0,
        **figures,
    }


def pooled(area: str, wages, group: str = COMPUTER) -> Row:
    names = [f"wage_p{percentile}_usd" for percentile in PERCENTILES]
    return {"area_id": area, "group_id": group, **dict(zip(names, map(float, wages), strict=True))}


@pytest.fixture
def accuracy(run_sql):
    """Rows by area type, grouping, statistic and method."""

    def run(cells: list[Row], totals: list[Row], percentiles: list[Row]) -> dict[tuple[str, str, str, str], Row]:
        groups = [(COMPUTER, "soc_major", "15-0000"), (ALL_JOBS, "soc_all", "00-0000")]
        result = run_sql(
            "quality.method_accuracy",
            {
                "core.oews_area_occupation": cells,
                "core.occupation_group": [
                    *(
                        {
                            "scheme": "national",
                            "group_id": name,
                            "level": level,
                            "cluster_id": code,
                            "basis": "publisher",
                            "soc_code": soc,
                        }
                        for name, level, code in groups
                        for soc in CODES
                    ),
                    # clusters have no published figure to be held against
                    {
                        "scheme": "national",
                        "group_id": "duplicated/digital/all",
                        "level": "cluster",
                        "basis": "duplicated",
                        "soc_code": CODES[0],
                    },
                ],
                "core.area_group_scheme": schemes(cells),
                "core.group_total": totals,
                "core.group_percentile": percentiles,
                "reference.area": [
                    {"area_id": area, "area_type": "metro" if area.startswith("C") else "state"}
                    for area in ("AK", "TX", "VT", "C26420")
                ],
            },
        )
        rows = list(result.iter_rows(named=True))
        found = {(row["area_type"], row["grouping"], row["statistic"], row["method"]): row for row in rows}
        assert len(found) == len(rows)
        return found

    return run


def test_errors_by_hand(accuracy):
    medians = {"AK": 50_500, "TX": 49_000, "VT": 53_000}
    rows = accuracy(
        [row for area in medians for row in (published(area), *detail(area))],
        [total("AK", wage_mean_usd=50_500.0), total("TX", wage_mean_usd=49_000.0), total("VT", wage_mean_usd=53_000.0)],
        [pooled(area, (30_000, 40_000, p50, 60_000, 70_000)) for area, p50 in medians.items()],
    )
    errors = ("median_abs_error_pct", "mean_abs_error_pct", "p90_abs_error_pct", "max_abs_error_pct", "bias_pct")
    for statistic in ("p50", "mean"):
        row = rows["state", "major group", statistic, "pooled"]
        assert row["groups"] == 3
        # Errors of +1, -2 and +6 %. The 90th percentile of 1, 2, 6 lies 0.8 of the way from 2 to 6.
        assert [row[name] for name in errors] == pytest.approx([2, 3, 5.2, 6, 1.6667])
    for statistic in ("p10", "p25", "p75", "p90"):
        row = rows["state", "major group", statistic, "pooled"]
        assert [row[name] for name in ("groups", *errors)] == pytest.approx([3, 0, 0, 0, 0, 0], abs=1e-9)


def test_the_average_of_percentiles_weighs_by_jobs(accuracy):
    wages = ((30_000, 40_000, 50_000, 60_000, 70_000), (40_000, 60_000, 90_000, 100_000, 170_000))
    rows = accuracy(
        [published("TX"), *detail("TX", wages, (750, 250))],
        [total("TX")],
        [pooled("TX", WAGES)],
    )
    # three parts of the first to one of the second: 32,500, 45,000, 60,000, 70,000, 95,000 against WAGES
    expected = {"p10": 8.3333, "p25": 12.5, "p50": 20, "p75": 16.6667, "p90": 35.7143}
    for statistic, error in expected.items():
        row = rows["state", "major group", statistic, "average_of_medians"]
        assert (row["groups"], row["bias_pct"]) == (1, pytest.approx(error, abs=1e-4))
        assert rows["state", "major group", statistic, "pooled"]["max_abs_error_pct"] == pytest.approx(0, abs=1e-9)
    assert ("state", "major group", "mean", "average_of_medians") not in rows


def test_withheld_parts_weigh_nothing_in_the_average(accuracy):
    wages = ((30_000, 40_000, 55_000, 60_000, 70_000), (None,) * 5)
    rows = accuracy([published("TX"), *detail("TX", wages)], [total("TX")], [pooled("TX", WAGES)])
    assert rows["state", "major group", "p50", "average_of_medians"]["bias_pct"] == pytest.approx(10)


def test_area_types_and_groupings_are_kept_apart(accuracy):
    rows = accuracy(
        [
            published("TX"),
            published("TX", 1000, "00-0000"),
            *detail("TX"),
            published("C26420"),
            *detail("C26420"),
        ],
        [total("TX"), total("TX", ALL_JOBS), total("C26420")],
        [
            pooled("TX", (30_000, 40_000, 51_000, 60_000, 70_000)),
            pooled("TX", (30_000, 40_000, 52_000, 60_000, 70_000), ALL_JOBS),
            pooled("C26420", (30_000, 40_000, 47_000, 60_000, 70_000)),
        ],
    )
    bias = {key[:2]: row["bias_pct"] for key, row in rows.items() if key[2:] == ("p50", "pooled")}
    assert bias == pytest.approx({("state", "major group"): 2, ("state", "all jobs"): 4, ("metro", "major group"): -6})
    # 2 groupings of the state and 1 of the metro, each with 6 pooled and 5 averaged statistics
    assert len(rows) == 33
    assert {row["groups"] for row in rows.values()} == {1}


@pytest.mark.parametrize(
    ("figures", "tested"),
    [
        ({"employment": 950.0}, True),
        ({"employment": 949.0}, False),
        ({"wage_coverage_pct": 95.0}, True),
        ({"wage_coverage_pct": 94.9}, False),
        ({"employment": None, "wage_coverage_pct": None}, False),
    ],
)
def test_groups_published_too_little_in_detail_are_left_out(accuracy, figures, tested):
    rows = accuracy([published("TX"), *detail("TX")], [total("TX", **figures)], [pooled("TX", WAGES)])
    assert len(rows) == (11 if tested else 0)


def test_bounds_are_no_figures_to_be_held_against(accuracy):
    rows = accuracy(
        [published("TX", wages=(30_000, 40_000, 50_000, TOP_CODED, None)), *detail("TX")],
        [total("TX", has_top_coded_mean=True)],
        [pooled("TX", WAGES)],
    )
    pooled_statistics = {key[2] for key in rows if key[3] == "pooled"}
    assert pooled_statistics == {"p10", "p25", "p50"}
    assert {key[2] for key in rows if key[3] == "average_of_medians"} == pooled_statistics
