"""Projections of the published database against the publishers' own figures."""

from collections.abc import Callable

import duckdb
import pytest

Query = Callable[[str], object]

# BLS, occupation.xlsx of 2024-34, Tables 1.2 and 1.10, in thousands: employment 2024 and 2034, change, percent,
# openings, exits, transfers
NATIONAL = {
    "11-1031": (27.7, 28.6, 0.9, 3.4, 2.2, 0.8, 1.3),
    "13-1020": (522.2, 552.3, 30.1, 5.8, 52.2, 21.2, 28.1),
    "15-1252": (1693.8, 1961.4, 267.7, 15.8, 115.2, 30.7, 57.7),
    "29-1141": (3391.0, 3557.1, 166.1, 4.9, 189.1, 97.9, 74.6),
    "41-2011": (3157.2, 2843.6, -313.6, -9.9, 542.6, 293.5, 280.6),
}


@pytest.mark.parametrize("soc_code", NATIONAL)
def test_the_nation_is_as_in_the_publishers_workbook(lmi_database: duckdb.DuckDBPyConnection, soc_code: str) -> None:
    base, projected, change, percent, openings, exits, transfers = NATIONAL[soc_code]
    row = lmi_database.execute(
        "select base_jobs, projected_jobs, change_jobs, growth_pct, annual_openings, openings_exits, "
        "openings_transfers, projection_period, status "
        "from marts.occupation_outlook where area_id = 'US' and soc_code = ?",
        [soc_code],
    ).fetchall()
    thousands = [round(1000 * figure) for figure in (base, projected, change, openings, exits, transfers)]
    assert row == [(*thousands[:3], percent, *thousands[3:], "2024-34", "ok")]
