"""Completions by institution and their places: what is read, and each fault that is refused."""

from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.publishers.ipeds import parse_completions, parse_institutions, read
from pipelines.sources import declared_sources

COLUMNS = "UNITID,CIPCODE,MAJORNUM,AWLEVEL,XCTOTALT,CTOTALT,XCTOTALM,CTOTALM,XCTOTALW,CTOTALW"
LINES = [
    '100654,"01.0999",1,05,R,12,R,2,R,10',
    '100654,"01.1001",1,05,R,0,R,0,R,0',
    '100654,"01.0999",2,05,R,1,R,1,R,0',
    '100654,"99",1,05,R,12,R,2,R,10',
    '100654,"99",2,05,R,1,R,1,R,0',
]
PLACES = "UNITID,INSTNM,STABBR,COUNTYCD,CONTROL,WEBADDR"
COLLEGES = ["100654,Alabama A & M University,AL,1089,1,www.aamu.edu", "243638,College of Micronesia,FM,-2,1,x"]


def zipped(folder: Path, name: str, members: dict[str, bytes]) -> Path:
    path = folder / name
    with ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def text(header: str, lines: list[str]) -> bytes:
    return ("\ufeff" + "\r\n".join([header, *lines, ""])).encode()


def completions(folder: Path, lines: list[str], year: int = 2024, header: str = COLUMNS, **more: bytes) -> Path:
    members = {f"c{year}_a.csv": text(header, lines), **{f"{name}.csv": content for name, content in more.items()}}
    return zipped(folder, f"C{year}_A.zip", members)


def institutions(folder: Path, lines: list[str], year: int = 2024) -> Path:
    return zipped(folder, f"HD{year}.zip", {f"hd{year}.csv": text(PLACES, lines)})


def test_completions_are_read_by_institution_program_and_award(tmp_path: Path) -> None:
    frame = parse_completions(completions(tmp_path, LINES))
    assert frame.columns == ["unit_id", "cip_code", "major_number", "award_level", "awards", "awards_women"]
    assert frame.rows() == [
        ("100654", "01.0999", 1, 5, 12, 10),
        ("100654", "01.1001", 1, 5, 0, 0),
        ("100654", "01.0999", 2, 5, 1, 0),
    ]


def test_a_folder_that_somebody_put_around_the_files_does_not_count(tmp_path: Path) -> None:
    members = {
        "C2024_A/": b"",
        "C2024_A/C2024_A.csv": text(COLUMNS, LINES),
        "C2024_A/.DS_Store": b"x",
        "__MACOSX/C2024_A/._C2024_A.csv": b"x",
    }
    assert parse_completions(zipped(tmp_path, "C2024_A.zip", members)).height == 3
    twice = {**members, "old/c2024_a.csv": text(COLUMNS, LINES)}
    with pytest.raises(
        BadInputError, match=r"more than one c2024_a\.csv in the zip .found 'C2024_A/C2024_A\.csv, old/"
    ):
        parse_completions(zipped(tmp_path, "C2024_A.zip", twice))


def test_revised_figures_take_the_place_of_the_first(tmp_path: Path) -> None:
    revised = text(COLUMNS, ['100654,"01.0999",1,05,R,13,R,3,R,10', '100654,"99",1,05,R,13,R,3,R,10'])
    (row,) = parse_completions(completions(tmp_path, LINES, c2024_a_rv=revised)).rows()
    assert row == ("100654", "01.0999", 1, 5, 13, 10)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('100654,"1.0999",1,05,R,12,R,2,R,10', "line 7, column 'CIPCODE': not a CIP code"),
        ('100654,"01.0901",3,05,R,12,R,2,R,10', "line 7, column 'MAJORNUM'"),
        ('100654,"01.0901",1,05,R,-2,R,2,R,10', "line 7, column 'CTOTALT': not a whole number"),
        ('100654,"01.0901",1,05,R,,R,2,R,10', "line 7, column 'CTOTALT': blank cell"),
        ('100654,"01.0901",1,05,R,12,R,3,R,10', "line 7, column 'CTOTALT': not the sum of men and women"),
        ('100654,"01.0901",1,12,R,12,R,2,R,10', "line 7, column 'AWLEVEL': not a level"),
        # 01.0900 without its zeros would pass for a subtotal
        ('100654,"01.09",1,03,R,12,R,2,R,10\r\n100654,"99",1,03,R,12,R,2,R,10', "line 8, column 'CTOTALT': the inst"),
        ('100654,"01.0901",1,05,R,12,R,2,R,10', "line 5, column 'CTOTALT': the institution's programs do not add up"),
        ('100654,"01.0901",1,03,R,12,R,2,R,10', "line 7, column 'CIPCODE': the institution has no total"),
        (LINES[0], "column 'CIPCODE': listed twice"),
        ('100654,"01.0901",1,05,"R\r\nS",1,R,1,R,0\r\n\r\n100654,"1.09",1,05,R,1,R,1,R,0', "line 10, column 'CIPCODE'"),
        ('100654,"01.1001",1,05,R', "line 7: 5 cells where the header has 10"),
        ('100654,"01.1001,1,05,R,1,R,1,R,0', "line 7: a quote opens in this row and is never closed"),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        parse_completions(completions(tmp_path, [*LINES, line]))


