"""The NAICS list of 2- to 6-digit codes, where a workbook keeps most codes as numbers."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.publishers import naics

from .workbooks import sample, write_workbook

Row = Sequence[object]

HEADER: Row = ("Seq. No.", "2022 NAICS US   Code", "2022 NAICS US Title")
ROWS: list[Row] = [
    (1, 11, "Agriculture, Forestry, Fishing and Hunting"),
    (2, 111, "Crop  Production "),
    (3, 1111, "Oilseed and Grain Farming"),
    (4, 11111, "Soybean Farming"),
    (5, 111110, "Soybean Farming "),
    (6, "31-33", "Manufacturing"),
    (7, 311, "Food Manufacturing"),
    (8, "332", "Fabricated Metal Product Manufacturing"),
    (9, 42, "Wholesale Trade"),
]


def book(folder: Path, rows: Sequence[Row], header: Row = HEADER) -> Path:
    return write_workbook(folder / "naics codes.xlsx", {"tbl": [header, (), *rows]})


def refused(path: Path, *parts: str) -> None:
    with pytest.raises(BadInputError) as caught:
        naics.parse_codes(path)
    assert (caught.value.source, caught.value.file) == ("naics", "naics codes.xlsx")
    for part in parts:
        assert part in str(caught.value)


def test_codes_are_text_and_ranges_hold_their_subsectors(tmp_path: Path) -> None:
    frame = naics.parse_codes(book(tmp_path, ROWS))
    assert frame.columns == [
        "naics_code", "naics_title", "naics_level", "parent_code", "sector_code", "sort_order",
    ]  # fmt: skip
    assert frame.rows() == [
        ("11", "Agriculture, Forestry, Fishing and Hunting", 2, None, "11", 1),
        ("111", "Crop Production", 3, "11", "11", 2),
        ("1111", "Oilseed and Grain Farming", 4, "111", "11", 3),
        ("11111", "Soybean Farming", 5, "1111", "11", 4),
        ("111110", "Soybean Farming", 6, "11111", "11", 5),
        ("31-33", "Manufacturing", 2, None, "31-33", 6),
        ("311", "Food Manufacturing", 3, "31-33", "31-33", 7),
        ("332", "Fabricated Metal Product Manufacturing", 3, "31-33", "31-33", 8),
        ("42", "Wholesale Trade", 2, None, "42", 9),
    ]


def test_codes_written_as_decimals_and_another_vintage_are_read(tmp_path: Path) -> None:
    rows = [(1, "11.0", "Agriculture"), (2, 111.0, "Crops"), (3, "1110.00", "All crops")]
    header = ("Seq. No.", "2027 NAICS US Code", "2027 NAICS US Title", None, "  ")
    frame = naics.parse_codes(book(tmp_path, [(*row, None, " ") for row in rows], header))
    assert frame.select("naics_code", "parent_code").rows() == [("11", None), ("111", "11"), ("1110", "111")]


@pytest.mark.parametrize(
    ("at", "row", "parts"),
    [
        (1, (2, None, "Crops"), ["Code'", "blank"]),
        (1, (2, 111, "  "), ["Title'", "blank"]),
        (1, (2, "1111111", "Seven"), ["Code'", "'1111111'"]),
        (1, (2, "1", "One"), ["Code'", "'1'"]),
        (1, (2, "11A", "Letter"), ["Code'", "'11A'"]),
        (1, (2, 111.5, "Half"), ["Code'", "'111.5'"]),
        (1, (2, 11, "Again"), ["twice", "'11'"]),
        (6, (7, 211, "Mining"), ["parent", "'211'"]),
        (3, (4, 11211, "Cattle"), ["parent", "'11211'"]),
        (5, (6, "33-31", "Manufacturing"), ["rise", "'33-31'"]),
        (8, (9, 32, "Some manufacturing"), ["another sector", "'32'"]),
    ],
)
def test_a_bad_row_is_refused(tmp_path: Path, at: int, row: Row, parts: list[str]) -> None:
    refused(book(tmp_path, [*ROWS[:at], row, *ROWS[at + 1 :]]), f"sheet 'tbl', row {at + 3}", *parts)


def test_other_columns_and_no_rows_are_refused(tmp_path: Path) -> None:
    refused(book(tmp_path, ROWS, ("Seq. No.", "NAICS", "2022 NAICS US Title")), "row 1", "missing", "'NAICS'")
    refused(book(tmp_path, [("x", *row) for row in ROWS], ("Change", *HEADER)), "unknown column 'Change'")
    refused(book(tmp_path, [(*row, "new") for row in ROWS]), "row 1", "values under no name")
    refused(book(tmp_path, []), "no rows")


def test_the_2022_list_has_2125_codes_in_20_sectors() -> None:
    frame = naics.parse_codes(sample("census_naics/2-6 digit_2022_Codes.xlsx"))
    assert frame.height == 2125
    assert frame["sector_code"].n_unique() == 20
    assert frame.filter(pl.col("naics_level") == 2)["naics_code"].to_list() == [
        "11", "21", "22", "23", "31-33", "42", "44-45", "48-49", "51", "52",
        "53", "54", "55", "56", "61", "62", "71", "72", "81", "92",
    ]  # fmt: skip
    assert frame.filter(naics_code="492110").row(0) == (
        "492110", "Couriers and Express Delivery Services", 6, "49211", "48-49", 1327,
    )  # fmt: skip
