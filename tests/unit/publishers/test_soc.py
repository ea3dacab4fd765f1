"""The SOC structure workbook: one row per group, its code in the column of its level."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.publishers import soc

from .workbooks import sample, write_workbook

Row = Sequence[object]

PREAMBLE: list[Row] = [(), ("U.S. Bureau of Labor Statistics",), (None,), ("Structure of January 2018",)]
HEADER: Row = ("Major Group", "Minor Group", "Broad Group", "Detailed Occupation", None)
FIRST_ROW = 6
ROWS: list[Row] = [
    ("15-0000", None, None, None, "Computer and Mathematical Occupations"),
    (None, "15-1200", None, None, "Computer Occupations"),
    (None, None, "15-1250", None, "Software and Web Developers,  Programmers, and Testers "),
    (None, None, None, "15-1251", "Computer Programmers"),
    (None, None, None, "15-1252", "Software Developers"),
    ("29-0000", None, None, None, "Healthcare Practitioners and Technical Occupations"),
    (None, "29-1000", None, None, "Healthcare Diagnosing or Treating Practitioners"),
    (None, None, "29-1210", None, "Physicians"),
    (None, None, None, "29-1221", "Pediatricians, General"),
]


def book(folder: Path, rows: Sequence[Row], header: Row = HEADER, preamble: Sequence[Row] = PREAMBLE) -> Path:
    return write_workbook(folder / "soc_structure.xlsx", {"Structure": [*preamble, header, *rows]})


def replaced(at: int, row: Row) -> list[Row]:
    return [*ROWS[:at], row, *ROWS[at + 1 :]]


def refused(path: Path, *parts: str) -> None:
    with pytest.raises(BadInputError) as caught:
        soc.parse_structure(path)
    assert (caught.value.source, caught.value.file) == ("soc", path.name)
    for part in parts:
        assert part in str(caught.value)


def test_parents_come_from_the_nesting_of_the_sheet(tmp_path: Path) -> None:
    frame = soc.parse_structure(book(tmp_path, ROWS))
    assert frame.columns == ["soc_code", "soc_title", "soc_level", "parent_code", "major_code", "sort_order"]
    assert frame.drop("soc_title").rows() == [
        ("15-0000", "major", None, "15-0000", 1),
        ("15-1200", "minor", "15-0000", "15-0000", 2),
        ("15-1250", "broad", "15-1200", "15-0000", 3),
        ("15-1251", "detailed", "15-1250", "15-0000", 4),
        ("15-1252", "detailed", "15-1250", "15-0000", 5),
        ("29-0000", "major", None, "29-0000", 6),
        ("29-1000", "minor", "29-0000", "29-0000", 7),
        ("29-1210", "broad", "29-1000", "29-0000", 8),
        ("29-1221", "detailed", "29-1210", "29-0000", 9),
    ]
    assert frame["soc_title"][2] == "Software and Web Developers, Programmers, and Testers"


@pytest.mark.parametrize("preamble", [[], [("a title",)], [()] * 12 + [("Major Group", "of what follows")]])
def test_any_preamble_will_do(tmp_path: Path, preamble: list[Row]) -> None:
    rows = [*ROWS[:5], (None,) * 5, ("  ", None, None, None, None), *ROWS[5:]]
    assert soc.parse_structure(book(tmp_path, rows, preamble=preamble)).height == 9


@pytest.mark.parametrize(
    ("at", "row", "parts"),
    [
        (4, (None, None, "15-1260", "15-1252", "Two"), ["'Detailed Occupation'", "two codes", "'15-1252'"]),
        (4, (None, None, None, None, "No code"), ["without a code", "'No code'"]),
        (4, (None, None, None, "151252", "Plain"), ["'Detailed Occupation'", "not a SOC code", "'151252'"]),
        (4, (None, None, None, "15-1260", "Broad"), ["'Detailed Occupation'", "digits", "'15-1260'"]),
        (2, (None, None, "15-1251", None, "Detailed"), ["'Broad Group'", "digits", "'15-1251'"]),
        (1, (None, "15-1250", None, None, "Broad"), ["'Minor Group'", "digits", "'15-1250'"]),
        (5, ("29-1000", None, None, None, "Minor"), ["'Major Group'", "digits", "'29-1000'"]),
        (4, (None, None, None, "15-1251", "Again"), ["twice", "'15-1251'"]),
        (4, (None, None, None, "15-1252", None), ["'(without a name)'", "blank"]),
        (4, (None, None, None, "17-1252", "Elsewhere"), ["major group of other digits", "'17-1252'"]),
        (7, (None, None, "29-2210", None, "Elsewhere"), ["minor group of other digits", "'29-2210'"]),
    ],
)
def test_a_bad_row_is_refused(tmp_path: Path, at: int, row: Row, parts: list[str]) -> None:
    refused(book(tmp_path, replaced(at, row)), f"sheet 'Structure', row {FIRST_ROW + at}", *parts)


@pytest.mark.parametrize(
    ("gone", "orphan", "at"),
    [(0, "15-1200", 0), (1, "15-1250", 1), (2, "15-1251", 2), (6, "29-1210", 6), (7, "29-1221", 7)],
)
def test_a_code_without_a_parent_is_refused(tmp_path: Path, gone: int, orphan: str, at: int) -> None:
    rows = [*ROWS[:gone], *ROWS[gone + 1 :]]
    refused(book(tmp_path, rows), f"row {FIRST_ROW + at}", "without a parent", repr(orphan))


def test_a_detailed_code_straight_under_its_major_group_is_refused(tmp_path: Path) -> None:
    rows = [*ROWS[:6], ROWS[8]]
    refused(book(tmp_path, rows), f"row {FIRST_ROW + 6}", "without a parent", "'29-1221'")


def test_other_columns_are_refused(tmp_path: Path) -> None:
    renamed = book(tmp_path, ROWS, header=("Major Group", "Minor Group", "Broad Group", "Occupation", None))
    refused(renamed, "row 5", "missing column 'Detailed Occupation'", "unknown column 'Occupation'")
    added = book(tmp_path, [(*row, "x") for row in ROWS], header=(*HEADER[:4], None, "Notes"))
    refused(added, "row 5", "unknown column 'Notes'")
    repeated = book(tmp_path, ROWS, header=("Major Group", "Major Group", "Broad Group", "Detailed Occupation"))
    refused(repeated, "row 5", "named twice", "'Major Group'")


def test_no_rows_and_no_header_are_refused(tmp_path: Path) -> None:
    refused(book(tmp_path, []), "sheet 'Structure'", "no rows")
    refused(write_workbook(tmp_path / "soc_other.xlsx", {"A": [("x", 1)], "B": []}), "'A', 'B'", "'Major Group'")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "missing"),
        (b"", "zero bytes"),
        (b"<!DOCTYPE html><html>Access Denied</html>", "HTML"),
        (b"  <html>", "HTML"),
        (b"code,title\n", "not an .xlsx workbook"),
        (b"PK\x03\x04", "cut short"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / "soc_structure_2018.xlsx"
    if content is not None:
        path.write_bytes(content)
    refused(path, "soc_structure_2018.xlsx", problem)


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path, ROWS)
    whole = path.read_bytes()
    for length in (len(whole) // 2, len(whole) - 10):
        path.write_bytes(whole[:length])
        refused(path, "cut short")


def test_the_2018_structure_has_the_groups_that_the_publisher_counts() -> None:
    frame = soc.parse_structure(sample("bls_soc/soc_structure_2018.xlsx"))
    counts = dict(frame.group_by("soc_level").len().iter_rows())
    assert counts == {"major": 23, "minor": 98, "broad": 459, "detailed": 867}
    parents = dict(frame.select("soc_code", "parent_code").iter_rows())
    assert parents["15-1252"] == "15-1250"
    assert parents["15-1250"] == "15-1200"
    assert parents["31-1121"] == "31-1120"
    assert parents["31-1120"] == "31-1100"
    assert parents["51-5111"] == "51-5110"
    assert frame.filter(pl.col("parent_code").is_null())["soc_level"].unique().to_list() == ["major"]
