"""Figures as they are written: one rule for each unit, and a word for each reason why there is none."""

import pytest

from pipelines.contracts.model import contracts
from pipelines.reports import format as rules
from pipelines.tables import TableName


@pytest.mark.parametrize(
    ("column", "value", "written"),
    [
        ("employment", 841804.9, "841,800"),
        ("employment", 841805, "841,810"),
        ("employment_low", 9.99, "fewer than 10"),
        ("employment", 10, "10"),
        ("employment", 0, "0"),
        ("employment", -0.2, "0"),
        ("annual_openings", 999.5, "1,000"),
        ("establishments", 293073.75, "293,074"),
        ("wage_p50_usd", 57149.38, "$57,149"),
        ("wage_mean_usd", 999.6, "$1,000"),
        ("pay_annual_avg_usd", 0.4, "$0"),
        ("employment_share_pct", 15.167088, "15.2%"),
        ("coverage_pct", 100, "100.0%"),
        ("employment_rse_pct", 0.04, "0.0%"),
        ("growth_pct", 3.24, "+3.2%"),
        ("growth_pct", -3.26, "-3.3%"),
        ("growth_pct", -0.04, "0.0%"),
        ("wage_premium_pct", 257.3107, "+257.3%"),
        ("employment_change_pct", 1234.56, "+1,234.6%"),
        ("employment_cagr_5yr_pct", 0.06, "+0.1%"),
        ("location_quotient", 1.484696, "1.48"),
        ("location_quotient", 0.004, "0.00"),
        ("change_jobs", 1234.5, "+1,234"),
        ("change_jobs", -1234.4, "-1,234"),
        ("change_jobs", 0.2, "0"),
        ("awards", 103.571, "104"),
        ("awards", 0.667, "fewer than 1"),
        ("awards", 0, "0"),
        ("openings_shared", 0.4, "fewer than 10"),
        ("annual_openings", 127_925.4, "127,930"),
        ("gap", 56.429, "+56"),
        ("gap_low", -1234.4, "-1,234"),
        ("gap_high", 0.2, "0"),
        ("job_zone_mean", 3.44, "3.4"),
        ("us_wage_p50_usd", 50980, "$50,980"),
    ],
)
def test_a_figure_is_written_by_its_unit(column: str, value: float, written: str) -> None:
    assert rules.figure(column, value, "ok") == written


def test_a_top_coded_wage_is_a_lower_bound() -> None:
    assert rules.figure("wage_p50_usd", 239200, "top_coded") == ">= $239,200"


def test_a_part_of_it_withheld_is_still_a_figure() -> None:
    assert rules.figure("employment", 84.2, "partial") == "80"


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("withheld", "withheld"),
        ("no_occupations", "no occupations"),
        ("not_in_vintage", "not in this vintage"),
        ("not_applicable", "not applicable"),
        ("absent", "not listed"),
        ("no_award_level", "no award at this level"),
        ("other_horizon", "not at four years"),
        ("ok", "not available"),
        (None, "not available"),
    ],
)
@pytest.mark.parametrize("value", [None, float("nan")])
def test_a_missing_figure_says_why(status: str | None, word: str, value: float | None) -> None:
    assert rules.figure("employment", value, status) == word
    assert rules.figure("wage_p50_usd", value, status) == word


def test_a_location_quotient_is_missing_where_too_little_is_published() -> None:
    assert rules.figure("location_quotient", None, "partial") == "too little published"
    assert rules.figure("location_quotient", None, "not_in_vintage") == "not in this vintage"


def test_a_row_knows_the_status_of_each_of_its_figures() -> None:
    row: dict[str, object] = {
        "employment": 120.0,
        "status": "partial",
        "wage_p50_usd": None,
        "wage_p50_status": "withheld",
        "wage_p90_usd": 239200,
        "wage_p90_status": "top_coded",
        "wage_premium_pct": None,
        "location_quotient": None,
        "location_quotient_status": "not_in_vintage",
    }
    assert {column: rules.cell(row, column) for column in row if not column.endswith("status")} == {
        "employment": "120",
        "wage_p50_usd": "withheld",
        "wage_p90_usd": ">= $239,200",
        "wage_premium_pct": "withheld",
        "location_quotient": "not in this vintage",
    }


def test_an_occupation_has_a_status_of_its_jobs() -> None:
    row: dict[str, object] = {"employment": None, "employment_status": "withheld", "employment_share_pct": None}
    assert rules.cell(row, "employment") == "withheld"
    assert rules.cell(row, "employment_share_pct") == "withheld"


@pytest.mark.parametrize(
    ("column", "unit", "expected"),
    [
        ("wage_p50_usd", "USD a year", "$#,##0"),
        ("wage_p50_hourly_usd", "USD an hour", "$#,##0.00"),
        ("growth_pct", "percent", '0.0"%"'),
        ("employment", "jobs", "#,##0"),
        ("weight", "ratio", "0.00"),
        ("year_from", "year", "0"),
        ("job_zone_mean", None, "0.0"),
        ("occupations", "count", "#,##0"),
    ],
)
def test_excel_writes_a_column_by_its_unit(column: str, unit: str | None, expected: str) -> None:
    assert rules.excel_format(column, unit) == expected


def test_what_is_no_figure_is_refused() -> None:
    with pytest.raises(TypeError, match="'many'"):
        rules.cell({"employment": "many"}, "employment")


@pytest.mark.parametrize(
    ("flag", "word"),
    [("true", "yes"), ("false", "no"), ("unknown", "unknown"), ("no_list", "no list"), (None, "not defined")],
)
def test_flags_in_words(flag: str | None, word: str) -> None:
    assert rules.yes_no(flag) == word


def test_every_status_of_a_source_but_ok_has_words_of_its_own() -> None:
    source_vintage = contracts()[TableName("reference", "source_vintage")]
    (status,) = (column for column in source_vintage.columns if column.name == "status")
    for value in set(status.values or ()) - {"ok"}:
        assert not rules.standing(value).startswith("has the status"), value
    assert rules.standing("odd") == "has the status odd"


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("employment", 284_734.6, 284_730),
        ("employment", 25.0, 30),
        ("employment", 4.2, "fewer than 10"),
        ("employment", 0.0, 0),
        ("employment_share_pct", 15.249, 15.2),
        ("location_quotient", 1.0549, 1.05),
        ("wage_p50_usd", 59_422.4, 59_422),
        ("annual_openings", 1_234.56, 1_230),
        ("growth_pct", -3.149, -3.1),
    ],
)
def test_a_number_of_the_summary_has_the_digits_that_people_read(column: str, value: float, expected: object) -> None:
    assert rules.rounded(column, value) == expected
