from collections.abc import Sequence

import pytest
from sql_inputs import NOT_APPLICABLE, PERCENTILES, TOP_CODE, TOP_CODED, Row, area_cell, wage_cell

WAGES = (40_000, 50_000, 75_000, 90_000, 120_000)


def allocation(soc_code: str, cluster: str, sub_cluster: str, weight: float) -> Row:
    return {"soc_code": soc_code, "cluster_id": cluster, "sub_cluster_id": sub_cluster, "weight": weight}


Cell = tuple[tuple, Row]
#: Figures that core.occupation_wage does not carry.
HOURLY = [f"wage_{name}_hourly_usd" for name in ("mean", "p10", "p25", "p50", "p75", "p90")]
AREA_ONLY = {"location_quotient", *HOURLY}


def cell(*keys, **named) -> Cell:
    """One cell of core.oews_area_occupation and core.occupation_wage."""
    return keys, named


ALLOCATION = [
    allocation("15-1252", "digital", "software", 0.3),
    allocation("15-1252", "digital", "web", 0.25),
    allocation("15-1252", "advanced_manufacturing", "engineering", 0.45),
    allocation("11-1021", "management", "leadership", 1.0),
]


@pytest.fixture
def indicators(run_sql):
    def run(
        cells: list[Cell], allocations: list[Row] = ALLOCATION, regions: Sequence[Row] = ()
    ) -> dict[tuple[str, str], Row]:
        cells = [
            cell("TX", "00-0000", 10_000, group="total", wages=(20_000, 30_000, 50_000, 70_000, 90_000)),
            cell("AK", "00-0000", 1_000, group="total"),
            *cells,
        ]
        result = run_sql(
            "marts.occupation_indicators",
            {
                "core.oews_area_occupation": [area_cell(*keys, **named) for keys, named in cells],
                "core.occupation_wage": [
                    wage_cell(*keys, **{name: value for name, value in named.items() if name not in AREA_ONLY})
                    for keys, named in cells
                ],
                "reference.oews_occupation": [
                    {
                        "soc_code": code,
                        "occupation_name": f"Name of {code}",
                        "occupation_group": group,
                        "major_code": code[:2] + "-0000",
                    }
                    for code, group in {(keys[1], named.get("group", "detailed")) for keys, named in cells}
                ],
                "marts.soc_allocation": allocations,
                "core.region_wage": list(regions),
            },
        )
        keys = result.select("area_id", "soc_code").rows()
        assert keys == sorted(keys)
        return dict(zip(keys, result.iter_rows(named=True), strict=True))

    return run


def test_a_published_occupation_by_hand(indicators):
    published = cell(
        "TX",
        "15-1252",
        500,
        rse=10.0,
        mean=80_000,
        wages=WAGES,
        location_quotient=1.37,
        wage_p50_hourly_usd=36.06,
    )
    row = indicators([published])["TX", "15-1252"]
    assert row["occupation_name"] == "Name of 15-1252"
    assert row["major_code"] == "15-0000"
    assert row["period"] == "2025-05"
    assert (row["employment"], row["employment_status"]) == (500, "ok")
    assert row["employment_share_pct"] == 5  # of 10,000
    assert row["location_quotient"] == 1.37  # as published
    assert (row["employment_rse_pct"], row["reliability"]) == (10, "B")
    assert (row["employment_low"], row["employment_high"]) == (417.75, 582.25)  # 500 * (1 -/+ 0.1645)
    assert row["wage_mean_usd"] == 80_000
    assert tuple(row[f"wage_p{percentile}_usd"] for percentile in PERCENTILES) == WAGES
    assert {row[f"wage_p{percentile}_status"] for percentile in PERCENTILES} == {"ok"}
    assert (row["wage_p50_hourly_usd"], row["wage_p50_hourly_status"]) == (36.06, "ok")
    assert row["wage_premium_pct"] == 50  # 75,000 over the area's 50,000
    # digital has 0.55 of a job, manufacturing 0.45
    assert row["clusters"] == 2
    assert row["main_cluster_id"] == "digital"
    assert row["cluster_ids"] == "digital, advanced_manufacturing"


