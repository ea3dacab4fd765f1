"""What sections say of years that do not compare, on rows by hand."""

from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.reports.rows import Row
from pipelines.reports.sections import industry, trend


def profile(table: str, *rows: dict[str, Any]) -> Any:
    """A profile whose queries all answer with these rows."""
    found = [Row(table, row) for row in rows]
    return SimpleNamespace(rows=lambda query, table: found, release=SimpleNamespace(vintages={}))


EMPLOYERS = {
    "location_quotient": None,
    "employment_change_status": "ok",
    "employment_change_pct": 1.0,
    "employment_change_break": None,
    "employment_change_coverage": None,
    "compared_pct": 100.0,
}


@pytest.mark.parametrize(
    ("changed", "in_part", "over_coverage"),
    [
        ({}, False, False),
        ({"compared_pct": 95.0}, True, False),
        ({"employment_change_coverage": "disclosure"}, False, True),
        # no change is shown
        (
            {"employment_change_coverage": "disclosure", "employment_change_pct": None, "compared_pct": None},
            False,
            False,
        ),
    ],
)
def test_employers_say_what_a_change_is_of(changed: dict[str, Any], in_part: bool, over_coverage: bool) -> None:
    facts = industry._facts(profile(industry.INDUSTRIES, EMPLOYERS, EMPLOYERS | changed))
    assert (facts["is_in_part"], facts["is_over_coverage"]) == (in_part, over_coverage)


def test_employers_of_a_release_before_these_columns_are_shown() -> None:
    older = {name: EMPLOYERS[name] for name in list(EMPLOYERS)[:4]}
    facts = industry._facts(profile(industry.INDUSTRIES, older))
    assert (facts["is_in_part"], facts["is_over_coverage"]) == (False, False)


def year(number: int, reason: str | None, index: float | None = 100.0) -> dict[str, Any]:
    return {
        "cluster_id": "energy",
        "year": number,
        "employment_index": index,
        "not_comparable_reason": reason,
        "coverage_break": None,
    }


@pytest.mark.parametrize(
    ("reason", "index", "said"),
    [("industries", 100.0, "starts anew"), ("first_year", 100.0, None), (None, 98.0, None), ("withheld", None, None)],
)
def test_a_year_that_starts_anew_has_no_index_beside_the_years_before(
    reason: str | None, index: float | None, said: str | None
) -> None:
    row = Row(trend.TREND, year(2022, reason, index))
    column = trend._index_of(2022, [row])
    assert column.of is not None
    assert column.of(row) == (said or row)
    assert column.of(Row(trend.TREND, year(2022, None) | {"cluster_id": "arts"})) == "none"


def test_years_whose_step_is_of_a_part_of_the_cluster_are_named() -> None:
    whole, part = year(2021, None) | {"compared_pct": 100.0}, year(2022, None) | {"compared_pct": 93.0}
    facts = trend._facts(profile(trend.TREND, year(2020, "first_year") | {"compared_pct": None}, whole, part))
    assert facts["in_part"] == [2022]
    # releases before this column
    assert trend._facts(profile(trend.TREND, year(2020, None), year(2021, None)))["in_part"] == []


def test_one_year_is_no_trend() -> None:
    one = profile(trend.TREND, year(2020, "first_year"))
    facts = trend._facts(one)
    assert facts["years"] == [2020]
    assert trend.SECTION.has is not None
    assert not trend.SECTION.has(one, facts)
    assert trend.SECTION.has(one, facts | {"years": [2020, 2021]})


@pytest.mark.parametrize(
    ("years", "most", "shown"),
    [([2020, 2021], 4, [2020, 2021]), ([2019, 2020, 2021, 2022, 2023], 2, [2020, 2023]), ([2020], 2, [2020])],
)
def test_the_last_year_is_always_at_the_axis(years: list[int], most: int, shown: list[int]) -> None:
    assert trend._ticks(years, most) == shown
