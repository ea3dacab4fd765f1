"""core.oews_area_occupation and core.oews_industry_occupation: figures as published, with the occupation's level."""

import pytest
from sql_inputs import FIGURES, Row, figures

OCCUPATIONS = [
    {"soc_code": "00-0000", "occupation_name": "All Occupations", "occupation_group": "total"},
    {"soc_code": "15-1252", "occupation_name": "Software Developers", "occupation_group": "detailed"},
]


def numbered(start: int) -> Row:
    """A cell in which every figure and every status has a value of its own, so that swapped columns show."""
    row: Row = {}
    for offset, name in enumerate(FIGURES):
        row[name] = start + offset
        row[f"{name}_status"] = f"status {start + offset}"
    return row


@pytest.mark.parametrize(
    ("table", "key"), [("oews_area_occupation", "area_id"), ("oews_industry_occupation", "industry_code")]
)
def test_every_figure_and_status_keeps_its_column(run_sql, table, key):
    cells = [
        {key: "TX", "soc_code": "15-1252", "period": "2025-05", **numbered(100)},
        {key: "AK", "soc_code": "15-1252", "period": "2025-05", **numbered(200)},
        {key: "AK", "soc_code": "00-0000", "period": "2025-05", **figures(None, rse=None, mean="top_coded")},
    ]
    result = run_sql(f"core.{table}", {f"raw.{table}": cells, "raw.oews_occupation": OCCUPATIONS})
    assert result.columns == [key, "soc_code", "occupation_group", "period", *list(numbered(0))]
    assert result.rows(named=True) == [
        {**cells[2], "occupation_group": "total"},
        {**cells[1], "occupation_group": "detailed"},
        {**cells[0], "occupation_group": "detailed"},
    ]
