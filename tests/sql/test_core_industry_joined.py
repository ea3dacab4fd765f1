"""Which industries a change of NAICS edition ties to another home, and how many jobs they have."""

import pytest
from qcew_inputs import naics_home, raw_cell
from sql_inputs import Row

#: Shops but pharmacies are sales; software and everything else in 51 are digital.
HOMES = [naics_home("44-45", "sales/retail"), naics_home("456", "health/pharmacies"), naics_home("51", "digital")]


@pytest.fixture
def joined(run_sql):
    """By level, side and home, the industries that a change ties to another home."""

    def run(*pairs: str, homes: list[Row] = HOMES) -> dict[tuple[str, str, str], list[str]]:
        changes = [
            {"first_year": 2022, "naics_code_before": pair.split()[0], "naics_code": pair.split()[1]} for pair in pairs
        ]
        given = {"raw.qcew": [raw_cell("111110", 1.0)], "seed.naics_change": changes, "seed.naics_home": homes}
        homed = {"core.industry_home": run_sql("core.industry_home", given)}
        links = {"core.naics_link": run_sql("core.naics_link", {"seed.naics_change": changes, **homed})}
        found: dict[tuple[str, str, str], list[str]] = {}
        for row in run_sql("core.industry_joined", {**links, **homed}).iter_rows(named=True):
            home = row["cluster_id"] if row["level"] == "cluster" else row["sub_cluster_id"]
            found.setdefault((row["level"], "after" if row["is_after"] else "before", home), []).append(
                row["naics_code"]
            )
        return found

    return run


def clusters(found: dict[tuple[str, str, str], list[str]]) -> dict[tuple[str, str], list[str]]:
    return {(side, home): codes for (level, side, home), codes in found.items() if level == "cluster"}


def test_codes_that_share_establishments_are_joined(joined):
    """454110 went to shops and pharmacies, so whatever else those were made of is tied to it as well."""
    found = joined(
        "454110 456110",
        "454110 455110",
        "452210 455110",  # tied to 454110 by what it became
        "446110 456110",  # pharmacies before, in sales then by its code alone
        "443142 449210",  # tied to nothing but itself
        "511210 513210",
    )
    assert clusters(found) == {
        ("before", "sales"): ["446110", "452210", "454110"],
        ("after", "sales"): ["455110"],
        ("after", "health"): ["456110"],
    }


def test_codes_that_stay_in_their_home_are_not_listed(joined):
    assert joined("443142 449210", "448140 458110", "511210 513210", "519130 513210") == {}


def test_a_move_inside_a_cluster_is_a_matter_of_its_sub_clusters(joined):
    homes = [naics_home("111", "agriculture/plants"), naics_home("112", "agriculture/animals")]
    found = joined("111998 112990", "111910 111998", homes=homes)
    assert found == {
        ("sub_cluster", "before", "plants"): ["111998"],
        ("sub_cluster", "after", "animals"): ["112990"],
    }


def test_the_same_code_on_the_two_sides_is_two_industries(joined):
    """519130 before is tied to 513110 after; a 513110 before would be another industry."""
    homes = [naics_home("51", "digital"), naics_home("5131", "arts")]
    assert clusters(joined("519130 513110", "511110 519130", homes=homes)) == {
        ("before", "digital"): ["519130"],
        ("after", "arts"): ["513110"],
    }


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ((2021, 2022), {2021: (None, 2022), 2022: (2022, None)}),
        ((2016, 2018, 2023), {2016: (None, 2017), 2018: (2017, 2022), 2023: (2022, None)}),
        # no year of the vintage is on the other side
        ((2022, 2023), {2022: (None, None), 2023: (None, None)}),
        ((2019,), {2019: (None, None)}),
    ],
)
def test_editions_are_those_with_years_on_both_sides(run_sql, years, expected):
    changes = [
        {"first_year": year, "naics_code_before": "111110", "naics_code": "111120"} for year in (2007, 2017, 2022)
    ]
    cells = [raw_cell("10", 1.0, year=year) for year in years]
    found = run_sql("core.naics_edition", {"raw.qcew": cells, "seed.naics_change": changes})
    assert {row["year"]: (row["edition_year"], row["next_edition_year"]) for row in found.iter_rows(named=True)} == (
        expected
    )


def cell(code: str, year: int, jobs: float | None, *, own: str = "5", low: float = 0.0) -> Row:
    known = jobs is not None
    return {
        "area_id": "TX",
        "year": year,
        "own_code": own,
        "naics_code": code,
        "depth": 7,
        "establishments": 1.0,
        "employment": jobs,
        "employment_low": jobs if known else low,
        "employment_high": jobs if known else None,
        "wages_usd": 1.0 if known else None,
        "status": "ok" if known else "withheld",
    }


def test_tied_jobs_are_those_of_the_nearest_change_on_either_side(run_sql):
    editions = [
        {"year": 2021, "edition_year": None, "next_edition_year": 2022},
        {"year": 2022, "edition_year": 2022, "next_edition_year": None},
    ]
    tied = {"first_year": 2022, "level": "cluster", "cluster_id": "sales", "sub_cluster_id": "all"}
    codes = (("454110", False), ("452210", False), ("455110", True))
    cells = [
        cell("454110", 2021, 30.0),
        cell("452210", 2021, None, low=4.0),
        cell("454110", 2021, 5.0, own="3"),
        cell("455110", 2021, 99.0),  # a code of the later edition counts from 2022 on
        cell("455110", 2022, None),
        cell("443142", 2021, 7.0),
    ]
    found = run_sql(
        "core.industry_tied_jobs",
        {
            "core.qcew_cell": cells,
            "core.qcew_region_cell": [],
            "core.qcew_fill": [
                {"area_id": "TX", "year": 2021, "own_code": "5", "naics_code": "452210", "employment_estimate": 10.0}
            ],
            "core.naics_edition": editions,
            "core.industry_joined": [{**tied, "naics_code": code, "is_after": is_after} for code, is_after in codes],
        },
    )
    rows = {(row["year"], row["ownership"]): row for row in found.iter_rows(named=True)}
    assert {place: (row["is_after"], row["tied_jobs"], row["modelled_jobs"]) for place, row in rows.items()} == {
        (2021, "all"): (False, 45.0, 6.0),
        (2021, "private"): (False, 40.0, 6.0),
        (2021, "government"): (False, 5.0, 0.0),
        # withheld without an estimate
        (2022, "all"): (True, None, 0.0),
        (2022, "private"): (True, None, 0.0),
    }
