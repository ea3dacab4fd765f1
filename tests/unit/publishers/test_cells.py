"""Cells that a spreadsheet or a damaged file has changed are refused by name, in every column that is read."""

from pathlib import Path

import pytest

from pipelines.errors import BadInputError
from pipelines.publishers.common import read_delimited, read_table
from tests.unit.publishers.workbooks import write_workbook

COLUMNS = {"soc_code": "Code", "soc_title": "Title"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("#N/A", "error of a formula"),
        ("#REF!", "error of a formula"),
        ("#NAME?", "error of a formula"),
        ("TRUE", "truth value"),
        ("false", "truth value"),
        ("2024-05-01 00:00:00", "date or time"),
        ("12:30:00", "date or time"),
        ("10-Mar", "date as spreadsheets write it"),
        ("Mar-10", "date as spreadsheets write it"),
        ("5/1/2024", "date as spreadsheets write it"),
        ("Chief\u200bexecutives", "cannot be seen"),
        ("Chief\u00adexecutives", "cannot be seen"),
        ("Chief\x01executives", "cannot be seen"),
        ("Chief \ue000", "cannot be seen"),
        ("\u2800", "cannot be seen"),
        ("Chief\ufffdexecutives", "cannot be seen"),
        ("\u202eevituxe", "cannot be seen"),
        ("45413", "without a letter"),
        ("1e400", "a number where"),
        ("-2.5E3", "a number where"),
        ("0x1F", "a number where"),
        ("; drop table soc", "begins with neither"),
        ("../../etc/passwd", "begins with neither"),
        ("-Chief executives", "begins with neither"),
    ],
)
def test_a_title_that_is_none_is_refused(tmp_path: Path, value: str, told: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"Code,Title\n11-1011,{value}\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=told) as caught:
        read_delimited(path, "soc", COLUMNS)
    assert caught.value.place == "line 2, column 'Title'"
    assert caught.value.value == value


def test_titles_of_all_kinds_stay(tmp_path: Path) -> None:
    titles = [
        "Cr\u00e8me, \u4e2d",
        "First-Line Supervisors: 2nd",
        "True crime writers",
        "\u00bdm",
        "May 10-12 (A/B)",
        "#1 Boss",
        "'Iolani School",
        "\u02bbOlelo",
        "\u201cThe\u201d College",
        "(A) Other",
        "0x machines",
    ]
    rows = [("Code", "Title"), *((f"11-{number:04d}", title) for number, title in enumerate(titles))]
    path = write_workbook(tmp_path / "list.xlsx", {"List": rows})
    assert read_table(path, "soc", COLUMNS).frame["soc_title"].to_list() == titles


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b" \n\r\n", b"\xef\xbb\xbf\n"])
def test_a_file_of_white_space_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "oe.release"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match="nothing but white space"):
        read_delimited(path, "oews", COLUMNS)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Code,Title\r\n11-1011,Chief\r\n".encode("utf-16"), "the text is in UTF-16: .* save it as UTF-8"),
        ("Code,Title\r\n11-1011,Chief\r\n".encode("utf-16-le"), "the text is in UTF-16: .* save it as UTF-8"),
        ("Code,Title\r\n11-1011,Chief\r\n".encode("utf-16-be"), "the text is in UTF-16: .* save it as UTF-8"),
        (b"Code,Title\r\n11-1011,Ch\0ef\r\n", "NUL byte in a text file"),
        (b"Code,Title\r11-1011,Chief\r", "the lines end with CR alone"),
        (b"Code;Title\r\n11-1011;Chief, first\r\n", "semicolons stand between the cells: .* save it with commas"),
    ],
)
def test_a_file_that_a_spreadsheet_saved_is_told_as_such(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=told):
        read_delimited(path, "soc", COLUMNS)
