"""Programs of study and their occupations."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.publishers.cip import parse_cip
from pipelines.publishers.cip_soc import parse_cip_soc

from .workbooks import sample, write_workbook

HEADER = ("CIP2020Code", "CIP2020Title", "SOC2018Code", "SOC2018Title")
PAIRS = [
    ("11.0701", "Computer Science.", "15-1252", "Software Developers"),
    ("11.0701", "Computer Science.", "15-1253", "Software Quality Assurance Analysts and Testers"),
    ("01.0508", "Taxidermy/Taxidermist.", "99-9999", "NO MATCH"),
]


def crosswalk(folder: Path, rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> Path:
    sheets = {"File Guide": [("File Name", "Description")], "CIP-SOC": [header, *rows], "SOC-CIP": [header, *rows]}
    return write_workbook(folder / "CIP2020_SOC2018_Crosswalk.xlsx", sheets)


def test_pairs_are_read_as_published(tmp_path: Path) -> None:
    frame = parse_cip_soc(crosswalk(tmp_path, PAIRS))
    assert frame.columns == ["cip_code", "cip_title", "soc_code", "soc_title"]
    assert frame.rows() == PAIRS


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("1.05", "x", "15-1252", "y"), "row 5, column 'CIP2020Code': not a CIP code"),
        (("11.0701", "x", "15-125", "y"), "column 'SOC2018Code': not a SOC code"),
        (("11.0701", "x", "", "y"), "column 'SOC2018Code': blank cell"),
        (PAIRS[0], "the same pair listed twice"),
    ],
)
def test_a_pair_that_is_none_is_named(tmp_path: Path, row: tuple[str, ...], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        parse_cip_soc(crosswalk(tmp_path, [*PAIRS, row]))


def test_another_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="'CIP2030Code'"):
        parse_cip_soc(crosswalk(tmp_path, PAIRS, ("CIP2030Code", *HEADER[1:])))


def test_the_publishers_crosswalk() -> None:
    frame = parse_cip_soc(sample("nces/CIP2020_SOC2018_Crosswalk.xlsx"))
    assert frame.height == 6_097
    assert frame.filter(pl.col("soc_code") == "99-9999").height == 194


def test_codes_of_programs_keep_their_zeros_and_lose_the_full_stop(tmp_path: Path) -> None:
    path = tmp_path / "CIPCode2020.csv"
    lines = [
        '"CIPFamily","CIPCode","Action","TextChange","CIPTitle","CIPDefinition","CrossReferences","Examples"',
        '="01",="01","No substantive changes",yes,"AGRICULTURE.","Programs, ""and"" more.","",',
        '="01",="01.0100","New",no,"Business, General.","On two\nlines, "so" called.","",',
        '="01",="01.8109","Moved to",no,"Physiology.","x","",',
    ]
    path.write_text("\r\n".join([*lines, ""]), encoding="utf-8-sig", newline="")
    assert parse_cip(path).rows() == [
        ("01", "AGRICULTURE", "kept"),
        ("01.0100", "Business, General", "new"),
        ("01.8109", "Physiology", "moved_to"),
    ]
    path.write_text("\r\n".join([*lines, '="01",="1.01","New",no,"X.","x","",', ""]), encoding="utf-8", newline="")
    # the third row spans two lines
    with pytest.raises(BadInputError, match="line 6, column 'CIPCode': not a CIP code"):
        parse_cip(path)


def test_the_publishers_list_of_programs() -> None:
    frame = parse_cip(sample("nces/CIPCode2020.csv"))
    assert frame.group_by(pl.col("cip_code").str.len_chars()).len().sort("cip_code")["len"].to_list() == [50, 473, 2325]
