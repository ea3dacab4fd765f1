"""The workbook: missing figures are words, bounds show as such, codes stay text, long tables go on in new sheets."""

from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.contracts.model import contracts, published_tables
from pipelines.reports.export.headings import headings
from pipelines.reports.export.summary import Summary
from pipelines.reports.export.tables import ExportedTable, dictionary_frame
from pipelines.reports.export.workbook import Workbook
from pipelines.tables import TableName
from tests.unit.warehouse.small_contracts import table

MART = TableName("marts", "cluster_indicators")
#: What people call the columns of TYPES.
HEADINGS = [
    "Area code", "Area", "Employment", "Employment share, %", "Location quotient", "Wage median, $ a year",
    "Wage median status", "Year", "Status",
]  # fmt: skip
NOTES = {"How to read": ["Empty is not zero.", "=1+1 is text here."], "Sources": ["BLS"]}
TYPES = {
    "area_id": "varchar",
    "area_name": "varchar",
    "employment": "double",
    "employment_share_pct": "double",
    "location_quotient": "double",
    "wage_p50_usd": "double",
    "wage_p50_status": "varchar",
    "year": "bigint",
    "status": "varchar",
}
UNITS = {
    "employment": "jobs", "employment_share_pct": "percent", "location_quotient": "ratio", "wage_p50_usd": "USD a year",
    "year": "year",
}  # fmt: skip
ROWS = [
    ("39049", "Franklin", 1234567.0, 15.25, 1.5, 54321.4, "ok", 2025, "ok"),
    ("00001", "=cmd|'/c calc'!A0", None, None, None, None, "withheld", 2025, "withheld"),
    ("C1", "https://example.gov/", 20.0, 0.0, None, 239200.0, "top_coded", 2025, "partial"),
]


def _small() -> tuple[ExportedTable, pl.DataFrame]:
    contract = table("marts.jobs", TYPES, ("area_id",), nullable=tuple(UNITS))
    columns = tuple(column.model_copy(update={"unit": UNITS.get(column.name)}) for column in contract.columns)
    frame = pl.DataFrame(ROWS, schema=list(TYPES), orient="row")
    return ExportedTable(contract.model_copy(update={"columns": columns}), "select"), frame


def _write(path: Path, sheet_rows: int = 1000) -> openpyxl.Workbook:
    exported, frame = _small()
    release = {"release_id": "20261101T060000Z-aaaaaaaa", "published_at": datetime(2026, 11, 1, 6)}
    with Workbook(path, title="Jobs of Ohio", release=release, notes=NOTES, sheet_rows=sheet_rows) as workbook:
        workbook.add(exported, frame)
        workbook.add_dictionary(dictionary_frame([exported]))
    return openpyxl.load_workbook(path)


