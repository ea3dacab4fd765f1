import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from qcew_inputs import add_up, chain, core_cell, core_industry, industry_table, naics_home, raw_tree
from sql_inputs import Row

from pipelines.estimation.industry_tables import fill_frames

Key = tuple[str, str, str, str, str, int]

#: 11 is one cluster of two sub-clusters, 21 another cluster, 99 nobody's.
INDUSTRIES = [
    core_industry("10", None, sums="none"),
    core_industry("1011", None, sums="none"),
    core_industry("11", "agriculture", sums="cluster"),
    core_industry("111", "agriculture/plants", sums="sub_cluster"),
    core_industry("112", "agriculture/animals", sums="sub_cluster"),
    core_industry("1121", "agriculture/animals", sums="none"),
    core_industry("21", "energy/resources"),
    core_industry("99", "unassigned/unassigned"),
]


def every_year(*years: int) -> list[Row]:
    return [{**row, "year": year} for year in years for row in INDUSTRIES]


@pytest.fixture
def indicators(run_indicators):
    """By area, ownership, level, cluster, sub-cluster and year, the rows."""

    def run(
        cells: list[Row],
        industries: list[Row] | None = None,
        fill: tuple[Row, ...] | list[Row] = (),
        **others: list[Row],
    ) -> dict[Key, Row]:
        result = run_indicators(
            {
                "core.qcew_cell": cells,
                "core.qcew_industry": INDUSTRIES if industries is None else industries,
                "core.qcew_fill": list(fill),
                **{f"core.{name}": rows for name, rows in others.items()},
            },
        )
        keys = ("area_id", "ownership", "level", "cluster_id", "sub_cluster_id", "year")
        rows = {tuple(row[key] for key in keys): row for row in result.iter_rows(named=True)}
        assert len(rows) == result.height
        return rows

    return run


def key(cluster: str, sub_cluster: str = "all", *, area: str = "TX", ownership: str = "all", year: int = 2024) -> Key:
    level = "all" if cluster == "all" else "cluster" if sub_cluster == "all" else "sub_cluster"
    return area, ownership, level, cluster, sub_cluster, year


def estimate(code: str, jobs: float, *, area: str = "TX", own: str = "5", year: int = 2024) -> Row:
    """A row of core.qcew_fill."""
    return {"area_id": area, "year": year, "own_code": own, "naics_code": code, "employment_estimate": jobs}


