"""QCEW in its layouts: annual averages and quarters, one file or many, plain or zipped."""

import csv
import gzip
import io
from collections import Counter
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.errors import BadInputError
from pipelines.publishers import qcew
from pipelines.publishers.common import line_chunks
from pipelines.publishers.states import postal_code_of_fips
from pipelines.sources import declared_sources

from .qcew_files import annual_row, csv_text, quarterly_row, write_csv, write_zip
from .workbooks import sample

TEXAS_PRIVATE = annual_row(annual_avg_estabs=700, annual_avg_emplvl=11_000, total_annual_wages=800_000_000_000)
WITHHELD = annual_row(industry_code="48-49", agglvl_code="54", disclosure_code="N", annual_avg_estabs=3)


def parse(paths: list[Path] | Path, *, quarterly: bool = False, keep: pl.Expr | None = None) -> pl.DataFrame:
    """What is written, sorted by key."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "qcew.parquet"
        qcew.write_published([paths] if isinstance(paths, Path) else paths, target, quarterly=quarterly, keep=keep)
        return pl.read_parquet(target).sort(qcew.KEY)


def annual_from_quarters(quarters: pl.DataFrame) -> pl.DataFrame:
    qcew.refuse_short_years(quarters)
    return pl.concat(qcew.annual_in_pieces([quarters.sort(qcew.CELL)])).sort(qcew.KEY)


def parsed(tmp_path: Path, *rows: dict[str, Any], by_area: bool = False) -> pl.DataFrame:
    return parse(write_csv(tmp_path / "file.csv", list(rows), by_area=by_area))


def refused(path: Path, *, quarterly: bool = False) -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        parse(path, quarterly=quarterly)
    return caught.value


# --- what the frames hold --------------------------------------------------------------------------------


def test_an_annual_row_is_typed(tmp_path):
    frame = parsed(tmp_path, TEXAS_PRIVATE)
    assert frame.schema == qcew.ANNUAL_SCHEMA
    assert frame.rows() == [
        ("48000", "5", "10", "51", "0", 2023, "A", "ok", 700, 11_000.0, 800_000_000_000),
    ]


def test_what_is_withheld_is_null_and_its_establishments_are_not(tmp_path):
    row = parsed(tmp_path, WITHHELD).row(0, named=True)
    assert (row["status"], row["employment"], row["wages_usd"], row["establishments"]) == ("withheld", None, None, 3)
    assert row["industry_code"] == "48-49"


def test_a_disclosed_zero_stays_zero(tmp_path):
    row = parsed(tmp_path, annual_row(annual_avg_estabs=1)).row(0, named=True)
    assert (row["status"], row["employment"], row["wages_usd"]) == ("ok", 0.0, 0)


@pytest.mark.parametrize("chunk_bytes", [4, 6, 100])
def test_a_hole_in_cells_that_nobody_reads_is_found(chunk_bytes):
    def fail(place: str, problem: str, value: object) -> BadInputError:
        return BadInputError(source="qcew", file="far.csv", place=place, problem=problem, value=value)

    # lines 2 to 4; the hole is in a title of the third
    handle = io.BytesIO(b"a,b\nc,d\ne,\0f\n")
    with pytest.raises(BadInputError, match="line 4: NUL byte in a text file"):
        list(line_chunks(handle, chunk_bytes, fail))


def test_files_by_area_give_the_same_rows_in_spite_of_titles_and_other_names(tmp_path):
    rows = [TEXAS_PRIVATE, WITHHELD]
    single = parse(write_csv(tmp_path / "single.csv", rows))
    by_area = parse(write_csv(tmp_path / "area.csv", rows, by_area=True))
    assert_frame_equal(by_area, single)


def test_a_byte_order_mark_and_bare_line_feeds_are_taken(tmp_path):
    text = csv_text([TEXAS_PRIVATE]).replace("\r\n", "\n")
    path = tmp_path / "file.csv"
    path.write_text(f"\ufeff{text}", encoding="utf-8", newline="")
    assert parse(path)["employment"].to_list() == [11_000.0]


def test_quarters_keep_their_months(tmp_path):
    row = quarterly_row(qtrly_estabs=9, month1_emplvl=1, month2_emplvl=2, month3_emplvl=3, total_qtrly_wages=40)
    frame = parse(write_csv(tmp_path / "q.csv", [row]), quarterly=True)
    assert frame.schema == qcew.QUARTERLY_SCHEMA
    assert frame.rows() == [("48000", "5", "10", "51", "0", 2023, "1", "ok", 9, 1, 2, 3, 40)]


def test_a_quarter_without_establishments_is_a_true_zero(tmp_path):
    row = quarterly_row(industry_code="99", agglvl_code="54", disclosure_code="-")
    frame = parse(write_csv(tmp_path / "q.csv", [row]), quarterly=True)
    assert frame.select("status", "establishments", "month2_employment", "wages_usd").rows() == [("ok", 0, 0, 0)]


def test_rows_come_sorted_by_key_and_only_those_to_keep(tmp_path):
    rows = [annual_row(area_fips=area) for area in ("56000", "01000", "48000")]
    path = write_csv(tmp_path / "file.csv", rows)
    assert parse(path)["area_fips"].to_list() == ["01000", "48000", "56000"]
    assert parse(path, keep=pl.col("area_fips") > "40000")["area_fips"].to_list() == ["48000", "56000"]


def test_all_members_of_a_zip_and_all_files_are_read(tmp_path):
    archive = write_zip(
        tmp_path / "2023_annual_by_area.zip",
        {f"by_area/2023.annual {area} x.csv": csv_text([annual_row(area_fips=area)]) for area in ("01000", "02000")},
    )
    plain = write_csv(tmp_path / "48000.csv", [TEXAS_PRIVATE])
    assert parse([plain, archive])["area_fips"].to_list() == ["01000", "02000", "48000"]


@pytest.mark.parametrize("chunk_bytes", [1, 700, 5_000])
def test_pieces_of_any_size_give_the_same_rows(tmp_path, monkeypatch, chunk_bytes):
    rows = [
        annual_row(area_fips=f"48{county:03d}", agglvl_code="71", annual_avg_emplvl=county) for county in range(1, 40)
    ]
    path = write_zip(tmp_path / "all.zip", {"all.csv": csv_text(rows)})
    monkeypatch.setattr(qcew, "_CHUNK_BYTES", chunk_bytes)
    frame = parse(path)
    assert frame["area_fips"].to_list() == [f"48{county:03d}" for county in range(1, 40)]
    assert frame["employment"].to_list() == list(range(1, 40))


def test_the_written_file_holds_what_is_parsed(tmp_path, monkeypatch):
    monkeypatch.setattr(qcew, "_CHUNK_BYTES", 500)
    monkeypatch.setattr(qcew, "_ROW_GROUP_ROWS", 2)
    rows = [TEXAS_PRIVATE, WITHHELD, *(annual_row(area_fips=f"{state:02d}000") for state in range(1, 6))]
    path = write_csv(tmp_path / "file.csv", rows)
    target = tmp_path / "qcew.parquet"
    assert qcew.write_published([path], target) == 7
    written = pl.read_parquet(target)
    assert written.schema == qcew.ANNUAL_SCHEMA
    assert written["area_fips"].to_list() == [row["area_fips"] for row in rows]
    assert_frame_equal(written.sort(qcew.KEY), parse(path))
    assert qcew.write_published([path], target, keep=pl.col("status") == "withheld") == 1


def test_a_failed_write_leaves_the_older_file(tmp_path):
    target = tmp_path / "qcew.parquet"
    target.write_bytes(b"older")
    with pytest.raises(BadInputError, match="given before"):
        qcew.write_published([write_csv(tmp_path / "file.csv", [TEXAS_PRIVATE, TEXAS_PRIVATE])], target)
    assert target.read_bytes() == b"older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.csv", "qcew.parquet"]


# --- codes -----------------------------------------------------------------------------------------------

KNOWN_CELLS = [
    ("US000", "0", "10", "10", "0"),
    ("US000", "5", "336411", "18", "0"),
    ("US000", "5", "1013", "23", "7"),
    ("CS564", "0", "10", "30", "0"),
    ("C2642", "5", "238", "45", "0"),
    ("C1002", "0", "10", "80", "0"),
    ("72000", "3", "101", "52", "0"),
    ("78000", "5", "1029", "53", "0"),
    ("24000", "5", "31-33", "54", "0"),
    ("24000", "5", "44-45", "64", "9"),
    ("24999", "5", "238111", "78", "0"),
    ("09110", "1", "4911", "76", "0"),
    ("USNMS", "0", "10", "93", "0"),
    ("24000", "8", "10", "96", "0"),
]
FIELDS = ("area_fips", "own_code", "industry_code", "agglvl_code", "size_code")


def test_known_cells_are_taken(tmp_path):
    frame = parsed(tmp_path, *(annual_row(**dict(zip(FIELDS, cell, strict=True))) for cell in KNOWN_CELLS))
    assert frame.select(FIELDS).rows() == sorted(KNOWN_CELLS)


@pytest.mark.parametrize(
    ("values", "column", "value", "problem"),
    [
        ({"area_fips": "4800"}, "area_fips", "4800", "not an area code"),
        ({"area_fips": "48 00"}, "area_fips", "48 00", "not an area code"),
        ({"own_code": "6"}, "own_code", "6", "unknown ownership"),
        ({"agglvl_code": "59"}, "agglvl_code", "59", "unknown level"),
        ({"agglvl_code": "97"}, "agglvl_code", "97", "unknown level"),
        ({"agglvl_code": "71"}, "agglvl_code", "71", "does not fit the row's kind of area"),
        ({"area_fips": "48001"}, "agglvl_code", "51", "does not fit the row's kind of area"),
        ({"area_fips": "US000"}, "agglvl_code", "51", "does not fit the row's kind of area"),
        ({"area_fips": "C2642", "agglvl_code": "11"}, "agglvl_code", "11", "does not fit the row's kind of area"),
        ({"industry_code": "5415"}, "industry_code", "5415", "an industry that does not fit its level"),
        ({"industry_code": "1013", "agglvl_code": "54"}, "industry_code", "1013", "does not fit its level"),
        ({"industry_code": "54", "agglvl_code": "53"}, "industry_code", "54", "does not fit its level"),
        ({"industry_code": "31", "agglvl_code": "54"}, "industry_code", "31", "does not fit its level"),
        ({"industry_code": "101", "agglvl_code": "55"}, "industry_code", "101", "does not fit its level"),
        ({"industry_code": "54151", "agglvl_code": "58"}, "industry_code", "54151", "does not fit its level"),
        ({"own_code": "0"}, "own_code", "0", "an ownership that does not fit its level"),
        ({"own_code": "5", "agglvl_code": "50"}, "own_code", "5", "an ownership that does not fit its level"),
        ({"own_code": "8"}, "own_code", "8", "an ownership that does not fit its level"),
        ({"size_code": "A"}, "size_code", "A", "unknown size class"),
        ({"size_code": "3"}, "size_code", "3", "a size class at a level without sizes"),
        ({"year": "23"}, "year", "23", "not a year"),
        ({"year": "2022"}, "year", "2022", "not the year of the file, 2023"),
        ({"qtr": "1"}, "qtr", "1", "a quarter that does not fit the layout"),
        ({"disclosure_code": "D"}, "disclosure_code", "D", "unknown disclosure code"),
        ({"annual_avg_estabs": -1}, "annual_avg_estabs", "-1", "a negative figure"),
        ({"annual_avg_emplvl": -12}, "annual_avg_emplvl", "-12", "a negative figure"),
        ({"total_annual_wages": -5}, "total_annual_wages", "-5", "a negative figure"),
        ({"annual_avg_emplvl": "1O0"}, "annual_avg_emplvl", "1O0", "not a whole number"),
        ({"annual_avg_emplvl": "1.5"}, "annual_avg_emplvl", "1.5", "not a whole number"),
        ({"annual_avg_emplvl": ""}, "annual_avg_emplvl", "", "not a whole number"),
        ({"total_annual_wages": "1,000"}, "total_annual_wages", "1,000", "not a whole number"),
        ({"total_annual_wages": 10**15}, "total_annual_wages", str(10**15), "not a whole number"),
        ({"disclosure_code": "N", "annual_avg_emplvl": 4}, "annual_avg_emplvl", "4", "stands for a withheld one"),
        ({"disclosure_code": "-", "annual_avg_estabs": 4}, "annual_avg_estabs", "4", "stands for no establishments"),
        ({"own_code": "0", "agglvl_code": "50", "disclosure_code": "-"}, "disclosure_code", "-", "without a single"),
    ],
)
def test_what_is_not_known_is_refused_with_its_place(tmp_path, values, column, value, problem):
    rows = [annual_row(area_fips="01000"), annual_row(area_fips="02000"), annual_row(**values)]
    error = refused(write_csv(tmp_path / "file.csv", rows))
    assert problem in error.problem
    assert (error.source, error.file, error.value) == ("qcew", "file.csv", value)
    assert error.place == f"line 4, column '{column}'"


def test_a_quarter_does_not_say_annual(tmp_path):
    error = refused(write_csv(tmp_path / "q.csv", [quarterly_row(qtr="A")]), quarterly=True)
    assert (error.place, error.value) == ("line 2, column 'qtr'", "A")


def test_the_year_in_the_name_counts(tmp_path):
    archive = write_zip(tmp_path / "any.zip", {"2022.annual.singlefile.csv": csv_text([TEXAS_PRIVATE])})
    error = refused(archive)
    assert error.problem == "not the year of the file, 2022"
    assert (error.file, error.place) == ("any.zip/2022.annual.singlefile.csv", "line 2, column 'year'")


def test_the_line_is_right_in_a_later_piece(tmp_path, monkeypatch):
    monkeypatch.setattr(qcew, "_CHUNK_BYTES", 600)
    rows = [annual_row(area_fips=f"48{county:03d}", agglvl_code="71") for county in range(1, 30)]
    rows[20]["annual_avg_emplvl"] = "x"
    assert refused(write_csv(tmp_path / "file.csv", rows)).place == "line 22, column 'annual_avg_emplvl'"


# --- duplicates ------------------------------------------------------------------------------------------


def test_a_cell_given_twice_names_both_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(qcew, "_CHUNK_BYTES", 600)
    rows = [
        annual_row(area_fips=f"48{county:03d}", agglvl_code="71", annual_avg_emplvl=county) for county in range(1, 9)
    ]
    rows.append(rows[2] | {"annual_avg_emplvl": 77})
    error = refused(write_csv(tmp_path / "file.csv", rows))
    assert error.problem == "the cell was given before, in line 4 of file.csv"
    assert (error.place, error.value) == ("line 10", "48003/5/10/71/0/2023/A")


def test_a_cell_given_in_two_files_is_a_duplicate_even_when_not_kept(tmp_path):
    paths = [write_csv(tmp_path / name, [TEXAS_PRIVATE]) for name in ("a.csv", "b.csv")]
    with pytest.raises(BadInputError, match=r"b\.csv: line 2: the cell was given before, in line 2 of a\.csv"):
        parse(paths, keep=pl.lit(False))


def test_cells_whose_hashes_collide_are_no_duplicates(tmp_path, monkeypatch):
    monkeypatch.setattr(qcew, "key_hashes", lambda frame, _: pl.repeat(7, frame.height, dtype=pl.UInt64, eager=True))
    rows = [annual_row(area_fips=area) for area in ("01000", "02000", "04000")]
    path = write_csv(tmp_path / "file.csv", rows)
    assert parse(path).height == 3
    write_csv(path, [*rows, rows[1]])
    assert refused(path).place == "line 5"


# --- files that are not what they should be --------------------------------------------------------------


def _last_field_moved(text: str) -> str:
    """The text with the last field of its second line at the end of the third."""
    header, second, third = text.removesuffix("\r\n").split("\r\n")
    rest, field = second.rsplit(",", 1)
    return "\r\n".join([header, rest, f"{third},{field}", ""])


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        (lambda text: "", "", "empty"),
        (lambda text: "<!DOCTYPE html><html>Access Denied</html>", "line 1", "HTML"),
        (
            lambda text: text.replace('"annual_avg_emplvl"', '"annual_emplvl"'),
            "line 1",
            "unknown column 'annual_emplvl'",
        ),
        (lambda text: text.replace(",", ";"), "line 1", "semicolons stand between the cells"),
        (lambda text: text.replace('"annual_avg_emplvl",', ""), "line 1", "missing column 'annual_avg_emplvl'"),
        (lambda text: text.replace('"avg_annual_pay"', '"avg_annual_pay","extra"'), "line 1", "unknown column 'extra'"),
        (lambda text: text.replace('"size_code"', '"size_code","size_title"'), "line 1", "missing column 'area_title'"),
        (lambda text: text.replace('"size_code"', '"year"'), "line 1", "named twice"),
        (lambda text: text.split("\r\n")[0] + "\r\n", "line 2", "no data rows"),
        (lambda text: text[:-2], "line 3", "cut short"),
        (lambda text: text[:-12] + "\r\n", "line 3", "fields where there should be 38"),
        (lambda text: text[:-6] + "\r\n", "line 3", "the last field is empty"),
        (lambda text: text[:-2] + ",1\r\n", "line 3", "39 fields where there should be 38"),
        (lambda text: text[:-2] + ",\r\n", "line 3", "39 fields where there should be 38"),
        # the file has the commas that it needs, but not where it needs them
        (_last_field_moved, "line 2", "37 fields where there should be 38"),
        (lambda text: text.replace('\r\n"48000"', '\r\n\r\n"48000"'), "line 3", "0 fields"),
        (lambda text: text.replace('"48000"', '"48000'), "line 3", "a quote that is not closed"),
        (lambda text: text.replace('\r\n"48000"', '\r"48000"'), "line 2", "a CR alone stands within the line"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, change, place, problem):
    path = tmp_path / "file.csv"
    path.write_bytes(change(csv_text([annual_row(area_fips="01000"), TEXAS_PRIVATE])).encode())
    error = refused(path)
    assert problem in error.problem
    assert (error.file, error.place) == ("file.csv", place)


def test_a_file_of_a_zip_whose_lines_end_with_cr_is_told_so(tmp_path):
    text = csv_text([annual_row(area_fips="01000")]).replace("\r\n", "\r")
    error = refused(write_zip(tmp_path / "2023_annual_singlefile.zip", {"2023.annual.singlefile.csv": text}))
    assert error.place == "line 1"
    assert error.problem.startswith("the lines end with CR alone")


def test_a_quarterly_file_is_no_annual_one(tmp_path):
    assert "missing column" in refused(write_csv(tmp_path / "q.csv", [quarterly_row()])).problem
    assert "missing column" in refused(write_csv(tmp_path / "a.csv", [annual_row()]), quarterly=True).problem


def test_a_missing_file_is_refused(tmp_path):
    assert refused(tmp_path / "none.csv").problem == "the file is missing"


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({}, "holds no file"),
        ({"readme.txt": "hello"}, "not a CSV"),
        ({"a.csv": ""}, "no header"),
        ({"a.csv": "<html>\nAccess Denied\n"}, "missing column"),
    ],
)
def test_an_archive_of_something_else_is_refused(tmp_path, members, problem):
    path = write_zip(tmp_path / "a.zip", members)
    if not members:  # an archive without members has another magic number
        with ZipFile(path, "w") as archive:
            archive.mkdir("folder")
    assert problem in refused(path).problem


@pytest.mark.parametrize("where", ["end", "middle"])
def test_a_damaged_archive_is_refused(tmp_path, where):
    path = write_zip(
        tmp_path / "a.zip", {"a.csv": csv_text([annual_row(area_fips=f"{at:02d}000") for at in range(1, 57)])}
    )
    whole = bytearray(path.read_bytes())
    if where == "end":
        whole = whole[: len(whole) // 2]
    else:
        whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(whole)
    error = refused(path)
    assert error.file.startswith("a.zip")


# --- annual averages of quarters -------------------------------------------------------------------------


def quarters(*rows: tuple[str, str, int, tuple[int, int, int], int], industry: str = "5415") -> pl.DataFrame:
    """Quarters of one cell: (quarter, disclosure, establishments, jobs of the months, wages)."""
    schema = qcew.QUARTERLY_SCHEMA
    cells = [
        ("44000", "5", industry, "56", "0", 2016, qtr, status, establishments)
        + ((None,) * 4 if status == "withheld" else (*months, wages))
        for qtr, status, establishments, months, wages in rows
    ]
    return pl.DataFrame(cells, schema=schema, orient="row")


# Rhode Island, private, computer systems design, 2016, as published
RHODE_ISLAND = (
    ("1", "ok", 1360, (6689, 6662, 6610), 140783130),
    ("2", "ok", 1378, (6708, 6711, 6716), 158108912),
    ("3", "ok", 1380, (6799, 6790, 6567), 147799273),
    ("4", "ok", 1402, (6762, 6715, 6686), 156584465),
)


def test_an_annual_average_is_the_mean_of_twelve_months_and_the_sum_of_wages():
    annual = annual_from_quarters(quarters(*RHODE_ISLAND))
    assert annual.schema == qcew.ANNUAL_SCHEMA
    # 80,415 job months; 5,520 establishment counts
    assert annual.rows() == [("44000", "5", "5415", "56", "0", 2016, "A", "ok", 1380, 6701.25, 603275780)]


def test_one_withheld_quarter_withholds_the_year_and_keeps_the_establishments():
    rows = [*RHODE_ISLAND[:3], ("4", "withheld", 1402, (0, 0, 0), 0)]
    row = annual_from_quarters(quarters(*rows)).row(0, named=True)
    assert (row["status"], row["employment"], row["wages_usd"], row["establishments"]) == ("withheld", None, None, 1380)


def test_a_quarter_without_establishments_counts_no_jobs():
    rows = [("1", "ok", 2, (6, 6, 6), 90), *((qtr, "ok", 0, (0, 0, 0), 0) for qtr in "234")]
    row = annual_from_quarters(quarters(*rows)).row(0, named=True)
    # establishments: 2 / 4
    assert (row["status"], row["employment"], row["wages_usd"], row["establishments"]) == ("ok", 1.5, 90, 0.5)


def test_a_cell_without_a_row_for_a_quarter_is_withheld():
    gap = quarters(*RHODE_ISLAND[:3], industry="5416")
    annual = annual_from_quarters(pl.concat([quarters(*RHODE_ISLAND), gap]))
    # 1360 + 1378 + 1380 over four quarters is 1029.5
    assert annual.select("industry_code", "status", "establishments", "employment", "wages_usd").rows() == [
        ("5415", "ok", 1380, 6701.25, 603275780),
        ("5416", "withheld", 1029.5, None, None),
    ]


def test_a_year_of_three_quarters_and_a_quarter_given_twice_are_refused():
    with pytest.raises(
        BadInputError, match=r"year 2016: an annual average needs all four quarters \(found '1, 2, 3'\)"
    ):
        annual_from_quarters(quarters(*RHODE_ISLAND[:3]))
    with pytest.raises(BadInputError, match=r"two rows of one cell in a quarter \(found '44000/5/5415/56/0/2016'\)"):
        annual_from_quarters(quarters(*RHODE_ISLAND, RHODE_ISLAND[0]))


QUARTER = st.tuples(
    st.sampled_from(["ok", "ok", "ok", "withheld"]),
    st.integers(0, 10**6),
    st.tuples(*[st.integers(0, 10**8)] * 3),
    st.integers(0, 10**13),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(QUARTER, min_size=4, max_size=4), st.permutations("1234"))
def test_the_year_keeps_every_job_and_dollar_of_its_quarters(cells, order):
    given_quarters = {qtr: (qtr, *cell) for qtr, cell in zip("1234", cells, strict=True)}
    row = annual_from_quarters(quarters(*(given_quarters[qtr] for qtr in order))).row(0, named=True)
    assert Fraction(row["establishments"]) == Fraction(sum(cell[1] for cell in cells), 4)
    if any(cell[0] == "withheld" for cell in cells):
        assert (row["status"], row["employment"], row["wages_usd"]) == ("withheld", None, None)
    else:
        assert row["status"] == "ok"
        assert row["wages_usd"] == sum(cell[3] for cell in cells)
        assert round(row["employment"] * 12) == sum(sum(cell[2]) for cell in cells)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 56), st.sampled_from("1235")),
        st.tuples(st.booleans(), st.integers(0, 10**8 - 1), st.integers(0, 10**9 - 1), st.integers(0, 10**15 - 1)),
        min_size=1,
        max_size=12,
    ),
    st.booleans(),
)
def test_every_row_comes_through_whole(tmp_path_factory, cells, by_area):
    rows = [
        annual_row(
            area_fips=f"{state:02d}000",
            own_code=own,
            disclosure_code="N" if withheld else "",
            annual_avg_estabs=establishments,
            annual_avg_emplvl=0 if withheld else jobs,
            total_annual_wages=0 if withheld else wages,
        )
        for (state, own), (withheld, establishments, jobs, wages) in cells.items()
    ]
    frame = parsed(tmp_path_factory.mktemp("qcew"), *rows, by_area=by_area)
    expected = [
        (f"{state:02d}000", own, *(("withheld", count, None, None) if withheld else ("ok", count, jobs, wages)))
        for (state, own), (withheld, count, jobs, wages) in sorted(cells.items())
    ]
    assert (
        frame.select("area_fips", "own_code", "status", "establishments", "employment", "wages_usd").rows() == expected
    )


# --- the publisher's files of 2016 -----------------------------------------------------------------------

STATEWIDE = "bls_qcew/2016_qtrly_by_area_statewide.zip"


@pytest.fixture(scope="module")
def statewide() -> pl.DataFrame:
    return parse(sample(STATEWIDE), quarterly=True)


def test_every_published_row_is_there_with_its_status(statewide):
    published: Counter[str] = Counter()
    with ZipFile(sample(STATEWIDE)) as archive:
        for name in archive.namelist():
            lines = csv.reader(io.TextIOWrapper(archive.open(name), encoding="latin-1", newline=""))
            disclosure = next(lines).index("disclosure_code")
            published.update(line[disclosure] for line in lines)
    assert published == {"": 399_751, "N": 125_770, "-": 2_183}
    assert dict(statewide["status"].value_counts().iter_rows()) == {"ok": 399_751 + 2_183, "withheld": 125_770}
    assert (statewide["wages_usd"].is_null() == (statewide["status"] == "withheld")).all()
    assert statewide["establishments"].null_count() == 0


def test_owners_add_up_to_the_total_of_every_state_and_quarter(statewide):
    def total(*owners: str) -> pl.DataFrame:
        figures = pl.col("establishments", "month1_employment", "month3_employment", "wages_usd")
        rows = statewide.filter((pl.col("industry_code") == "10") & pl.col("own_code").is_in(owners))
        return rows.group_by("area_fips", "qtr").agg(figures.sum()).sort("area_fips", "qtr")

    assert total("0").height == 51 * 4
    assert_frame_equal(total("1", "2", "3", "5"), total("0"))
    assert_frame_equal(total("1", "2", "3"), total("8"))


def test_sectors_add_up_to_the_owner_where_none_is_withheld(statewide):
    """The zeros of quarters without establishments belong: with them the sums are exact."""
    cell = ["area_fips", "own_code", "qtr"]
    figures = pl.col("establishments", "month2_employment", "wages_usd")
    sectors = (
        statewide.filter(pl.col("agglvl_code") == "54")
        .group_by(cell)
        .agg(figures.sum(), (pl.col("status") == "withheld").any().alias("is_withheld"))
        .filter(~pl.col("is_withheld"))
        .drop("is_withheld")
        .sort(cell)
    )
    totals = statewide.filter(pl.col("agglvl_code") == "51").select(*cell, figures)
    assert sectors.height == 404
    assert_frame_equal(sectors, totals.join(sectors, on=cell, how="semi").sort(cell))


def test_annual_averages_of_2016(statewide):
    annual = annual_from_quarters(statewide)
    # each cell is listed in all four quarters; 97,126 disclosed throughout, 333 with quarters without establishments
    assert dict(annual["status"].value_counts().iter_rows()) == {"ok": 97_459, "withheld": 34_467}
    rhode_island = annual.filter((pl.col("area_fips") == "44000") & (pl.col("agglvl_code") == "50"))
    # 5,680,876 job months; 36,506 + 36,797 + 37,003 + 37,141 establishments
    assert rhode_island.select("establishments", (pl.col("employment") * 12).round(), "wages_usd").rows() == [
        (36_861.75, 5_680_876, 24_358_279_051)
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (annual_row(annual_avg_emplvl=100, total_annual_wages=5_000_000, avg_annual_pay=50_000), None),
        (annual_row(annual_avg_emplvl=3, total_annual_wages=100_000, avg_annual_pay=37_500), None),  # 2 2/3 jobs
        (annual_row(annual_avg_emplvl=1000, total_annual_wages=5_000_000, avg_annual_pay=50_000), "not the wages"),
        (annual_row(annual_avg_emplvl=100, total_annual_wages=50_000_000, avg_annual_pay=50_000), "not the wages"),
        (annual_row(annual_avg_emplvl=100, total_annual_wages=5_000_000, avg_annual_pay=49_000), "not the wages"),
    ],
)
def test_pay_is_the_wages_over_the_jobs_beside_it(tmp_path: Path, row: dict[str, Any], told: str | None) -> None:
    path = write_csv(tmp_path / "2023.annual.singlefile.csv", [row])
    if told is None:
        assert qcew.write_published([path], tmp_path / "out.parquet") == 1
        return
    with pytest.raises(BadInputError, match=told) as caught:
        qcew.write_published([path], tmp_path / "out.parquet")
    assert caught.value.place == "line 2, column 'avg_annual_pay'"


def test_weekly_pay_is_a_thirteenth_of_the_wages_over_the_months(tmp_path: Path) -> None:
    """Published: 10,699 dollars of two jobs in each month are 412 a week."""
    months = {"month1_emplvl": 2, "month2_emplvl": 2, "month3_emplvl": 2, "total_qtrly_wages": 10_699}
    path = write_csv(tmp_path / "a.csv", [quarterly_row(**months, avg_wkly_wage=412)])
    assert qcew.write_published([path], tmp_path / "out.parquet", quarterly=True) == 1
    write_csv(path, [quarterly_row(**months | {"month2_emplvl": 20}, avg_wkly_wage=412)])
    with pytest.raises(BadInputError, match="not the wages"):
        qcew.write_published([path], tmp_path / "out.parquet", quarterly=True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (csv_text([annual_row()]).replace("\r\n", "\r").encode(), None),
        (csv_text([annual_row()]).encode("utf-16"), "the text is in UTF-16: .* save it as UTF-8"),
        (csv_text([annual_row()]).encode("utf-16-le"), "the text is in UTF-16: .* save it as UTF-8"),
        (gzip.compress(csv_text([annual_row()]).encode()), None),
        (b'"area_fips,own_code\r\n', None),
    ],
)
@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_of_another_form_is_an_error_in_a_zip_and_beside_it(
    tmp_path: Path, content: bytes, told: str | None, zipped: bool
) -> None:
    path = tmp_path / ("2023_annual_by_area.zip" if zipped else "2023.annual 48000 Texas.csv")
    if zipped:
        with ZipFile(path, "w") as archive:
            archive.writestr("2023.annual 48000 Texas.csv", content)
    else:
        path.write_bytes(content)
    with pytest.raises(BadInputError, match=told):
        qcew.write_published([path], tmp_path / "out.parquet")


def test_a_zip_made_by_finder_is_read(tmp_path: Path) -> None:
    text = csv_text([annual_row()])
    path = write_zip(
        tmp_path / "2023_annual_singlefile.zip",
        {"2023.annual.singlefile.csv": text, "__MACOSX/._2023.annual.singlefile.csv": "\0\5", "a/.DS_Store": "\0"},
    )
    assert qcew.write_published([path], tmp_path / "out.parquet") == 1


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([("DE", 2016), ("OH", 2016)], "2016, statewide files of 2 states and territories (DE, OH)"),
        ([("48047", 2016)], "2016, 1 county (TX)"),
        ([("39041", 2020), ("39045", 2023)], "2020 to 2023, 2 counties (OH)"),
        (
            [("US", 2023), ("OH", 2023), ("39041", 2023)],
            "2023, the nation and statewide files of 1 state (OH) and 1 county (OH)",
        ),
    ],
)
def test_a_vintage_is_named_by_what_the_files_hold(tmp_path: Path, rows: list[tuple[str, int]], title: str) -> None:
    path = tmp_path / "qcew.parquet"
    pl.DataFrame(rows, schema=["area_id", "year"], orient="row").write_parquet(path)
    vintage = qcew._vintage(declared_sources()["qcew"], path)
    assert (vintage.vintage, vintage.is_sample) == (title, False)
    assert vintage.notes is not None
    assert title in vintage.notes


def test_all_states_and_the_nation_are_whole_and_the_sample_keeps_its_name(tmp_path: Path) -> None:
    path, states = tmp_path / "qcew.parquet", sorted(set(postal_code_of_fips().values()) - {"CA", "TX"})
    pl.DataFrame({"area_id": [*states[:51], "US"], "year": 2023}).write_parquet(path)
    assert qcew._vintage(declared_sources()["qcew"], path).vintage == "annual averages of 2023"
    pl.DataFrame({"area_id": states[:51], "year": 2016}).write_parquet(path)
    assert qcew._vintage(declared_sources()["qcew"], path) == declared_sources()["qcew"].vintages[0]


def test_jobs_and_establishments_of_another_unit_are_refused(tmp_path: Path) -> None:
    columns = ["area_id", "own_code", "depth", "year", "establishments", "employment", "wages_usd"]
    rows = [
        ("OH", own, depth, 2023, 10.0, 1.4, 60.0) for own, depth in (("0", 0), *(("5", depth) for depth in range(8)))
    ]
    table = pl.DataFrame(rows, schema=columns, orient="row")
    with pytest.raises(BadInputError, match="figures have another unit"):
        qcew.refuse_parts({"qcew": table}, ["a.csv"])
    qcew.refuse_parts({"qcew": table.with_columns(pl.col("employment") * 100)}, ["a.csv"])
    for wrong in (
        table.with_columns(pl.col("employment") * pl.when(depth=5).then(1000).otherwise(100)),
        table.with_columns(pl.col("employment") * 100).filter(pl.col("depth") != 7),
        table.with_columns(pl.col("employment") * 100).filter(pl.col("own_code") == "0"),
        table.with_columns(pl.col("employment") * 100).filter(pl.col("own_code") == "5"),
    ):
        with pytest.raises(BadInputError, match="year 2023, area OH"):
            qcew.refuse_parts({"qcew": wrong}, ["a.csv"])