def test_withheld_figures_are_missing_with_their_status(indicators):
    row = indicators([cell("TX", "15-1252", None, mean=None)])["TX", "15-1252"]
    assert (row["employment"], row["employment_status"]) == (None, "withheld")
    for column in ("employment_share_pct", "employment_low", "employment_high", "reliability", "wage_mean_usd"):
        assert row[column] is None, column
    for percentile in PERCENTILES:
        assert (row[f"wage_p{percentile}_usd"], row[f"wage_p{percentile}_status"]) == (None, "withheld")
    assert row["wage_premium_pct"] is None


def test_statuses_stay_apart(indicators):
    rows = indicators(
        [
            cell("TX", "15-1252", 500, mean=TOP_CODED, wages=(40_000, 50_000, TOP_CODED, TOP_CODED, TOP_CODED)),
            cell("TX", "11-1021", 500, mean=NOT_APPLICABLE, wages=(NOT_APPLICABLE,) * 5),
        ]
    )
    row = rows["TX", "15-1252"]
    assert (row["wage_mean_usd"], row["wage_mean_status"]) == (TOP_CODE, "top_coded")
    assert (row["wage_p25_usd"], row["wage_p25_status"]) == (50_000, "ok")
    for percentile in (50, 75, 90):
        assert (row[f"wage_p{percentile}_usd"], row[f"wage_p{percentile}_status"]) == (TOP_CODE, "top_coded")
    assert row["wage_premium_pct"] == pytest.approx(378.4)  # at least 239,200 / 50,000 - 1
    row = rows["TX", "11-1021"]
    assert (row["wage_mean_usd"], row["wage_mean_status"]) == (None, "not_applicable")
    for percentile in PERCENTILES:
        assert (row[f"wage_p{percentile}_usd"], row[f"wage_p{percentile}_status"]) == (None, "not_applicable")


def test_an_occupation_paid_by_the_hour_alone_shows_its_hourly_wages(indicators):
    """As BLS publishes musicians and actors: they do not work all year."""
    hourly = dict(zip(HOURLY, (45.5, 20.0, 28.25, 42.46, 60.0, TOP_CODED), strict=True))
    published = cell("TX", "27-2042", 500, mean=NOT_APPLICABLE, wages=(NOT_APPLICABLE,) * 5, **hourly)
    row = indicators([published])["TX", "27-2042"]
    for name in ("mean", "p10", "p25", "p50", "p75", "p90"):
        assert (row[f"wage_{name}_usd"], row[f"wage_{name}_status"]) == (None, "hourly_only")
    assert [row[name] for name in HOURLY[:5]] == [45.5, 20.0, 28.25, 42.46, 60.0]
    assert {row[f"wage_{name}_hourly_status"] for name in ("mean", "p10", "p25", "p50", "p75")} == {"ok"}
    # at least the hourly top code
    assert (row["wage_p90_hourly_usd"], row["wage_p90_hourly_status"]) == (115.0, "top_coded")
    assert row["wage_premium_pct"] is None


@pytest.mark.parametrize(
    ("rse", "grade"), [(9.9, "A"), (10.0, "B"), (19.9, "B"), (20.0, "C"), (29.9, "C"), (30.0, "D"), (49.9, "D")]
)
def test_reliability_grades(indicators, rse, grade):
    assert indicators([cell("TX", "15-1252", 500, rse=rse)])["TX", "15-1252"]["reliability"] == grade


def test_the_interval_does_not_fall_below_no_jobs(indicators):
    row = indicators([cell("TX", "15-1252", 500, rse=80.0)])["TX", "15-1252"]
    assert (row["employment_low"], row["employment_high"]) == (0, 1158)  # 500 * (1 + 1.316)