def _rows(sheet: Worksheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def book(tmp_path: Path) -> openpyxl.Workbook:
    return _write(tmp_path / "small.xlsx")


def test_figures_are_numbers_and_missing_ones_words(book: openpyxl.Workbook) -> None:
    header, franklin, withheld, bound = _rows(book["jobs"])
    assert header == HEADINGS
    assert franklin == ["39049", "Franklin", 1234567, 15.25, 1.5, 54321.4, "ok", 2025, "ok"]
    assert withheld[2:6] == ["withheld"] * 4
    assert bound[2:6] == [20, 0, "too little published", 239200]


def test_a_flag_that_no_rule_defines_is_a_word_and_no_blank(tmp_path: Path) -> None:
    contract = contracts()[TableName("marts", "occupation_flag")]
    kept = ("area_id", "soc_code", "high_skill", "high_wage", "listed")
    columns = tuple(column for column in contract.columns if column.name in kept)
    exported = ExportedTable(contract.model_copy(update={"columns": columns}), "select")
    schema = dict.fromkeys([column.name for column in columns], pl.String)
    names = [*schema]
    flags = {"high_skill": None, "high_wage": "false", "listed": None}
    frame = pl.DataFrame([{"area_id": "OR", "soc_code": "29-1141", **flags}], schema=schema)
    release = {"release_id": "20261101T060000Z-aaaaaaaa", "published_at": datetime(2026, 11, 1, 6)}
    with Workbook(tmp_path / "flags.xlsx", title="Flags", release=release, notes=NOTES) as workbook:
        workbook.add(exported, frame)
        workbook.add_dictionary(dictionary_frame([exported]))
    _, row = _rows(openpyxl.load_workbook(tmp_path / "flags.xlsx")["occupation_flag"])
    said = dict(zip(names, row, strict=True))
    assert (said["high_skill"], said["high_wage"], said["listed"]) == ("not defined", "false", "no list")
    in_csv = dict(dictionary_frame([exported], in_csv=True).select("column", "allowed").iter_rows())
    assert in_csv["high_skill"] == "met, not met, unknown, not defined"
    assert in_csv["listed"] == "met, not met, unknown, no list"


def test_numbers_are_formatted_by_their_unit(book: openpyxl.Workbook) -> None:
    sheet = book["jobs"]
    formats = {name: sheet.cell(2, place).number_format for place, name in enumerate(TYPES, start=1)}
    assert formats["employment"] == "#,##0"
    assert formats["employment_share_pct"] == '0.0"%"'
    assert formats["location_quotient"] == "0.00"
    assert formats["wage_p50_usd"] == "$#,##0"
    assert formats["year"] == "0"
    assert formats["area_id"] == "@"
    assert sheet["F4"].number_format == '">= "$#,##0'


def test_text_is_never_a_formula_a_number_or_a_link(book: openpyxl.Workbook) -> None:
    sheet = book["jobs"]
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["39049", "00001", "C1"]
    assert {sheet.cell(row, column).data_type for row in (2, 3, 4) for column in (1, 2)} <= {"s", "inlineStr"}
    assert sheet["B3"].value == "=cmd|'/c calc'!A0"
    assert sheet["B4"].hyperlink is None
    assert ["=1+1 is text here."] in _rows(book["Notes"])


def test_sheets_have_frozen_headers_filters_and_room(book: openpyxl.Workbook) -> None:
    for name in ("jobs", "Dictionary"):
        sheet = book[name]
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref is not None
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet["A1"].font.bold
    assert book["jobs"].auto_filter.ref == "A1:I4"
    widths = book["jobs"].column_dimensions
    # wide enough for the longest content, and for a figure with its separators
    assert widths["B"].width >= len("https://example.gov/")
    assert widths["C"].width >= len(">= $239,200")


def test_contents_lead_to_every_sheet_and_the_dictionary_tells_every_column(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["Contents", "Notes", "jobs", "Dictionary"]
    contents = book["Contents"]
    links = {
        str(cell.hyperlink.location).partition("!")[0].strip("'")
        for row in contents.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert links == {"Notes", "jobs", "Dictionary"}
    assert ["jobs", 3, "key"] in [row[:3] for row in _rows(contents)]
    told = [(row[0], row[1], row[2], row[4]) for row in _rows(book["Dictionary"])[1:]]
    assert told == [("jobs", name, said, UNITS.get(name)) for name, said in zip(TYPES, HEADINGS, strict=True)]
    assert "20261101T060000Z-aaaaaaaa" in str(book.properties.description)


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(tmp_path: Path) -> None:
    book = _write(tmp_path / "split.xlsx", sheet_rows=3)
    assert book.sheetnames == ["Contents", "Notes", "jobs (1)", "jobs (2)", "Dictionary"]
    first, second = _rows(book["jobs (1)"]), _rows(book["jobs (2)"])
    assert first[0] == second[0] == HEADINGS
    assert [row[0] for row in first[1:] + second[1:]] == ["39049", "00001", "C1"]
    assert [row[:2] for row in _rows(book["Contents"]) if row[1] in (1, 2)] == [["jobs (1)", 2], ["jobs (2)", 1]]


def test_a_failure_inside_leaves_its_own_error(tmp_path: Path) -> None:
    release = {"release_id": "r", "published_at": None}
    workbook = Workbook(tmp_path / "x.xlsx", title="t", release=release, notes=NOTES)
    with pytest.raises(ZeroDivisionError), workbook:
        raise ZeroDivisionError


def test_each_basis_has_a_sheet_and_the_one_to_add_up_comes_first(tmp_path: Path) -> None:
    bases = ["duplicated", "unduplicated", "unduplicated:mine", "duplicated:mine"]
    contract = table("marts.a_table_with_a_very_long_name", {"area_id": "varchar", "basis": "varchar"}, ("area_id",))
    frame = pl.DataFrame({"area_id": [f"A{n}" for n in range(4)], "basis": bases})
    release = {"release_id": "r", "published_at": None}
    with Workbook(tmp_path / "x.xlsx", title="t", release=release, notes=NOTES) as workbook:
        workbook.add(ExportedTable(contract, "select"), frame)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    sheets = book.sheetnames[2:]
    assert [[row[1] for row in _rows(book[name])[1:]] for name in sheets] == [[bases[n]] for n in (1, 0, 2, 3)]
    assert all(len(name) <= 31 for name in sheets)
    assert [name[name.find("(") :] for name in sheets[1:]] == ["(in full)", "(own)", "(own, in full)"]
    holds = {row[0]: str(row[3]) for row in _rows(book["Contents"])}
    assert "may be added up" in holds[sheets[0]]
    assert "never add these up" in holds[sheets[1]]


def test_the_summary_stands_first_with_numbers_as_numbers(tmp_path: Path) -> None:
    cells = [(1234.5, "1,230", "#,##0"), ("A", "A", ""), (None, "too little projected", "")]
    lines = [("=Construction", cells), ("All jobs", cells)]
    made = Summary("Cite r.", ["Cluster", "Jobs", "Grade", "Growth"], lines, ["Codes are text. " * 20])
    release = {"release_id": "r", "published_at": None}
    with Workbook(tmp_path / "x.xlsx", title="Ohio", release=release, notes=NOTES, summary=made):
        pass
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames[0] == "Summary"
    sheet = book["Summary"]
    assert [row[:4] for row in _rows(sheet)[:6]] == [
        ["Ohio", None, None, None],
        ["Cite r.", None, None, None],
        [None] * 4,
        ["Cluster", "Jobs", "Grade", "Growth"],
        ["=Construction", 1234.5, "A", "too little projected"],
        ["All jobs", 1234.5, "A", "too little projected"],
    ]
    assert sheet["A5"].data_type == "s"
    assert sheet["B5"].number_format == "#,##0"
    # a note as long as four lines of the merged cells is not cut
    assert sheet.row_dimensions[8].height >= 4 * 15


def test_long_notes_do_not_run_into_each_other(tmp_path: Path) -> None:
    release = {"release_id": "r", "published_at": None}
    notes = {"How": ["word " * 100, "short"]}
    with Workbook(tmp_path / "x.xlsx", title="t", release=release, notes=notes):
        pass
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["Notes"]
    # 500 letters in a column of 120
    assert sheet.row_dimensions[4].height == 5 * 15
    assert sheet.row_dimensions[5].height in (None, 15)


def test_headings_are_words_and_each_is_the_only_one_of_its_sheet() -> None:
    for name, contract in published_tables().items():
        said = headings(contract.columns)
        assert len(set(said)) == len(said), name
    (wage,) = [column for column in contracts()[MART].columns if column.name == "wage_p50_usd"]
    assert headings([wage]) == ["Wage median, $ a year"]
