"""The index of a cluster's jobs over the years, with inputs and outputs by hand."""

import pytest
from sql_inputs import Row

Step = tuple[float | None, float | None]


@pytest.fixture
def trend(run_sql):
    """By year, the rows of marts.cluster_trend for rows of marts.industry_indicators."""

    def run(rows: list[Row]) -> dict[int, Row]:
        found = run_sql("marts.cluster_trend", {"marts.industry_indicators": rows})
        assert found.height == len(rows)
        return {row["year"]: row for row in found.iter_rows(named=True)}

    return run


def year(number: int, jobs: float | None, status: str = "ok", before: Step | None = None, **others: object) -> Row:
    """A row of energy in Texas; `before` are the jobs that are compared, of the year before and of the year."""
    compared = before or (None, None)
    change = 100 * (compared[1] / compared[0] - 1) if status == "ok" and before else None
    return {
        "area_id": "TX",
        "level": "cluster",
        "cluster_id": "energy",
        "sub_cluster_id": "all",
        "ownership": "all",
        "year": number,
        "employment": jobs,
        "modelled_pct": None if jobs is None else 0.0,
        "employment_change_pct": change,
        "employment_change_status": status,
        "employment_change_break": None,
        "employment_compared_from": compared[0],
        "employment_compared_to": compared[1],
        "compared_pct": 100.0 if change is not None else None,
        "employment_change_coverage": None,
        "status": "withheld" if jobs is None else "ok",
        **others,
    }


def found(rows: dict[int, Row], *names: str) -> dict[int, tuple[object, ...]]:
    return {number: tuple(row[name] for name in names) for number, row in rows.items()}


FIRST = year(2020, 200.0, "not_in_vintage")


def test_the_index_is_100_in_the_first_year_and_follows_the_jobs(trend):
    rows = trend([FIRST, year(2021, 180.0, before=(200.0, 180.0)), year(2022, 242.0, before=(180.0, 242.0))])
    assert found(rows, "employment_index", "base_year", "employment_cagr_pct", "not_comparable_reason") == {
        2020: (100.0, 2020, None, "first_year"),
        2021: (90.0, 2020, -10.0, None),
        # 242 of 200 is 1.1 times 1.1
        2022: (121.0, 2020, pytest.approx(10.0), None),
    }
    assert found(rows, "is_comparable", "employment") == {
        2020: (False, 200.0),
        2021: (True, 180.0),
        2022: (True, 242.0),
    }


def test_over_a_change_of_edition_the_index_follows_the_industries_that_stayed(trend):
    """50 of 200 jobs went to another cluster, and the other 150 became 165."""
    changed = year(2021, 165.0, before=(150.0, 165.0), compared_pct=75.0)
    rows = trend([FIRST, changed, year(2022, 330.0, before=(165.0, 330.0))])
    assert found(rows, "employment_index", "compared_pct") == {
        2020: (100.0, None),
        2021: (110.0, 75.0),
        2022: (220.0, 100.0),
    }


@pytest.mark.parametrize("reason", ["industries", "territory"])
def test_a_break_starts_the_index_anew_and_says_why(trend, reason):
    broken = year(2021, 300.0, "not_comparable", employment_change_break=reason)
    rows = trend([FIRST, broken, year(2022, 270.0, before=(300.0, 270.0))])
    assert found(rows, "employment_index", "base_year", "not_comparable_reason", "employment_change_pct") == {
        2020: (100.0, 2020, "first_year", None),
        2021: (100.0, 2021, reason, None),
        2022: (90.0, 2021, None, pytest.approx(-10.0)),
    }


def test_a_year_that_is_withheld_or_mostly_estimated_has_no_index(trend):
    rows = trend(
        [
            FIRST,
            year(2021, None, "withheld"),
            year(2022, 300.0, "withheld"),
            year(2023, 100.0, "mostly_modelled", modelled_pct=10.1),
            year(2024, 110.0, "mostly_modelled", modelled_pct=10.0),
            year(2025, 0.0, before=(110.0, 0.0)),
            year(2026, 5.0, "no_jobs", before=(0.0, 5.0)),
        ]
    )
    assert found(rows, "employment_index", "base_year", "not_comparable_reason") == {
        2020: (100.0, 2020, "first_year"),
        2021: (None, None, "withheld"),
        2022: (100.0, 2022, "withheld"),
        2023: (None, None, "mostly_modelled"),
        2024: (100.0, 2024, "mostly_modelled"),
        2025: (0.0, 2024, None),
        2026: (100.0, 2026, "no_jobs"),
    }
    assert rows[2025]["employment_cagr_pct"] is None


def test_a_gap_between_years_is_not_bridged(trend):
    rows = trend([FIRST, year(2022, 220.0, "not_in_vintage")])
    assert found(rows, "employment_index", "not_comparable_reason") == {
        2020: (100.0, "first_year"),
        2022: (100.0, "not_in_vintage"),
    }


def test_a_change_of_what_is_published_marks_the_years_from_it_on(trend):
    rows = trend(
        [
            FIRST,
            year(2021, 200.0, before=(200.0, 200.0)),
            year(2022, 200.0, before=(200.0, 200.0), employment_change_coverage="disclosure"),
            year(2023, 200.0, before=(200.0, 200.0)),
            year(2024, 200.0, "not_comparable", employment_change_break="territory"),
            year(2025, 200.0, before=(200.0, 200.0)),
        ]
    )
    marks = found(rows, "coverage_break")
    assert {number for number, (mark,) in marks.items() if mark == "disclosure"} == {2022, 2023}


def test_areas_clusters_and_owners_have_indexes_of_their_own(run_sql):
    places = {"area_id": "OK", "cluster_id": "health", "sub_cluster_id": "a", "ownership": "private"}
    rows = [FIRST, year(2021, 300.0, before=(200.0, 300.0))]
    for name, value in places.items():
        rows += [{**row, name: value} for row in (FIRST, year(2021, 100.0, before=(200.0, 100.0)))]
    result = run_sql("marts.cluster_trend", {"marts.industry_indicators": rows}).filter(year=2021)
    assert sorted(result["employment_index"]) == [50.0, 50.0, 50.0, 50.0, 150.0]
