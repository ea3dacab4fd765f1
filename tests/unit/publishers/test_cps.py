"""Women's shares by occupation: the Current Population Survey's table, and the Census Bureau's list of titles."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.publishers.census_occ import parse_census
from pipelines.publishers.cps import parse_cps, read
from pipelines.sources import declared_sources

from .workbooks import sample, write_workbook

Cells = list[tuple[object, ...]]

HEAD: Cells = [
    ("HOUSEHOLD DATA",),
    ("Occupation", "2024"),
    (None, "Total\nemployed", "Percent of total employed"),
    (None, None, "Women", "White"),
    (None,),
]
ROWS: Cells = [
    ("Total, 16 years and over", "158291", "46.8", "77"),
    ("Chief  executives", "1780", "29.2", "85.9"),
    ("Legislators", "14", "\N{EN DASH}", "\N{EN DASH}"),
    ("NOTE: Dash indicates no data.",),
]


def table(folder: Path, rows: Cells, name: str = "cpsaat11.xlsx") -> Path:
    return write_workbook(folder / name, {"cpsaat11": rows})


def test_a_small_base_has_no_share(tmp_path: Path) -> None:
    year, frame = parse_cps(table(tmp_path, HEAD + ROWS))
    assert year == "2024"
    assert frame.rows() == [
        ("Total, 16 years and over", 158_291_000, 46.8),
        ("Chief executives", 1_780_000, 29.2),
        ("Legislators", 14_000, None),
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("Sales managers", "1,165", "34", "1"), "row 9, column 'Total employed': not a number in thousands"),
        (("Sales managers", "566", "N", "1"), "row 9, column 'Women': neither a share nor a dash"),
        (("Sales managers", "566", "340", "1"), "row 9, column 'Women': over 100 percent"),
        (("chief executives", "566", "34", "1"), "row 9, column 'Occupation': listed twice"),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, row: tuple[object, ...], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        parse_cps(table(tmp_path, [*HEAD, *ROWS[:3], row]))


def test_another_header_and_another_year_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="the header has no Women"):
        parse_cps(table(tmp_path, [*HEAD[:3], (None, None, "Men", "White"), *ROWS]))
    other = table(tmp_path, HEAD + ROWS, "cpsaat11_2022.xlsx")
    with pytest.raises(BadInputError, match=r"cpsaat11_2022\.xlsx: the table is of another year \(found '2024'\)"):
        read(declared_sources()["cps"], {other.name: other}, tmp_path)


def test_the_table_of_2022() -> None:
    year, frame = parse_cps(sample("bls_cps/cpsaat11_2022.xlsx"))
    assert (year, frame.height) == ("2022", 595)
    found = frame.filter(pl.col("occupation_title").is_in(["Registered nurses", "Electricians"]))
    assert dict(found.select("occupation_title", "women_pct").iter_rows()) == {
        "Registered nurses": 87.9,
        "Electricians": 2.2,
    }


def test_titles_have_their_codes_and_groups_have_none(tmp_path: Path) -> None:
    rows: Cells = [
        (None, "U.S. Census Bureau"),
        (None, "2018 Census Title ", "2018 Census Code", "2018 SOC Code"),
        ("Management Occupations:", None, "0010-0440", "11-0000"),
        (None, "Chief executives ", "0010", "11-1011"),
        (None, "Other financial specialists", "0960", "13-20XX"),
        (None, "Military, rank not Specified", "9830", "none"),
    ]
    path = write_workbook(tmp_path / "list.xlsx", {"2018 Census Occ Code List": rows})
    assert parse_census(path).rows() == [
        ("0010", "Chief executives", "11-1011"),
        ("0960", "Other financial specialists", "13-20XX"),
    ]
    wrong: Cells = [*rows, (None, "Clerks", "0970", "43-90")]
    path = write_workbook(tmp_path / "list.xlsx", {"2018 Census Occ Code List": wrong})
    with pytest.raises(BadInputError, match="row 7, column '2018 SOC Code': not a SOC code"):
        parse_census(path)
