import pytest
from qcew_inputs import core_cell, core_industry

INDUSTRIES = [
    core_industry("10", None, sums="none"),
    core_industry("11", "agriculture", sums="cluster"),
    core_industry("111", "agriculture/plants", sums="sub_cluster"),
    core_industry("21", "energy/resources"),
]


@pytest.fixture
def detail(run_sql):
    """By industry and ownership, the rows; for cells of one area and year."""

    def run(cells):
        result = run_sql("marts.industry_detail", {"core.qcew_cell": cells, "core.qcew_industry": INDUSTRIES})
        rows = {(row["naics_code"], row["ownership"]): row for row in result.iter_rows(named=True)}
        assert len(rows) == result.height
        return rows

    return run


def test_owners_of_an_industry_are_added_up(detail):
    rows = detail(
        [
            core_cell("21", 90.0, establishments=8.0, wages_usd=9_000_000.0),
            core_cell("21", 60.0, own="1", establishments=2.0, wages_usd=3_000_000.0),
            core_cell("21", 30.0, own="2", establishments=1.0, wages_usd=600_000.0),
            core_cell("21", 20.0, own="3", establishments=1.0, wages_usd=400_000.0),
        ]
    )
    figures = {
        ownership: tuple(
            row[name] for name in ("establishments", "employment", "wages_usd", "pay_annual_avg_usd", "cells")
        )
        for (_, ownership), row in rows.items()
    }
    # pay: 9,000,000 / 90; 4,000,000 / 110; 13,000,000 / 200, where the mean of the four is 47,500
    assert figures == {
        "private": (8.0, 90.0, 9_000_000.0, 100_000.0, 1),
        "government": (4.0, 110.0, 4_000_000.0, 36_363.64, 3),
        "all": (12.0, 200.0, 13_000_000.0, 65_000.0, 4),
    }
    assert {row["status"] for row in rows.values()} == {"ok"}
    assert {(row["employment_low"], row["employment_high"]) for row in rows.values()} == {
        (90.0, 90.0),
        (110.0, 110.0),
        (200.0, 200.0),
    }


def test_withheld_owners_are_bounds_and_never_jobs(detail):
    rows = detail(
        [
            core_cell("11", None, (15, 40)),
            core_cell("11", 7.0, own="3", wages_usd=210_000.0),
            core_cell("21", None, (0, 25)),
            core_cell("111", None, (0, None)),
            core_cell("111", 5.0, own="1"),
        ]
    )
    names = ("employment", "employment_low", "employment_high", "cells", "cells_withheld", "status")
    found = {key: tuple(row[name] for name in names) for key, row in rows.items()}
    assert found == {
        ("11", "private"): (None, 15.0, 40.0, 1, 1, "withheld"),
        ("11", "government"): (7.0, 7.0, 7.0, 1, 0, "ok"),
        ("11", "all"): (7.0, 22.0, 47.0, 2, 1, "partial"),
        ("21", "private"): (None, 0.0, 25.0, 1, 1, "withheld"),
        ("21", "all"): (None, 0.0, 25.0, 1, 1, "withheld"),
        ("111", "private"): (None, 0.0, None, 1, 1, "withheld"),
        ("111", "government"): (5.0, 5.0, 5.0, 1, 0, "ok"),
        ("111", "all"): (5.0, 5.0, None, 2, 1, "partial"),
    }
    # 210,000 over the 7 jobs of the same cell
    assert (rows["11", "all"]["wages_usd"], rows["11", "all"]["pay_annual_avg_usd"]) == (210_000.0, 30_000.0)
    assert (rows["11", "private"]["wages_usd"], rows["11", "private"]["pay_annual_avg_usd"]) == (None, None)


def test_every_industry_says_where_it_lies_and_what_it_counts_for(detail):
    rows = detail([core_cell(code, 1.0) for code in ("10", "11", "111", "21")])
    names = ("depth", "home_cluster_id", "home_sub_cluster_id", "counts_for_cluster", "counts_for_sub_cluster")
    found = {code: tuple(row[name] for name in names) for (code, ownership), row in rows.items() if ownership == "all"}
    assert found == {
        "10": (0, None, None, False, False),
        "11": (3, "agriculture", None, True, False),
        "111": (4, "agriculture", "plants", False, True),
        "21": (3, "energy", "resources", True, True),
    }


def test_areas_and_years_stand_alone(run_sql):
    cells = [core_cell("21", 1.0), core_cell("21", 2.0, area="OK"), core_cell("21", 4.0, year=2023)]
    industries = [core_industry("21", "energy/resources"), core_industry("21", "energy", sums="none", year=2023)]
    result = run_sql("marts.industry_detail", {"core.qcew_cell": cells, "core.qcew_industry": industries})
    found = result.filter(ownership="all").select("area_id", "year", "employment", "home_sub_cluster_id").rows()
    assert found == [
        ("TX", 2023, 4.0, None),
        ("OK", 2024, 2.0, "resources"),
        ("TX", 2024, 1.0, "resources"),
    ]
