import pytest
from sql_inputs import (
    NOT_APPLICABLE,
    PERCENTILE_COLUMNS,
    PERCENTILE_STATUSES,
    TOP_CODE,
    TOP_CODED,
    Row,
    area_cell,
)


@pytest.fixture
def wage(run_sql):
    """The row of one occupation from its published mean and P10 to P90."""

    def run(wages, **named) -> Row:
        cells = [area_cell("TX", "29-1229", 100, wages=wages, **named)]
        (row,) = run_sql("core.occupation_wage", {"core.oews_area_occupation": cells}).iter_rows(named=True)
        return row

    return run


@pytest.mark.parametrize(
    ("published", "expected", "has_percentiles", "top_coded_from"),
    [
        ((30_000, 40_000, 50_000, 60_000, 70_000), [30_000, 40_000, 50_000, 60_000, 70_000], True, None),
        # published above the top code: a figure like any other
        ((90_000, 120_000, 200_000, 262_750, 428_990), [90_000, 120_000, 200_000, 262_750, 428_990], True, None),
        # top-coded: at least the top code
        ((90_000, 120_000, 200_000, TOP_CODED, TOP_CODED), [90_000, 120_000, 200_000, 239_200, 239_200], True, 239_200),
        ((TOP_CODED,) * 5, [239_200] * 5, True, 239_200),
        # and at least what is published for a lower percentile
        ((90_000, 120_000, 200_000, 262_750, TOP_CODED), [90_000, 120_000, 200_000, 262_750, 262_750], True, 262_750),
        ((240_000, 250_000, TOP_CODED, TOP_CODED, TOP_CODED), [240_000] + [250_000] * 4, True, 250_000),
        ((240_000, TOP_CODED, TOP_CODED, TOP_CODED, TOP_CODED), [240_000] * 5, True, 240_000),
        # what is withheld says nothing about the bound, nor becomes it
        ((None, 250_000, TOP_CODED, None, TOP_CODED), [None, 250_000, 250_000, None, 250_000], False, 250_000),
        ((None, None, None, None, TOP_CODED), [None] * 4 + [239_200], False, 239_200),
        ((90_000, 120_000, TOP_CODED, None, None), [90_000, 120_000, 239_200, None, None], False, 239_200),
        ((90_000, 120_000, 245_000, TOP_CODED, None), [90_000, 120_000, 245_000, 245_000, None], False, 245_000),
        ((30_000, 40_000, None, 60_000, 70_000), [30_000, 40_000, None, 60_000, 70_000], False, None),
        ((None,) * 5, [None] * 5, False, None),
        ((NOT_APPLICABLE,) * 5, [None] * 5, False, None),
    ],
)
def test_percentiles_and_the_least_that_top_coded_ones_can_be(
    wage, published, expected, has_percentiles, top_coded_from
):
    row = wage(published)
    assert [row[column] for column in PERCENTILE_COLUMNS] == expected
    assert [row[column] for column in PERCENTILE_STATUSES] == [
        figure if isinstance(figure, str) else "withheld" if figure is None else "ok" for figure in published
    ]
    assert row["has_percentiles"] is has_percentiles
    assert row["top_coded_from_usd"] == top_coded_from


@pytest.mark.parametrize("gap", range(5))
def test_a_distribution_needs_all_five_percentiles(wage, gap):
    published = [None if place == gap else 30_000 + 10_000 * place for place in range(5)]
    assert wage(published)["has_percentiles"] is False


@pytest.mark.parametrize(
    ("mean", "expected", "status"),
    [
        (80_000, 80_000, "ok"),
        (310_000, 310_000, "ok"),
        (TOP_CODED, TOP_CODE, "top_coded"),
        (None, None, "withheld"),
        (NOT_APPLICABLE, None, "not_applicable"),
    ],
)
def test_the_mean_and_its_status(wage, mean, expected, status):
    row = wage((None,) * 5, mean=mean)
    assert (row["wage_mean_usd"], row["wage_mean_status"]) == (expected, status)


def test_every_cell_is_kept_with_its_jobs(run_sql):
    cells = [
        area_cell("TX", "15-1252", 500, rse=4.5),
        area_cell("TX", "15-0000", 900, group="major"),
        area_cell("AK", "15-1252", None),
        area_cell("AK", "00-0000", 3000, group="total"),
    ]
    result = run_sql("core.occupation_wage", {"core.oews_area_occupation": cells})
    columns = ("area_id", "soc_code", "occupation_group", "employment", "employment_status", "employment_rse_pct")
    assert result.select(columns).rows() == [
        ("AK", "00-0000", "total", 3000.0, "ok", 1.0),
        ("AK", "15-1252", "detailed", None, "withheld", None),
        ("TX", "15-0000", "major", 900.0, "ok", 1.0),
        ("TX", "15-1252", "detailed", 500.0, "ok", 4.5),
    ]
    assert result["period"].unique().to_list() == ["2025-05"]
