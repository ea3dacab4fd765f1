"""Earnings by field of study: the publisher's CSV and the package's Parquet; what is withheld is never a number."""

from pathlib import Path
from zipfile import ZipFile, ZipInfo

import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.publishers.common import Written
from pipelines.publishers.scorecard import read
from pipelines.sources import Vintage, declared_sources

from .workbooks import sample

HEADER = (
    "UNITID,OPEID6,INSTNM,CONTROL,MAIN,CIPCODE,CIPDESC,CREDLEV,CREDDESC,IPEDSCOUNT1,IPEDSCOUNT2,"
    "DEBT_ALL_STGP_EVAL_MDN,EARN_MDN_1YR,EARN_COUNT_WNE_4YR,EARN_MDN_4YR"
)
ROWS = [
    '194240,002876,"Orange County, NY",Public,1,5138,"Nursing,\n Research.",2,Associate,90,95,14000,80000,60,99513',
    "194240,002876,Orange,Public,1,5110,Laboratory.,2,Associate,7,8,PrivacySuppressed,NULL,NULL,PS",
    "194240,002876,Orange,Public,1,0101,Agriculture.,1,Certificate,NULL,4,NA,NULL,NULL,NULL",
    "194240,002876,Orange,Public,1,0102,Nobody.,1,Certificate,0,0,PS,NULL,NULL,PrivacySuppressed",
    "194240,002876,Orange,Public,1,1301,Preparation.,99,None,3,3,NULL,NULL,NULL,50000",
]


def csv_file(folder: Path, rows: list[str], header: str = HEADER) -> Path:
    path = folder / "Most-Recent-Cohorts-Field-of-Study_06102026.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("Most-Recent-Cohorts-Field-of-Study.csv", "\r\n".join([header, *rows, ""]).encode("cp1252"))
    return path


def tables(path: Path) -> tuple[Vintage | None, pl.DataFrame, pl.DataFrame]:
    vintage, found = read(declared_sources()["scorecard"], {path.name: path}, path.parent)
    program, benchmark = found["scorecard_program"], found["scorecard_benchmark"]
    assert not isinstance(program, Written)
    assert not isinstance(benchmark, Written)
    return vintage, program, benchmark


def test_the_publishers_file(tmp_path: Path) -> None:
    vintage, program, benchmark = tables(csv_file(tmp_path, ROWS))
    assert vintage is not None
    assert vintage.reference_period == "2026-06-10"
    assert program.rows() == [
        ("01.01", 1, "194240", 4, None, "missing", None),
        ("51.10", 2, "194240", 8, None, "withheld", None),
        ("51.38", 2, "194240", 95, 99_513, "ok", 14_000),
    ]
    assert benchmark.is_empty()


def test_a_zip_that_somebody_made_again_is_read(tmp_path: Path) -> None:
    path = tmp_path / "Most-Recent-Cohorts-Field-of-Study.zip"
    table = "\r\n".join([HEADER, *ROWS, ""]).encode()
    with ZipFile(path, "w") as archive:
        archive.writestr(ZipInfo("__MACOSX/._Most-Recent-Cohorts-Field-of-Study.csv", (2020, 1, 1, 8, 0, 0)), b"x")
        archive.writestr(ZipInfo("downloads/Most-Recent-Cohorts-Field-of-Study.csv", (2027, 3, 9, 8, 0, 0)), table)
    vintage, program, _ = tables(path)
    assert vintage is not None
    assert (vintage.reference_period, program.height) == ("2027-03-09", 3)