def figures(row: Row, *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def jobs_and_bounds(row: Row) -> tuple[Any, ...]:
    return figures(row, "employment", "employment_low", "employment_high", "cells", "cells_withheld", "status")


#: Private 10 = 400: 11 = 300 (111 = 180, 112 = 120), 21 = 90, 99 = 10; federal 10 = 60, all of it 21; local 10 = 40,
#: all of it 112.
PUBLISHED = [
    core_cell("10", 400.0, establishments=21.0),
    core_cell("1011", 390.0, establishments=18.0),
    core_cell("11", 300.0, establishments=10.0, wages_usd=9_000_000.0),
    core_cell("111", 180.0, establishments=6.0),
    core_cell("112", 120.0, establishments=4.0),
    core_cell("1121", 120.0, establishments=4.0),
    core_cell("21", 90.0, establishments=8.0, wages_usd=9_000_000.0),
    core_cell("99", 10.0, establishments=3.0),
    core_cell("10", 60.0, own="1", establishments=2.0),
    core_cell("21", 60.0, own="1", establishments=2.0, wages_usd=3_000_000.0),
    core_cell("10", 40.0, own="3", establishments=1.0),
    core_cell("11", 40.0, own="3", establishments=1.0, wages_usd=1_000_000.0),
    core_cell("112", 40.0, own="3", establishments=1.0),
]


def test_a_cluster_is_the_sum_of_its_frontier_by_ownership(indicators):
    rows = indicators(PUBLISHED)
    employment = {place[1:5]: row["employment"] for place, row in rows.items()}
    assert employment == {
        ("private", "all", "all", "all"): 400,
        ("private", "cluster", "agriculture", "all"): 300,
        ("private", "cluster", "energy", "all"): 90,
        ("private", "cluster", "unassigned", "all"): 10,
        ("private", "sub_cluster", "agriculture", "plants"): 180,
        ("private", "sub_cluster", "agriculture", "animals"): 120,
        ("private", "sub_cluster", "energy", "resources"): 90,
        ("private", "sub_cluster", "unassigned", "unassigned"): 10,
        ("government", "all", "all", "all"): 100,
        ("government", "cluster", "agriculture", "all"): 40,
        ("government", "cluster", "energy", "all"): 60,
        ("government", "sub_cluster", "agriculture", "animals"): 40,
        ("government", "sub_cluster", "energy", "resources"): 60,
        ("all", "all", "all", "all"): 500,
        ("all", "cluster", "agriculture", "all"): 340,
        ("all", "cluster", "energy", "all"): 150,
        ("all", "cluster", "unassigned", "all"): 10,
        ("all", "sub_cluster", "agriculture", "plants"): 180,
        ("all", "sub_cluster", "agriculture", "animals"): 160,
        ("all", "sub_cluster", "energy", "resources"): 150,
        ("all", "sub_cluster", "unassigned", "unassigned"): 10,
    }
    assert {row["status"] for row in rows.values()} == {"ok"}
    assert {row["disclosed_pct"] for row in rows.values()} == {100.0}
    # 10 + 1 establishments in 11, 8 + 2 in 21, 3 in 99; 24 in all
    establishments = {
        cluster: rows[key(cluster)]["establishments"] for cluster in ("agriculture", "energy", "unassigned")
    }
    assert establishments == {"agriculture": 11, "energy": 10, "unassigned": 3}
    assert rows[key("all")]["establishments"] == 24
    assert jobs_and_bounds(rows[key("all")]) == (500, 500, 500, 3, 0, "ok")


def test_the_three_governments_are_one(indicators):
    cells = [core_cell("21", jobs, own=own) for own, jobs in (("1", 5.0), ("2", 7.0), ("3", 11.0), ("5", 13.0))]
    rows = indicators(cells)
    assert rows[key("energy", ownership="government")]["employment"] == 5 + 7 + 11
    assert rows[key("energy", ownership="private")]["employment"] == 13
    assert rows[key("energy")]["employment"] == 5 + 7 + 11 + 13


def test_pay_is_wages_over_jobs_of_the_published_cells(indicators):
    rows = indicators(PUBLISHED)
    # private pay is 30,000 in 11 and 100,000 in 21; government pay 25,000 and 50,000
    assert rows[key("agriculture")]["pay_annual_avg_usd"] == pytest.approx(10_000_000 / 340, abs=0.005)
    assert (
        rows[key("energy")]["pay_annual_avg_usd"] == 80_000.0
    )  # 12,000,000 / 150, where the mean of the two is 75,000
    rows = indicators([*PUBLISHED[:6], core_cell("21", None, (0, 90)), *PUBLISHED[7:]])
    # only the federal cell is left: 3,000,000 / 60
    assert figures(rows[key("energy")], "wages_usd", "pay_annual_avg_usd") == (3_000_000.0, 50_000.0)
    assert figures(rows[key("energy", ownership="private")], "wages_usd", "pay_annual_avg_usd") == (None, None)


def test_no_jobs_have_no_pay(indicators):
    rows = indicators([core_cell("10", 0.0), core_cell("21", 0.0)])
    assert figures(rows[key("energy")], "employment", "pay_annual_avg_usd", "employment_share_pct") == (0, None, None)


def test_withheld_cells_count_with_their_estimates_in_sums_only(indicators):
    rows = indicators(
        [
            core_cell("10", 400.0),
            core_cell("11", None, (180, 290)),
            core_cell("111", 180.0),
            core_cell("112", None, (0, 110)),
            core_cell("21", None, (0, 110)),
            core_cell("99", 10.0),
            core_cell("10", 60.0, own="1"),
            core_cell("21", 60.0, own="1"),
        ],
        fill=[estimate("11", 240.0), estimate("112", 60.0), estimate("21", 50.0)],
    )
    assert jobs_and_bounds(rows[key("all")]) == (460, 460, 460, 2, 0, "ok")
    assert jobs_and_bounds(rows[key("agriculture")]) == (None, 180, 290, 1, 1, "withheld")
    assert jobs_and_bounds(rows[key("agriculture", "plants")]) == (180, 180, 180, 1, 0, "ok")
    assert jobs_and_bounds(rows[key("agriculture", "animals")]) == (None, 0, 110, 1, 1, "withheld")
    # one of two owners shows 60, the other at most 110
    assert jobs_and_bounds(rows[key("energy")]) == (110, 60, 170, 2, 1, "modelled")
    assert figures(rows[key("energy")], "employment_published", "modelled_pct") == (60, pytest.approx(100 * 50 / 110))
    assert figures(rows[key("agriculture")], "employment_published", "modelled_pct") == (None, None)
    assert jobs_and_bounds(rows[key("energy", ownership="government")]) == (60, 60, 60, 1, 0, "ok")
    assert rows[key("energy")]["disclosed_pct"] == pytest.approx(100 * 60 / 170)
    assert rows[key("agriculture")]["disclosed_pct"] == 0.0
    assert rows[key("energy")]["employment_share_pct"] == pytest.approx(100 * 110 / 460)
    # there is no share of what is not known
    assert rows[key("agriculture")]["employment_share_pct"] is None


def test_what_is_published_below_a_withheld_cell_is_not_modelled(indicators):
    """Of 200 estimated jobs 199 are published in finer industries; one in 1,200 is modelled."""
    cells = [core_cell("11", None, (199, 260)), core_cell("11", 1000.0, own="3")]
    row = indicators(cells, fill=[estimate("11", 200.0)])[key("agriculture")]
    assert jobs_and_bounds(row) == (1200, 1199, 1260, 2, 1, "ok")
    assert figures(row, "employment_published", "modelled_pct") == (1000, 0.083333)  # 100 / 1200
    row = indicators(cells, fill=[estimate("11", 206.0)])[key("agriculture")]
    assert figures(row, "modelled_pct", "status") == (0.580431, "modelled")  # 700 / 1206


def test_several_withheld_cells_are_a_sum(indicators):
    held = [core_cell("21", None, (0, 90), own=own) for own in ("2", "3")]
    rows = indicators(held, fill=[estimate("21", 30.0, own="2"), estimate("21", 50.0, own="3")])
    assert jobs_and_bounds(rows[key("energy", ownership="government")]) == (80, 0, 180, 2, 2, "modelled")
    assert figures(rows[key("energy")], "employment_published", "modelled_pct", "pay_annual_avg_usd") == (
        None,
        100,
        None,
    )
    # with one of them not estimated there is no sum
    assert indicators(held, fill=[estimate("21", 30.0, own="2")])[key("energy")]["status"] == "withheld"


def test_pay_is_of_the_published_cells_alone(indicators):
    cells = [core_cell("21", 50.0, wages_usd=3_000_000.0), core_cell("21", None, (0, 90), own="3")]
    rows = indicators(cells, fill=[estimate("21", 30.0, own="3")])
    assert figures(rows[key("energy")], "employment", "pay_annual_avg_usd") == (80, 60_000.0)


def test_one_cell_without_an_upper_bound_leaves_the_sum_without(indicators):
    rows = indicators(
        [
            core_cell("10", None, (100, None)),
            core_cell("21", None, (40, None)),
            core_cell("10", 60.0, own="1"),
            core_cell("21", 60.0, own="1"),
        ]
    )
    assert jobs_and_bounds(rows[key("energy")]) == (None, 100, None, 2, 1, "withheld")
    assert jobs_and_bounds(rows[key("all")]) == (None, 160, None, 2, 1, "withheld")
    assert rows[key("energy")]["employment_published"] == 60
    # the area's own jobs are not known, so nothing is a share of them
    assert figures(rows[key("energy")], "disclosed_pct", "employment_share_pct") == (None, None)
    assert rows[key("energy", ownership="government")]["employment_share_pct"] == 100.0


def test_shares_are_of_the_same_area_owner_and_year(indicators):
    rows = indicators([*PUBLISHED, core_cell("10", 999.0, area="OK"), core_cell("10", 777.0, year=2023)])
    assert rows[key("agriculture")]["employment_share_pct"] == 68.0  # 340 / 500
    assert rows[key("agriculture", ownership="private")]["employment_share_pct"] == 75.0  # 300 / 400
    assert rows[key("agriculture", "animals", ownership="government")]["employment_share_pct"] == 40.0  # 40 / 100
    assert rows[key("all")]["employment_share_pct"] == 100.0


def quotient(row: Row) -> tuple[float | None, str]:
    return row["location_quotient"], row["location_quotient_status"]


def test_the_location_quotient_is_the_share_over_the_nations(indicators):
    nation = [
        core_cell("10", 2000.0, area="US"),
        core_cell("11", 500.0, area="US"),
        core_cell("21", 1500.0, area="US"),
        core_cell("10", 3000.0, area="US", own="1"),
        core_cell("21", 3000.0, area="US", own="1"),
    ]
    rows = indicators([*PUBLISHED, *nation])
    # private: 300 / 400 over 500 / 2000; all owners: 340 / 500 over 500 / 5000, government: 60 / 100 over 1
    assert quotient(rows[key("agriculture", ownership="private")]) == (3.0, "ok")
    assert quotient(rows[key("agriculture")]) == (6.8, "ok")
    assert quotient(rows[key("energy", ownership="government")]) == (0.6, "ok")
    assert quotient(rows[key("agriculture", area="US")]) == quotient(rows[key("all")]) == (1.0, "ok")
    # the nation has no figure for these
    assert quotient(rows[key("unassigned")]) == (None, "not_in_vintage")
    assert quotient(rows[key("agriculture", ownership="government")]) == (None, "not_in_vintage")


def test_without_the_nation_there_is_no_location_quotient(indicators):
    rows = indicators(PUBLISHED)
    assert {quotient(row) for row in rows.values()} == {(None, "not_in_vintage")}


@pytest.mark.parametrize("held", ["area", "area total", "nation", "nation total"])
def test_a_location_quotient_needs_four_published_figures(indicators, held):
    cells = {
        "area": ("21", "TX", 40.0),
        "area total": ("10", "TX", 100.0),
        "nation": ("21", "US", 500.0),
        "nation total": ("10", "US", 5000.0),
    }
    given_ = [
        core_cell(code, None, (0, jobs), area=area) if name == held else core_cell(code, jobs, area=area)
        for name, (code, area, jobs) in cells.items()
    ]
    # another owner makes the figure of all owners partial rather than withheld
    given_ += [core_cell(code, 1.0, area=area, own="1") for code, area, _ in cells.values()]
    rows = indicators(given_)
    assert quotient(rows[key("energy")]) == quotient(rows[key("energy", ownership="private")]) == (None, "withheld")
    # the other owner's is whole: 1 / 1 over 1 / 1
    assert quotient(rows[key("energy", ownership="government")]) == (1.0, "ok")


@pytest.mark.parametrize("held", ["21", "10"])
@pytest.mark.parametrize("area", ["TX", "US"])
@pytest.mark.parametrize(("jobs", "status"), [(100.0, "ok"), (100.1, "mostly_modelled")])
def test_a_location_quotient_needs_half_of_each_figure_published(indicators, held, area, jobs, status):
    """100 jobs are published under federal owners and as many are estimated, or more."""
    shown = [core_cell(code, 100.0, area=place, own="1") for code in ("10", "21") for place in ("TX", "US")]
    other = [
        core_cell(code, None if (code, place) == (held, area) else 100.0, (0, 900), area=place)
        for code in ("10", "21")
        for place in ("TX", "US")
    ]
    rows = indicators([*shown, *other], fill=[estimate(held, jobs, area=area)])
    assert quotient(rows[key("energy")]) == (1.0 if status == "ok" else None, status)
    # private alone is one withheld cell
    assert quotient(rows[key("energy", ownership="private")]) == (None, "withheld")


CHANGES = ("employment_change_pct", "employment_cagr_5yr_pct")
STATUSES = ("employment_change_status", "employment_cagr_5yr_status")


def test_change_is_on_the_year_before_and_growth_on_the_fifth(indicators):
    # 800 * 1.2 to the fifth power is 1990.656, 1000 * 1.1 to the fifth power 1610.51
    jobs = {2018: 800.0, 2019: 1000.0, 2023: 1990.656, 2024: 1610.51}
    rows = indicators([core_cell("21", count, year=year) for year, count in jobs.items()], every_year(*jobs))
    # -380.146 of 1990.656
    assert figures(rows[key("energy")], *CHANGES) == (pytest.approx(-19.096519), pytest.approx(10.0))
    assert figures(rows[key("energy", year=2023)], *CHANGES) == (None, pytest.approx(20.0))
    assert figures(rows[key("energy", year=2019)], *CHANGES) == (25.0, None)
    assert figures(rows[key("energy", year=2018)], *CHANGES) == (None, None)
    assert figures(rows[key("energy")], *STATUSES) == ("ok", "ok")
    assert figures(rows[key("energy", year=2023)], *STATUSES) == ("not_in_vintage", "ok")
    assert figures(rows[key("energy", year=2019)], *STATUSES) == ("ok", "not_in_vintage")


BREAKS = (
    "employment_change_status",
    "employment_change_break",
    "employment_cagr_5yr_status",
    "employment_cagr_5yr_break",
)


def joined(code: str, is_after: bool, *, year: int = 2022, sub_cluster: str = "all") -> Row:
    """A row of core.industry_joined: an industry of energy that a change of edition ties to another home."""
    return {
        "first_year": year,
        "is_after": is_after,
        "level": "cluster" if sub_cluster == "all" else "sub_cluster",
        "naics_code": code,
        "cluster_id": "energy",
        "sub_cluster_id": sub_cluster,
    }


def editions(years: range, *changes: int) -> list[Row]:
    """Rows of core.naics_edition for years that lie on both sides of the changes."""
    return [
        {
            "year": year,
            "edition_year": max((change for change in changes if change <= year), default=None),
            "next_edition_year": min((change for change in changes if change > year), default=None),
        }
        for year in years
    ]


def tied(year: int, jobs: float | None, *, change: int = 2022, modelled: float = 0.0) -> Row:
    """A row of core.industry_tied_jobs: jobs of energy in Texas that the change ties to another home."""
    return {
        "area_id": "TX",
        "level": "cluster",
        "cluster_id": "energy",
        "sub_cluster_id": "all",
        "ownership": "all",
        "year": year,
        "is_after": year >= change,
        "tied_jobs": jobs,
        "modelled_jobs": modelled,
    }


ENERGY_MOVED = [joined("221111", False), joined("221112", True)]


def over_2022(indicators, jobs: dict[int, float], tied_jobs: list[Row], *changes: int) -> dict[Key, Row]:
    """Energy in Texas by year, with what the change of 2022 ties to another home."""
    years = range(min(jobs), max(jobs) + 1)
    return indicators(
        [core_cell(code, count, year=year) for year, count in jobs.items() for code in ("10", "11", "21")],
        every_year(*years),
        industry_joined=ENERGY_MOVED,
        naics_edition=editions(years, *(changes or (2022,))),
        industry_tied_jobs=tied_jobs,
    )


def test_growth_over_a_change_of_edition_is_of_the_industries_that_stayed(indicators):
    """In 2021 energy has 1,000 jobs and loses 50 of them to another cluster; the other 950 become 931, 2 % fewer."""
    rows = over_2022(indicators, {2021: 1000.0, 2022: 931.0 + 9.0}, [tied(2021, 50.0), tied(2022, 9.0)])
    row = rows[key("energy", year=2022)]
    assert figures(row, "employment_change_pct", *BREAKS[:2]) == (-2.0, "ok", None)
    # 950 of 1,000 and 931 of 940: the smaller share counts
    compared = figures(row, "employment_compared_from", "employment_compared_to", "compared_pct")
    assert compared == (950.0, 931.0, 95.0)
    # nothing of the total and of agriculture is left out
    for place in ("all", "agriculture"):
        row = rows[key(place, year=2022)]
        assert figures(row, "employment_change_pct", "compared_pct") == (-6.0, 100.0)


@pytest.mark.parametrize(
    ("before", "after"), [(100.001, 0.0), (0.0, 100.001), (None, 0.0), (0.0, None)], ids=["before", "after", "?", "?2"]
)
def test_no_growth_is_given_where_a_tenth_is_left_out(indicators, before, after):
    jobs = {2021: 1000.0, 2022: 1000.0}
    row = over_2022(indicators, jobs, [tied(2021, before), tied(2022, after)])[key("energy", year=2022)]
    assert figures(row, *BREAKS[:2]) == ("not_comparable", "industries")
    assert figures(row, "employment_change_pct", "employment_compared_to", "compared_pct") == (None, None, None)
    row = over_2022(indicators, jobs, [tied(2021, 100.0), tied(2022, 100.0)])[key("energy", year=2022)]
    assert figures(row, "employment_change_pct", "compared_pct") == (0.0, 90.0)


def test_growth_over_five_years_leaves_out_the_same_industries(indicators):
    years = range(2016, 2028)
    jobs = {year: 1000.0 * 1.1 ** (year - 2016) + 50 for year in years}
    rows = over_2022(indicators, jobs, [tied(year, 50.0) for year in years])
    found = {year: figures(rows[key("energy", year=year)], *BREAKS[2:]) for year in years}
    assert found[2020] == ("not_in_vintage", None)
    assert found[2022] == found[2026] == found[2027] == ("ok", None)
    row = rows[key("energy", year=2024)]
    assert row["employment_cagr_5yr_pct"] == pytest.approx(10.0)
    # 50 of the 1,381 jobs of 2019 are left out, the year in which they are more of the jobs
    kept = 1000 * 1.1**3
    assert row["employment_cagr_5yr_compared_pct"] == pytest.approx(100 * kept / (kept + 50))
    assert rows[key("energy", year=2027)]["employment_cagr_5yr_compared_pct"] == 100.0
    # from 2022 on nothing lies between, and all jobs count
    jobs_from, jobs_to = jobs[2022], jobs[2027]
    growth = 100 * ((jobs_to / jobs_from) ** 0.2 - 1)
    assert rows[key("energy", year=2027)]["employment_cagr_5yr_pct"] == pytest.approx(growth, abs=1e-6)


def test_no_growth_is_given_over_two_changes_of_edition(indicators):
    """Codes of the first change may mean something else after the second."""
    years = range(2018, 2026)
    rows = over_2022(indicators, dict.fromkeys(years, 1000.0), [tied(year, 1.0) for year in years], 2022, 2024)
    found = {year: figures(rows[key("energy", year=year)], *BREAKS) for year in years}
    assert found[2022][:2] == found[2024][:2] == ("ok", None)
    assert found[2023] == ("ok", None, "ok", None)
    assert found[2024][2:] == found[2025][2:] == ("not_comparable", "industries")
    # other clusters are whole
    assert figures(rows[key("agriculture", year=2024)], *BREAKS) == ("ok", None, "ok", None)


def test_what_is_left_needs_nine_tenths_of_it_published(indicators):
    """Jobs of the industries that are left out, where estimated, count against what is left."""
    jobs = {2021: 1000.0, 2022: 1000.0}
    for modelled, status in ((90.0, "ok"), (91.0, "mostly_modelled")):
        # 900 are left, of which a tenth is 90
        row = over_2022(indicators, jobs, [tied(2021, 100.0, modelled=modelled)])[key("energy", year=2022)]
        assert row["employment_change_status"] == status


DISCLOSED = [
    {
        "coverage_break": "disclosure",
        "own_code": own,
        "first_year": 2022,
        "coverage_meaning": "x",
        "known_from": "y",
    }
    for own in ("2", "3")
]


def test_a_change_of_what_is_published_marks_what_it_touches(run_indicators):
    years = range(2016, 2028)
    cells = [core_cell(code, 100.0, own=own, year=year) for year in years for code, own in (("11", "3"), ("21", "5"))]
    rows = run_indicators(
        {
            "core.qcew_cell": cells,
            "core.qcew_industry": every_year(*years),
            "core.qcew_fill": [],
            "core.qcew_region_cell": [],
            "core.naics_edition": editions(years),
            "seed.coverage_break": DISCLOSED,
        },
    )
    marked = {
        (row["cluster_id"], row["ownership"], row["year"], name)
        for row in rows.iter_rows(named=True)
        for name in ("employment_change_coverage", "employment_cagr_5yr_coverage")
        if row[name] == "disclosure" and row["level"] == "cluster"
    }
    # only agriculture has jobs in local government; energy and private owners are as before
    assert marked == {
        ("agriculture", ownership, year, name)
        for ownership in ("all", "government")
        for name, marks in (
            ("employment_change_coverage", (2022,)),
            ("employment_cagr_5yr_coverage", range(2022, 2027)),
        )
        for year in marks
    }
    assert {row["employment_change_status"] for row in rows.filter(year=2022).iter_rows(named=True)} == {"ok"}


def test_no_growth_is_given_between_years_that_cover_other_land(indicators):
    cells = [core_cell("21", 100.0 + year, area="TX:plains", year=year) for year in (2022, 2023, 2024)]
    land = [
        {"area_id": "TX:plains", "year": year, "territory": territory}
        for year, territory in ((2022, "48009"), (2023, "48009"), (2024, "territory 48009"))
    ]
    rows = indicators(cells, every_year(2022, 2023, 2024), area_territory=land)
    found = [figures(rows[key("energy", area="TX:plains", year=year)], *BREAKS[:2]) for year in (2023, 2024)]
    assert found == [("ok", None), ("not_comparable", "territory")]


@pytest.mark.parametrize(("jobs", "status"), [(100.0, "ok"), (101.0, "mostly_modelled")])
@pytest.mark.parametrize("held", [2019, 2023, 2024])
def test_change_needs_nine_tenths_of_both_years_published(indicators, held, jobs, status):
    cells = [core_cell("21", 900.0, own="1", year=year) for year in (2019, 2023, 2024)]
    cells += [core_cell("21", None if year == held else 100.0, (0, 9000), year=year) for year in (2019, 2023, 2024)]
    fill = [estimate("21", jobs, year=held)]
    row = indicators(cells, every_year(2019, 2023, 2024), fill)[key("energy")]
    change, growth = figures(row, *STATUSES)
    assert change == ("ok" if held == 2019 else status)
    assert growth == ("ok" if held == 2023 else status)
    assert figures(row, *CHANGES) == (0.0 if change == "ok" else None, 0.0 if growth == "ok" else None)


@pytest.mark.parametrize("held", [2019, 2023, 2024])
def test_change_needs_both_years_whole(indicators, held):
    private = {2019: 900.0, 2023: 1900.0, 2024: 1510.51}
    cells = [
        core_cell("21", None, (0, 9_000), year=year) if year == held else core_cell("21", jobs, year=year)
        for year, jobs in private.items()
    ]
    # a published cell of another owner makes that year partial
    cells += [core_cell("21", 100.0, own="1", year=year) for year in private]
    rows = indicators(cells, every_year(*private))
    # whole: 1610.51 on 2000, and on 1000 five years before
    change, growth = pytest.approx(-19.4745), pytest.approx(10.0)
    expected = {2019: (change, None), 2023: (None, growth), 2024: (None, None)}
    assert figures(rows[key("energy")], *CHANGES) == expected[held]
    assert [status == "withheld" for status in figures(rows[key("energy")], *STATUSES)] == [
        rate is None for rate in expected[held]
    ]
    assert figures(rows[key("energy", ownership="government")], *CHANGES) == (0.0, 0.0)


def test_from_nothing_there_is_no_rate(indicators):
    jobs = {2019: 0.0, 2023: 0.0, 2024: 50.0}
    rows = indicators([core_cell("21", count, year=year) for year, count in jobs.items()], every_year(*jobs))
    assert figures(rows[key("energy")], *CHANGES) == (None, None)
    assert figures(rows[key("energy")], *STATUSES) == ("no_jobs", "no_jobs")
    jobs = {2019: 50.0, 2023: 50.0, 2024: 0.0}
    rows = indicators([core_cell("21", count, year=year) for year, count in jobs.items()], every_year(*jobs))
    assert rows[key("energy")]["employment_change_pct"] == -100.0
    assert figures(rows[key("energy")], *STATUSES) == ("ok", "no_jobs")


#: Six-digit industries by home: of a sector mixed at every depth, one of two sub-clusters, whole ones, and nobody's.
HOMES = {
    "111110": ("agriculture", "plants"),
    "111120": ("agriculture", "plants"),
    "112110": ("agriculture", "animals"),
    "211120": ("energy", "resources"),
    "236115": ("construction", "unassigned"),
    "311111": ("agriculture", "food"),
    "311811": ("hospitality", "culinary"),
    "311812": ("manufacturing", "production"),
    "332111": ("manufacturing", "metal"),
    "332112": ("manufacturing", "production"),
    "999999": ("unassigned", "unassigned"),
}
MAPPING = [
    naics_home("111", "agriculture/plants"),
    naics_home("112", "agriculture/animals"),
    naics_home("21", "energy/resources"),
    naics_home("23", "construction"),
    naics_home("31-33", "manufacturing/production"),
    naics_home("311", "agriculture/food"),
    naics_home("3118", "manufacturing/production"),
    naics_home("311811", "hospitality/culinary"),
    naics_home("332111", "manufacturing/metal"),
]
#: Every code with the codes above it, itself the last.
PATHS = {code: chain(finest)[: depth + 1] for finest in HOMES for depth, code in enumerate(chain(finest))}
OWNERS = {"private": "5", "government": "123", "all": "1235"}


@dataclass(frozen=True)
class Tree:
    """True jobs of one area and owner by six-digit industry, and the codes whose cells are withheld."""

    jobs: Mapping[str, int]
    withheld: frozenset[str]


Trees = Mapping[tuple[str, str], Tree]

JOBS = st.dictionaries(st.sampled_from(sorted(HOMES)), st.integers(0, 50), min_size=1)
SOME = st.frozensets(st.sampled_from(sorted(PATHS)))
AREAS = pl.DataFrame(
    {
        "area_id": ["OK", "TX", "US"],
        "area_type": ["state", "state", "national"],
        "state_id": ["OK", "TX", None],
        "is_territory": False,
    }
)
#: Few cells withheld, or few published.
TREE = st.builds(Tree, JOBS, SOME | SOME.map(lambda shown: frozenset(PATHS) - shown))
WHOLE_TREE = st.builds(Tree, JOBS, st.just(frozenset()))


def jobs_of_home(tree: Tree, level: str, cluster: str, sub_cluster: str) -> int:
    return sum(
        count
        for finest, count in tree.jobs.items()
        if level == "all" or HOMES[finest] == (cluster, sub_cluster if level == "sub_cluster" else HOMES[finest][1])
    )


def assert_cells_hold(cells: pl.DataFrame, trees: Trees) -> None:
    """The truth lies within the bounds of every cell; there is an upper one below anything published."""
    for row in cells.iter_rows(named=True):
        tree, code = trees[row["area_id"], row["own_code"]], row["naics_code"]
        truth, low, high = add_up(tree.jobs)[code], row["employment_low"], row["employment_high"]
        assert low <= truth <= (math.inf if high is None else high), row
        assert (high is None) == tree.withheld.issuperset(PATHS[code]), row
        if code not in tree.withheld:
            assert row["employment"] == low == high == truth, row


def assert_clusters_hold(table: pl.DataFrame, trees: Trees) -> None:
    """The truth lies within the bounds of every cluster, and is its figure where nothing is withheld."""
    for row in table.iter_rows(named=True):
        among = [
            tree for (area, own), tree in trees.items() if area == row["area_id"] and own in OWNERS[row["ownership"]]
        ]
        truth = sum(jobs_of_home(tree, row["level"], row["cluster_id"], row["sub_cluster_id"]) for tree in among)
        low, high = row["employment_low"], row["employment_high"]
        assert low <= truth <= (math.inf if high is None else high), row
        assert row["employment_published"] is None or row["employment_published"] <= low, row
        jobs = row["employment"]
        assert jobs is None or low - 1e-3 <= jobs <= (math.inf if high is None else high + 1e-3), row
        assert (jobs is None) == (row["status"] == "withheld"), row
        if not any(tree.withheld for tree in among):
            assert row["status"] == "ok", row
        if not row["cells_withheld"]:
            assert jobs == low == high == truth, row


def assert_clusters_add_up(table: pl.DataFrame, trees: Trees) -> None:
    """Clusters, and sub-clusters, add up to the area in establishments, and in jobs where nothing is withheld."""
    for total in table.filter(level="all").iter_rows(named=True):
        place = {name: total[name] for name in ("area_id", "ownership")}
        among = [
            tree
            for (area, own), tree in trees.items()
            if area == total["area_id"] and own in OWNERS[total["ownership"]]
        ]
        assert total["establishments"] == sum(2 * len(tree.jobs) for tree in among)
        for level in ("cluster", "sub_cluster"):
            parts = table.filter(level=level, **place)
            assert parts["establishments"].sum() == total["establishments"]
            if not parts["cells_withheld"].sum():
                assert parts["employment"].sum() == sum(sum(tree.jobs.values()) for tree in among)


@given(
    trees=st.fixed_dictionaries(
        {("TX", "5"): TREE, ("TX", "3"): TREE, ("OK", "5"): TREE, ("OK", "1"): TREE, ("US", "5"): WHOLE_TREE}
    )
)
@example(
    trees={
        # a chain withheld from the total to the finest; one published in the middle; all; the publisher's way
        ("TX", "5"): Tree({"111110": 7, "112110": 0, "332111": 3}, frozenset(chain("111110"))),
        ("TX", "3"): Tree({"332111": 5, "332112": 9}, frozenset(PATHS) - {"332"}),
        ("OK", "5"): Tree({"999999": 1}, frozenset(PATHS)),
        ("OK", "1"): Tree({"311811": 4, "311812": 6, "311111": 2}, frozenset({"311811", "311812"})),
        ("US", "5"): Tree(dict.fromkeys(HOMES, 10), frozenset()),
    }
)
@settings(max_examples=20, deadline=None)
def test_the_truth_is_within_the_bounds_whatever_is_withheld(run_sql, run_indicators, trees):
    raw = [
        cell
        for (area, own), tree in trees.items()
        for cell in raw_tree(tree.jobs, withheld=tree.withheld, area=area, own=own)
    ]
    industry = industry_table(run_sql, raw, MAPPING)
    core = {"raw.qcew": raw, "core.qcew_industry": industry}
    cells = run_sql("core.qcew_cell", core)
    fill = [row for piece in fill_frames(cells.lazy(), industry, AREAS) for row in piece.to_dicts()]
    table = run_indicators(
        {"core.qcew_cell": cells, "core.qcew_industry": industry, "core.qcew_fill": fill},
    )
    assert cells.height == len(raw)
    assert_cells_hold(cells, trees)
    assert_clusters_hold(table, trees)
    assert_clusters_add_up(table, trees)


def test_a_region_is_the_sum_of_its_counties(run_indicators):
    """One county withholds mining: its bounds and its estimate count."""
    shown = core_cell("21", 90.0, area="48001", establishments=8.0, wages_usd=9_000_000.0)
    held = core_cell("21", None, (4.0, 30.0), area="48003", establishments=2.0)
    result = run_indicators(
        {
            "core.qcew_cell": [shown, held],
            "core.qcew_region_cell": [
                {**cell, "area_id": "TX:plains", "county_fips": cell["area_id"]} for cell in (shown, held)
            ],
            "core.qcew_industry": INDUSTRIES,
            "core.qcew_region_fill": [{**estimate("21", 20.0, area="TX:plains"), "county_fips": "48003"}],
        },
    )
    (row,) = result.filter(area_id="TX:plains", ownership="private", level="cluster").iter_rows(named=True)
    assert figures(row, "establishments", "employment", "employment_published") == (10, 110, 90)
    assert (row["employment_low"], row["employment_high"]) == (94, 120)
    assert (row["cells"], row["cells_withheld"], row["status"]) == (2, 1, "modelled")
    assert row["pay_annual_avg_usd"] == 100_000
    assert row["disclosed_pct"] == 75  # at least 90 of 120