def test_files_of_completions_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="missing column 'CTOTALT'"):
        parse_completions(completions(tmp_path, LINES, header=COLUMNS.replace(",CTOTALT", ",TOTAL")))
    with pytest.raises(BadInputError, match=r"no c2024_a\.csv in the zip"):
        parse_completions(zipped(tmp_path, "C2024_A.zip", {"c2023_a.csv": text(COLUMNS, LINES)}))
    with pytest.raises(BadInputError, match="no rows under the header"):
        parse_completions(completions(tmp_path, []))
    cut = zipped(tmp_path, "C2024_A.zip", {"c2024_a.csv": text(COLUMNS, LINES[:2]).rstrip()})
    with pytest.raises(BadInputError, match="line 3: the last line does not end"):
        parse_completions(cut)
    path = completions(tmp_path, LINES)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(BadInputError, match="damaged"):
        parse_completions(path)
    with pytest.raises(BadInputError, match=r"a name like C2024_A\.zip"):
        parse_completions(path.rename(tmp_path / "CDOWNLOAD.zip"))


def test_institutions_in_latin_1_and_with_a_line_break_in_a_cell(tmp_path: Path) -> None:
    lines = ['100001,"Universidad de\nMayag\u00fcez",PR,72097,1,x', "100002,B,TX,48201,3,x", "10003,C,TX,48201,1,x"]
    content = "\r\n".join([PLACES, *lines, ""])
    path = zipped(tmp_path, "HD2022.zip", {"HD2022.csv": content.encode("latin-1")})
    # the second row of the table spans lines 2 and 3
    with pytest.raises(BadInputError, match="line 5, column 'UNITID': not an institution"):
        parse_institutions(path)
    whole = content.replace("10003,", "100003,").encode("latin-1")
    frame = parse_institutions(zipped(tmp_path, "HD2022.zip", {"HD2022.csv": whole}))
    assert frame.rows()[:2] == [
        ("100001", "Universidad de Mayag\u00fcez", "PR", "72097", "public"),
        ("100002", "B", "TX", "48201", "private_for_profit"),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("100656,X,Alabama,1089,1,x", "line 4, column 'STABBR': not a postal code"),
        ("100656,X,AL,89,1,x", "line 4, column 'COUNTYCD': not a county"),
        ("100654,X,AL,1089,1,x", "line 4, column 'UNITID': listed twice"),
    ],
)
def test_an_institution_that_is_none_is_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        parse_institutions(institutions(tmp_path, [*COLLEGES, line]))


def test_first_majors_of_all_years_with_the_newest_place_of_each_institution(tmp_path: Path) -> None:
    older = ['100654,"01.0999",1,05,R,8,R,1,R,7', '100654,"99",1,05,R,8,R,1,R,7']
    moved = ["100654,Alabama A & M,AL,1073,1,x"]
    paths = [
        completions(tmp_path, LINES),
        completions(tmp_path, older, 2023),
        institutions(tmp_path, COLLEGES),
        institutions(tmp_path, moved, 2023),
    ]
    vintage, tables = read(declared_sources()["ipeds"], {path.name: path for path in paths}, tmp_path)
    assert vintage is not None
    assert (vintage.vintage, vintage.reference_period) == ("completions of 2023-24", "2024")
    awards, places = (tables[name] for name in ("ipeds_completions", "ipeds_institution"))
    assert isinstance(awards, pl.DataFrame)
    assert isinstance(places, pl.DataFrame)
    assert awards.rows() == [(2023, "100654", "01.0999", 5, 8, 7), (2024, "100654", "01.0999", 5, 12, 10)]
    assert places.rows() == [
        ("100654", "Alabama A & M University", "AL", "01089", "public", 2024),
        ("243638", "College of Micronesia", "FM", None, "public", 2024),
    ]


def test_a_total_of_institutions_and_a_file_of_another_year_are_refused(tmp_path: Path) -> None:
    source = declared_sources()["ipeds"]
    total = ['999999,"01.0999",1,05,R,12,R,2,R,10', '999999,"99",1,05,R,12,R,2,R,10']
    paths = [completions(tmp_path, [*LINES, *total]), institutions(tmp_path, COLLEGES)]
    with pytest.raises(BadInputError, match=r"C2024_A\.zip: line 7, column 'UNITID': not in the year's list .*999999"):
        read(source, {path.name: path for path in paths}, tmp_path)
    # a year without a list of its own may have colleges that have closed
    older = completions(tmp_path, total, 2023)
    paths = [completions(tmp_path, LINES), older, institutions(tmp_path, COLLEGES)]
    read(source, {path.name: path for path in paths}, tmp_path)
    again = completions(tmp_path, LINES, 2023)
    with pytest.raises(BadInputError, match=r"C2024_A\.zip: it has the same rows as the file .*C2023_A\.zip"):
        read(source, {path.name: path for path in (paths[0], again, paths[2])}, tmp_path)


def test_years_that_do_not_belong_together_are_named(tmp_path: Path) -> None:
    source = declared_sources()["ipeds"]
    newest, old = completions(tmp_path, LINES), completions(tmp_path, LINES, 2022)
    place, old_place = institutions(tmp_path, COLLEGES), institutions(tmp_path, COLLEGES, 2022)
    with pytest.raises(BadInputError, match=r"C2023_A\.zip: missing between other years"):
        read(source, {path.name: path for path in (newest, old, place)}, tmp_path)
    with pytest.raises(BadInputError, match=r"HD2024\.zip: missing; completions need the institutions"):
        read(source, {path.name: path for path in (newest, old_place)}, tmp_path)