def test_a_name_without_a_date_leaves_that_of_the_table(tmp_path: Path) -> None:
    path = tmp_path / "Most-Recent-Cohorts-Field-of-Study.zip"
    with ZipFile(path, "w") as archive:
        table = "\r\n".join([HEADER, *ROWS, ""]).encode()
        archive.writestr(ZipInfo("Most-Recent-Cohorts-Field-of-Study.csv", (2027, 3, 9, 8, 0, 0)), table)
    vintage, *_ = tables(path)
    assert vintage is not None
    assert (vintage.vintage, vintage.reference_period) == ("College Scorecard of 2027-03-09", "2027-03-09")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        # the first row spans two lines
        (ROWS[1].replace(",5110,", ",511,"), "line 8, column 'CIPCODE': not a CIP code of four digits"),
        (ROWS[1].replace(",5110,", ",1101,").replace(",PS", ",<5"), "line 8, column 'EARN_MDN_4YR': neither a whole"),
        (ROWS[1].replace("194240", "94240"), "line 8, column 'UNITID': not an institution"),
        (ROWS[1], "line 8, column 'CIPCODE': listed twice"),
        (ROWS[1].replace(",2,Assoc", ",9,Assoc"), "line 8, column 'CREDLEV': not a credential level"),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        tables(csv_file(tmp_path, [*ROWS, row]))


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="missing column 'EARN_MDN_4YR'"):
        tables(csv_file(tmp_path, ROWS, HEADER.replace("MDN_4YR", "MDN_5YR")))
    path = csv_file(tmp_path, ROWS)
    other = path.rename(tmp_path / "field_of_study_2026-06-10.parquet")
    with pytest.raises(BadInputError, match="not readable as Parquet"):
        tables(other)
    with pytest.raises(BadInputError, match="expected one file"):
        read(declared_sources()["scorecard"], {"a.zip": path, "b.parquet": other}, tmp_path)


def package(folder: Path, **changes: object) -> Path:
    row: dict[str, object] = {
        "unitid": "194240",
        "cip_code": "5138",
        "credential_level": "2",
        "completers_count": 95.0,
        "earnings": 99_513.0,
        "debt_median": None,
        "earnings_horizon": "4yr_after_completion",
        "state": "NY",
        "earnings_threshold_state": 35_746.0,
    }
    other = row | {"cip_code": "5108"} | changes
    path = folder / "field_of_study_2026-06-10.parquet"
    pl.DataFrame([row, other], infer_schema_length=None).with_columns(
        pl.col("debt_median").cast(pl.Float64)
    ).write_parquet(path)
    return path


def test_the_packages_file_and_what_it_gives_after_one_year(tmp_path: Path) -> None:
    _, program, benchmark = tables(package(tmp_path, earnings=40_000.0, earnings_horizon="1yr_after_completion"))
    assert program.rows() == [
        ("51.08", 2, "194240", 95, None, "other_horizon", None),
        ("51.38", 2, "194240", 95, 99_513, "ok", None),
    ]
    assert benchmark.rows() == [("NY", 35_746)]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"earnings_threshold_state": 36_000.0}, "row 1, column 'earnings_threshold_state': one state has several"),
        ({"earnings_horizon": "5yr"}, "row 2, column 'earnings_horizon': not a known horizon"),
        ({"earnings": 99.5}, "not whole numbers"),
    ],
)
def test_a_row_of_the_package_that_is_none_is_named(tmp_path: Path, changes: dict[str, object], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        tables(package(tmp_path, **changes))


def test_the_package_at_hand() -> None:
    path = sample("scorecard/field_of_study_2026-06-10.parquet")
    _, program, benchmark = tables(path)
    rows = pl.read_parquet(path).filter(pl.col("earnings").is_not_null() & (pl.col("credential_level") != "99"))
    after = dict(rows.group_by("earnings_horizon").len().iter_rows())
    assert program["earnings_usd"].count() == after["4yr_after_completion"]
    # some of them have neither completers nor debt, and no row
    assert 0 < program.filter(earnings_status="other_horizon").height <= after["1yr_after_completion"]
    assert program["earnings_usd"].min() == rows.filter(earnings_horizon="4yr_after_completion")["earnings"].min()
    assert benchmark.filter(state_id="OH")["benchmark_usd"].to_list() == [36_082]