def test_without_an_error_there_is_no_interval(indicators):
    row = indicators([cell("TX", "15-1252", 500, rse=None)])["TX", "15-1252"]
    assert (row["employment"], row["reliability"]) == (500, None)
    assert (row["employment_low"], row["employment_high"]) == (None, None)


def test_only_detailed_occupations_each_against_its_own_area(indicators):
    rows = indicators(
        [
            cell("TX", "15-0000", 900, group="major"),
            cell("TX", "15-1252", 500),
            cell("AK", "15-1252", 30, wages=WAGES),
            cell("AK", "53-7062", 20),
        ]
    )
    assert set(rows) == {("TX", "15-1252"), ("AK", "15-1252"), ("AK", "53-7062")}
    assert rows["AK", "15-1252"]["employment_share_pct"] == 3  # of 1,000
    # Alaska's own median is withheld: there is nothing to compare with
    assert rows["AK", "15-1252"]["wage_premium_pct"] is None
    # an occupation of no cluster is still there
    row = rows["AK", "53-7062"]
    assert (row["clusters"], row["main_cluster_id"], row["cluster_ids"]) == (None, None, None)


def test_the_main_cluster_heads_the_list_also_where_clusters_are_even(indicators):
    codes = [f"{major}-10{number:02}" for major in (11, 13, 15) for number in range(40)]
    # listed last first, so that none of it comes out right by the order of the input
    allocations = [
        allocation(code, cluster, f"only of {cluster}", 0.25) for code in codes for cluster in ("d", "c", "b", "a")
    ]
    rows = indicators([cell("TX", code, 10) for code in codes], allocations)
    assert {row["cluster_ids"] for row in rows.values()} == {"a, b, c, d"}
    assert {row["main_cluster_id"] for row in rows.values()} == {"a"}


def region_wage(soc_code: str, employment: float, p50: float, **named) -> Row:
    """A row of core.region_wage."""
    return {
        "area_id": "TX:plains",
        "soc_code": soc_code,
        "occupation_group": "total" if soc_code == "00-0000" else "detailed",
        "period": "2025-05",
        "employment": employment,
        "employment_status": "ok",
        "published_share": 1.0,
        "employment_rse_pct": 2.0,
        "wage_mean_status": "withheld",
        **{f"wage_p{percentile}_status": "withheld" for percentile in PERCENTILES},
        "wage_p50_usd": p50,
        "wage_p50_status": "ok",
        **named,
    }


def test_a_region_stands_beside_its_areas(indicators):
    # the nation has 1,000 of 100,000 jobs in it; the region shows 45.5 in areas with 80 % of its 4,000 jobs
    rows = indicators(
        [cell("US", "00-0000", 100_000, group="total"), cell("US", "15-1252", 1_000), cell("TX", "15-1252", 200)],
        regions=[
            region_wage("00-0000", 4_000.0, 40_000.0),
            region_wage("15-1252", 45.5, 60_000.4, employment_status="partial", published_share=0.8),
        ],
    )
    row = rows["TX:plains", "15-1252"]
    assert (row["employment"], row["employment_status"]) == (46, "partial")
    assert row["employment_share_pct"] == pytest.approx(1.1375)
    # 45.5 of 3,200 is 1.42 % against 1 %
    assert row["location_quotient"] == pytest.approx(1.42)
    assert (row["wage_p50_usd"], row["wage_p50_status"]) == (60_000, "ok")
    assert row["wage_premium_pct"] == pytest.approx(50.001)
    assert (row["wage_p10_usd"], row["wage_p10_status"]) == (None, "withheld")
    assert (row["wage_p50_hourly_usd"], row["wage_p50_hourly_status"]) == (None, "absent")
    assert row["employment_low"] == pytest.approx(45.5 * (1 - 1.645 * 0.02), abs=1e-3)
    assert ("TX:plains", "00-0000") not in rows
    assert rows["TX", "15-1252"]["location_quotient"] is None
