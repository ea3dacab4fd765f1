"""Workbooks are scanned before they are read: what would kill the process, or be read in two ways, is an error."""

import io
import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from pipelines import workbooks
from pipelines.errors import BadInputError
from pipelines.files import require_workbook
from pipelines.workbooks import read_sheets
from tests.unit.publishers.workbooks import write_workbook


def _changed(folder: Path, old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook of two rows with a change in a part; its first row is Code and Title."""
    path = write_workbook(folder / "list.xlsx", {"List": [("Code", "Title"), ("11-1011", "Chief executives")]})
    with ZipFile(path) as archive:
        members = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    assert old in members[part], members[part]
    members[part] = members[part].replace(old, new, 1)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('r="B2"', 'r="XFD1048576"', "XFD1048576"),
        ('r="B2"', 'r="XFD2"', "far outside any table"),
        ('r="B2"', 'r="ZZZZZZZ2"', "ZZZZZZZ2"),
        ('r="B2"', 'r="XFE2"', "XFE2"),
        ('r="B2"', 'r="B99999999999999999999"', "B9999"),
        ('r="B2"', 'r="A2"', "given twice or out of order"),
        ('r="B2"', 'r="B3"', "a cell in row 2"),
        ('<row r="2"', '<row r="1"', "given twice or out of order"),
        ('<row r="2"', '<row r="1048577"', "1048577"),
        ('r="B2"', 'r="B2" t="q"', "not XML, or cut short, at line "),
        ("<sheetData>", "<a>" * 100_000 + "<sheetData>", "within each other"),
        ("</sheetData>", "", "not XML, or cut short"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_before_anything_is_built(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(BadInputError, match=r"list\.xlsx") as caught:
        read_sheets(_changed(tmp_path, old, new), "soc")
    assert told in str(caught.value)


def test_a_value_in_a_row_far_below_is_refused(tmp_path: Path) -> None:
    path = _changed(tmp_path, "</sheetData>", '<row r="1048576"><c r="XF1048576"><v>1</v></c></row></sheetData>')
    with pytest.raises(BadInputError, match="1,048,576 rows and 630 columns"):
        read_sheets(path, "soc")


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "kind",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_a_document_type_is_refused_wherever_it_stands(tmp_path: Path, part: str, kind: str) -> None:
    with pytest.raises(BadInputError, match="document type declaration"):
        read_sheets(_changed(tmp_path, "<", f"{kind}<", part), "soc")


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_workbook(tmp_path / "list.xlsx", {"List": [("Code",)] * 2_000})
    monkeypatch.setattr(workbooks, "MAX_PART_BYTES", 10_000)
    with pytest.raises(BadInputError, match="unpacks to more than"):
        read_sheets(path, "soc")


def test_a_flipped_bit_in_a_part_is_a_damaged_workbook(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "list.xlsx", {"List": [(f"11-{number:04d}", "Title") for number in range(500)]})
    whole = path.read_bytes()
    met = set()
    for at in range(60, len(whole) - 600, 37):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        try:
            require_workbook(path, "soc")
            read_sheets(path, "soc")
        except BadInputError as error:
            met.add(type(error.__cause__))
    assert zlib.error in met


def test_values_are_read_as_text_whatever_their_type(tmp_path: Path) -> None:
    cells = (
        '<c r="A3" t="inlineStr"><v>as a value</v></c><c r="B3" t="inlineStr"><is><t>as it should</t></is></c>'
        '<c r="C3" t="b"><v>1</v></c><c r="D3" t="e"><v>#N/A</v></c><c r="E3"><v>12.0</v></c><c r="F3"><v>0.1</v></c>'
        '<c r="XFD3" s="0"/>'
    )
    path = _changed(tmp_path, "</sheetData>", f'<row r="3">{cells}</row></sheetData>')
    (sheet,) = read_sheets(path, "soc").values()
    assert sheet.row(2) == ("as a value", "as it should", "TRUE", "#N/A", "12", "0.1")
    assert sheet.row(0) == ("Code", "Title", None, None, None, None)


def test_what_a_workbook_names_as_its_end_does_not_count(tmp_path: Path) -> None:
    path = _changed(tmp_path, '<dimension ref="A1:B2"', '<dimension ref="A1:XFD1048576"')
    (sheet,) = read_sheets(path, "soc").values()
    assert sheet.shape == (2, 2)


def test_a_zip_that_only_looks_like_a_workbook_is_refused(tmp_path: Path) -> None:
    written = io.BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    path = tmp_path / "list.xlsx"
    path.write_bytes(written.getvalue())
    with pytest.raises(BadInputError, match="not as Excel writes it"):
        read_sheets(path, "soc")
