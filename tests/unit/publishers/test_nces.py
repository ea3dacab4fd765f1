"""Programs of study and their occupations, and completions by institution."""

from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.publishers.cip_soc import parse_cip_soc
from pipelines.publishers.ipeds import completions_year, parse_completions

from .workbooks import sample, write_workbook

HEADER = ("CIP2020Code", "CIP2020Title", "SOC2018Code", "SOC2018Title")
PAIRS = [
    ("11.0701", "Computer Science.", "15-1252", "Software Developers"),
    ("11.0701", "Computer Science.", "15-1253", "Software Quality Assurance Analysts and Testers"),
    ("01.0508", "Taxidermy/Taxidermist.", "99-9999", "NO MATCH"),
]
COLUMNS = "UNITID,CIPCODE,MAJORNUM,AWLEVEL,XCTOTALT,CTOTALT,XCTOTALM,CTOTALM"
LINES = ['100654,"01.0999",1,05,R,12,R,2', '100654,"01.0999",2,05,R,1,R,1', '100654,"99",1,05,R,12,R,2']


def crosswalk(folder: Path, rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> Path:
    sheets = {"File Guide": [("File Name", "Description")], "CIP-SOC": [header, *rows], "SOC-CIP": [header, *rows]}
    return write_workbook(folder / "CIP2020_SOC2018_Crosswalk.xlsx", sheets)


def completions(folder: Path, lines: list[str], header: str = COLUMNS, member: str = "c2024_a.csv") -> Path:
    path = folder / "C2024_A.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr(member, "\ufeff" + "\r\n".join([header, *lines, ""]))
        archive.writestr("c2024_a_rv.csv", "revised")
    return path


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


def test_completions_are_read_by_institution_program_and_award(tmp_path: Path) -> None:
    path = completions(tmp_path, LINES)
    assert completions_year(path) == 2024
    frame = parse_completions(path)
    assert frame.columns == ["unit_id", "cip_code", "major_number", "award_level", "completions"]
    assert frame.rows() == [
        ("100654", "01.0999", 1, 5, 12),
        ("100654", "01.0999", 2, 5, 1),
        ("100654", "99", 1, 5, 12),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('100654,"1.0999",1,05,R,12,R,2', "line 5, column 'CIPCODE': not a CIP code"),
        ('100654,"01.0999",3,05,R,12,R,2', "column 'MAJORNUM'"),
        ('100654,"01.1001",1,05,R,-2,R,2', "column 'CTOTALT': not a whole number"),
        ('100654,"01.1001",1,05,R,,R,2', "column 'CTOTALT': blank cell"),
        (LINES[0], "column 'CIPCODE': listed twice"),
        ('100654,"01.1001",1,05,"R\r\nS",12,R,2\r\n\r\n100654,"1.09",1,05,R,12,R,2', "line 8, column 'CIPCODE'"),
        ('100654,"01.1001",1,05,R', "line 5: 5 cells where the header has 8"),
        ('100654,"01.1001,1,05,R,1,R,2', "line 5: a quote opens in this row and is never closed"),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        parse_completions(completions(tmp_path, [*LINES, line]))


def test_files_of_completions_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="missing column 'CTOTALT'"):
        parse_completions(completions(tmp_path, LINES, COLUMNS.replace(",CTOTALT", ",TOTAL")))
    with pytest.raises(BadInputError, match=r"no c2024_a\.csv in the zip"):
        parse_completions(completions(tmp_path, LINES, member="c2023_a.csv"))
    with pytest.raises(BadInputError, match="no rows under the header"):
        parse_completions(completions(tmp_path, []))
    path = completions(tmp_path, LINES)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(BadInputError, match="damaged"):
        parse_completions(path)
    with pytest.raises(BadInputError, match=r"a name like C2024_A\.zip"):
        parse_completions(path.rename(tmp_path / "download.zip"))
