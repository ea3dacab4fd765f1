"""From QCEW's annual files to the staged raw table, a piece at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.archive.find import find_files
from pipelines.contracts.enforce import write_pieces
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError, ContractError
from pipelines.files import content_sha256
from pipelines.intake.bundle import write_source
from pipelines.publishers import qcew
from pipelines.sources import declared_sources
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.engine import sorted_pieces
from tests.unit.publishers.qcew_files import annual_row, csv_text, quarterly_row, write_csv, write_zip

TABLE = TableName("raw", "qcew")
Row = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """Where the message has to say the fault is, the value, and what is done to the text beside the rows."""

    place: str
    value: str | None
    change: Callable[[str], str] = str


#: By year: a county that the publisher could not tell, one it could, all owners of Texas, and a withheld sector.
ROWS = {
    year: [
        annual_row(area_fips="48999", agglvl_code="71", year=str(year), annual_avg_emplvl=1),
        annual_row(area_fips="48201", agglvl_code="71", year=str(year), annual_avg_emplvl=2, annual_avg_estabs=5),
        annual_row(own_code="0", agglvl_code="50", year=str(year), annual_avg_emplvl=40, total_annual_wages=90),
        annual_row(industry_code="31-33", agglvl_code="54", disclosure_code="N", year=str(year), annual_avg_estabs=3),
        annual_row(area_fips="US000", agglvl_code="11", year=str(year), annual_avg_emplvl=50),
        annual_row(area_fips="C2642", agglvl_code="41", year=str(year), annual_avg_emplvl=60),
    ]
    for year in (2023, 2024)
}
EXPECTED = [
    row
    for year in (2023, 2024)
    for row in (
        ("48201", "5", "10", 0, year, 5.0, 2.0, 0.0, "ok"),
        ("TX", "0", "10", 0, year, 0.0, 40.0, 90.0, "ok"),
        ("TX", "5", "31-33", 3, year, 3.0, None, None, "withheld"),
        ("US", "5", "10", 0, year, 0.0, 50.0, 0.0, "ok"),
    )
]


def _single(folder: Path) -> None:
    for year, rows in ROWS.items():
        write_zip(folder / f"{year}_annual_singlefile.zip", {f"{year}.annual.singlefile.csv": csv_text(rows)})


def _plain(folder: Path) -> None:
    for year, rows in ROWS.items():
        write_csv(folder / f"{year}.annual.singlefile.csv", rows)


def _by_area(folder: Path) -> None:
    for year, rows in ROWS.items():
        areas = {row["area_fips"]: [each for each in rows if each["area_fips"] == row["area_fips"]] for row in rows}
        members = {
            f"{year}.annual.by_area/{year}.annual {area} x.csv": csv_text(each, by_area=True)
            for area, each in areas.items()
        }
        write_zip(folder / f"{year}_annual_by_area.zip", members)


def _unpacked(folder: Path) -> None:
    for year, rows in ROWS.items():
        for area in {row["area_fips"] for row in rows}:
            listed = [row for row in rows if row["area_fips"] == area]
            write_csv(folder / f"{year}.annual {area} Some Place.csv", listed, by_area=True)


def _slices(folder: Path) -> None:
    for year, rows in ROWS.items():
        place = folder / "cew/data/api" / str(year) / "a/area"
        place.mkdir(parents=True)
        for area in {row["area_fips"] for row in rows}:
            write_csv(place / f"{area}.csv", [row for row in rows if row["area_fips"] == area])


@pytest.mark.parametrize("layout", [_single, _plain, _by_area, _unpacked, _slices])
@pytest.mark.parametrize("piece", [1, 3, 1_000])
def test_every_layout_gives_the_same_table_in_pieces_of_any_size(tmp_path, monkeypatch, layout, piece):
    folder, staging = tmp_path / "files", tmp_path / "staging"
    folder.mkdir()
    layout(folder)
    monkeypatch.setattr(qcew, "sorted_pieces", lambda path, order: sorted_pieces(path, order, rows=piece))
    monkeypatch.setattr(qcew, "_ROW_GROUP_ROWS", piece)
    files = find_files("qcew", folder)
    assert all(declared_sources()["qcew"].file_of(name) is not None for name in files)
    written = write_source("qcew", files, staging, compression_level=3)
    target = parquet_path(staging, TABLE)
    frame = pl.read_parquet(target)
    assert sorted(frame.rows(), key=lambda row: (row[4], row[0], row[2])) == EXPECTED
    assert frame.columns == list(contracts()[TABLE].column_names)
    assert written.tables[str(TABLE)].rows == len(EXPECTED)
    assert written.tables[str(TABLE)].sha256 == content_sha256(target)
    assert written.vintage.reference_period == "2024"
    assert {file.name for file in written.files} == files.keys()
    # nothing is left of the work
    assert [path.name for path in staging.iterdir()] == ["raw"]


#: Programmers' employers in Texas under every code above theirs, and beside them a withheld industry.
CHAIN = [
    annual_row(industry_code=code, agglvl_code=level, annual_avg_estabs=7, annual_avg_emplvl=20)
    for code, level in (
        ("10", "51"), ("102", "52"), ("1024", "53"), ("54", "54"), ("541", "55"), ("5415", "56"), ("54151", "57"),
    )
] + [
    annual_row(industry_code="541511", agglvl_code="58", annual_avg_estabs=4, annual_avg_emplvl=20),
    annual_row(industry_code="541512", agglvl_code="58", annual_avg_estabs=3, disclosure_code="N"),
    annual_row(own_code="0", agglvl_code="50", annual_avg_estabs=7, annual_avg_emplvl=20),
]  # fmt: skip


def _by_industry(folder: Path, *without: str) -> Path:
    place = folder / "2023" / "a" / "industry"
    place.mkdir(parents=True)
    for code in {row["industry_code"] for row in CHAIN}.difference(without):
        rows = [row for row in CHAIN if row["industry_code"] == code]
        write_csv(place / f"{code.replace('-', '_')}.csv", rows)
    return folder


def test_slices_by_industry_make_the_same_table_as_one_file(tmp_path):
    _by_industry(tmp_path / "slices")
    write_csv(tmp_path / "2023.annual.singlefile.csv", CHAIN)
    for folder, staging in ((tmp_path / "slices", "slices"), (tmp_path, "one")):
        files = find_files("qcew", folder)
        files = {name: path for name, path in files.items() if ("/industry/" in name) == (staging == "slices")}
        assert all(declared_sources()["qcew"].file_of(name) is not None for name in files)
        write_source("qcew", files, tmp_path / "staging" / staging, compression_level=3)
    slices, one = (pl.read_parquet(parquet_path(tmp_path / "staging" / each, TABLE)) for each in ("slices", "one"))
    assert slices.equals(one)
    assert slices.height == len(CHAIN)


@pytest.mark.parametrize(
    ("without", "problem", "value"),
    [
        ("10", r"the row of all industries \(10\) is missing", None),
        ("5415", "4-digit industries do not add up to the 7 establishments of the row above", "0"),
        ("541512", "6-digit industries do not add up to", "4"),
        ("102", "domains do not add up to", "0"),
    ],
)
def test_slices_by_industry_that_lack_some_are_refused(tmp_path, without, problem, value):
    _by_industry(tmp_path, without)
    with pytest.raises(BadInputError, match=problem) as caught:
        _whole(tmp_path)
    assert caught.value.place == "year 2023, area TX, owner 5"
    assert caught.value.file.startswith("2023/a/industry/")
    assert caught.value.value == value


def _whole(folder: Path) -> None:
    """Read the files of a folder, and hold them against their totals."""
    files = find_files("qcew", folder)
    (folder / "scratch").mkdir()
    _, tables = qcew.read(declared_sources()["qcew"], files, folder / "scratch")
    qcew.refuse_parts(tables, files)


def test_slices_that_overlap_with_a_years_file_are_never_counted_twice(tmp_path):
    _by_industry(tmp_path)
    write_csv(tmp_path / "2023.annual.singlefile.csv", CHAIN)
    with pytest.raises(BadInputError, match="given before"):
        write_source("qcew", find_files("qcew", tmp_path), tmp_path / "staging", compression_level=3)


def test_slices_by_area_and_by_industry_that_share_a_cell_are_refused(tmp_path):
    _by_industry(tmp_path)
    place = tmp_path / "2023" / "a" / "area"
    place.mkdir()
    write_csv(place / "48000.csv", CHAIN)
    with pytest.raises(BadInputError, match="given before"):
        write_source("qcew", find_files("qcew", tmp_path), tmp_path / "staging", compression_level=3)


def test_the_same_files_give_the_same_bytes(tmp_path):
    _single(tmp_path)
    for staging in ("one", "two"):
        write_source("qcew", find_files("qcew", tmp_path), tmp_path / staging, compression_level=3)
    one, two = (content_sha256(parquet_path(tmp_path / staging, TABLE)) for staging in ("one", "two"))
    assert one == two


def test_a_cell_in_two_layouts_is_refused_with_both_places(tmp_path):
    _single(tmp_path)
    _unpacked(tmp_path)
    with pytest.raises(BadInputError, match="given before"):
        write_source("qcew", find_files("qcew", tmp_path), tmp_path / "staging", compression_level=3)


def test_a_fault_leaves_the_table_of_before(tmp_path):
    staging = tmp_path / "staging"
    _single(tmp_path)
    write_source("qcew", find_files("qcew", tmp_path), staging, compression_level=3)
    before = content_sha256(parquet_path(staging, TABLE))
    # the last line of the last year
    rows = [*ROWS[2024][:-1], annual_row(year="2024", annual_avg_emplvl="12x")]
    text = csv_text(rows).replace('"12x"', "12x")
    write_zip(tmp_path / "2024_annual_singlefile.zip", {"2024.annual.singlefile.csv": text})
    with pytest.raises(BadInputError) as caught:
        write_source("qcew", find_files("qcew", tmp_path), staging, compression_level=3)
    assert (caught.value.file, caught.value.value) == ("2024_annual_singlefile.zip/2024.annual.singlefile.csv", "12x")
    assert caught.value.place.startswith("line 7")
    assert content_sha256(parquet_path(staging, TABLE)) == before
    assert [path.name for path in staging.iterdir()] == ["raw"]


def _letter(rows: list[Row]) -> Told:
    rows[1]["annual_avg_emplvl"] = 770_077
    return Told("line 3, column 'annual_avg_emplvl'", "77oo77", lambda text: text.replace("770077", "77oo77"))


def _negative(rows: list[Row]) -> Told:
    rows[1]["annual_avg_emplvl"] = -2
    return Told("line 3, column 'annual_avg_emplvl'", "-2")


def _missing_column(_: list[Row]) -> Told:
    return Told("line 1", None, lambda text: text.replace('"annual_avg_emplvl",', "", 1))


def _level_of_another_length(rows: list[Row]) -> Told:
    rows[3]["agglvl_code"] = "55"
    return Told("line 5, column 'industry_code'", "31-33")


def _level_of_another_area(rows: list[Row]) -> Told:
    rows[1]["agglvl_code"] = "51"
    return Told("line 3, column 'agglvl_code'", "51")


def _twice(rows: list[Row]) -> Told:
    rows.append(dict(rows[1]))
    return Told("line 8", "48201/5/10/71/0/2024/A")


def _unknown_owner(rows: list[Row]) -> Told:
    rows[3]["own_code"] = "6"
    return Told("line 5, column 'own_code'", "6")


def _in_single(folder: Path, rows: list[Row], change: Callable[[str], str]) -> str:
    write_zip(folder / "2024_annual_singlefile.zip", {"2024.annual.singlefile.csv": change(csv_text(rows))})
    return "2024_annual_singlefile.zip/2024.annual.singlefile.csv"


def _in_area_file(folder: Path, rows: list[Row], change: Callable[[str], str]) -> str:
    text = change(csv_text(rows, by_area=True))
    write_zip(folder / "2024_annual_by_area.zip", {"2024.annual 48 Some Places.csv": text})
    return "2024_annual_by_area.zip/2024.annual 48 Some Places.csv"


def _in_slice(folder: Path, rows: list[Row], change: Callable[[str], str]) -> str:
    place = folder / "2024/a/area"
    place.mkdir(parents=True)
    (place / "48000.csv").write_text(change(csv_text(rows)), encoding="utf-8", newline="")
    return "2024/a/area/48000.csv"


@pytest.mark.parametrize("layout", [_in_single, _in_area_file, _in_slice])
@pytest.mark.parametrize(
    "fault",
    [_letter, _negative, _missing_column, _level_of_another_length, _level_of_another_area, _twice, _unknown_owner],
)
def test_a_malformed_row_is_refused_with_file_line_and_value_in_every_layout(tmp_path, layout, fault):
    rows = [dict(row) for row in ROWS[2024]]
    told = fault(rows)
    file = layout(tmp_path, rows, told.change)
    with pytest.raises(BadInputError) as caught:
        write_source("qcew", find_files("qcew", tmp_path), tmp_path / "staging", compression_level=3)
    assert (caught.value.source, caught.value.file, caught.value.place) == ("qcew", file, told.place)
    if told.value is None:
        assert "annual_avg_emplvl" in caught.value.problem
    else:
        assert caught.value.value == told.value
    assert not parquet_path(tmp_path / "staging", TABLE).exists()


def test_a_years_file_found_twice_is_refused(tmp_path):
    _single(tmp_path)
    (tmp_path / "again").mkdir()
    _single(tmp_path / "again")
    with pytest.raises(BadInputError, match="found more than once") as caught:
        find_files("qcew", tmp_path)
    assert caught.value.value == "2023_annual_singlefile.zip, again/2023_annual_singlefile.zip"


#: Texas, a county of it whose second quarter is withheld, and the nation, in the order of no file.
QUARTERS = [
    quarterly_row(area_fips=area, agglvl_code=level, qtr=str(quarter), qtrly_estabs=4, month1_emplvl=12 * quarter,
                  disclosure_code="N" if (area, quarter) == ("48201", 2) else "", total_qtrly_wages=100)
    | ({"month1_emplvl": 0, "total_qtrly_wages": 0} if (area, quarter) == ("48201", 2) else {})
    for quarter in (4, 1, 3, 2)
    for area, level in (("48000", "51"), ("48201", "71"), ("US000", "11"))
]  # fmt: skip


def _quarters_in_one(folder: Path) -> None:
    (folder / "2023.q1-q4.singlefile.csv").write_text(csv_text(QUARTERS), newline="")


def _quarters_zipped(folder: Path) -> None:
    write_zip(folder / "2023_qtrly_singlefile.zip", {"2023.q1-q4.singlefile.csv": csv_text(QUARTERS)})


def _quarters_by_area(folder: Path) -> None:
    for area in {row["area_fips"] for row in QUARTERS}:
        rows = [row for row in QUARTERS if row["area_fips"] == area]
        write_csv(folder / f"2023.q1-q4 {area} Some Place.csv", rows, by_area=True)


def _quarters_sliced(folder: Path) -> None:
    for row in QUARTERS:
        place = folder / "2023" / row["qtr"] / "area"
        place.mkdir(parents=True, exist_ok=True)
        write_csv(place / f"{row['area_fips']}.csv", [row])


@pytest.mark.parametrize("piece", [1, 3, 1_000])
@pytest.mark.parametrize("frame_rows", [0, 500_000])
@pytest.mark.parametrize("layout", [_quarters_in_one, _quarters_zipped, _quarters_by_area, _quarters_sliced])
def test_quarters_of_every_layout_make_the_year_in_pieces_of_any_size(tmp_path, monkeypatch, piece, frame_rows, layout):
    layout(tmp_path)
    monkeypatch.setattr(qcew, "sorted_pieces", lambda path, order: sorted_pieces(path, order, rows=piece))
    monkeypatch.setattr(qcew, "_FRAME_ROWS", frame_rows)
    files = find_files("qcew", tmp_path)
    assert all(declared_sources()["qcew"].file_of(name) is not None for name in files)
    written = write_source("qcew", files, tmp_path / "staging", compression_level=3)
    assert written.vintage.reference_period == "2023"
    # twelve months of which four have jobs: 12 + 24 + 36 + 48 over 12
    assert sorted(pl.read_parquet(parquet_path(tmp_path / "staging", TABLE)).rows()) == [
        ("48201", "5", "10", 0, 2023, 4.0, None, None, "withheld"),
        ("TX", "5", "10", 0, 2023, 4.0, 10.0, 400.0, "ok"),
        ("US", "5", "10", 0, 2023, 4.0, 10.0, 400.0, "ok"),
    ]


def _chain_of_quarters(folder: Path, without: str | None = None) -> None:
    """Slices by industry of every quarter, with the codes and establishments of CHAIN."""
    for row in CHAIN:
        if row["industry_code"] == without:
            continue
        for quarter in "1234":
            place = folder / "2023" / quarter / "industry"
            place.mkdir(parents=True, exist_ok=True)
            alike = [
                quarterly_row(
                    **{name: each[name] for name in ("own_code", "industry_code", "agglvl_code", "disclosure_code")},
                    qtr=quarter,
                    qtrly_estabs=each["annual_avg_estabs"],
                    month1_emplvl=3 * each["annual_avg_emplvl"],
                )
                for each in CHAIN
                if each["industry_code"] == row["industry_code"]
            ]
            write_csv(place / f"{row['industry_code']}.csv", alike)


def test_quarterly_slices_by_industry_make_the_table_of_annual_ones(tmp_path):
    _by_industry(tmp_path / "annual")
    _chain_of_quarters(tmp_path / "quarters")
    for name in ("annual", "quarters"):
        write_source("qcew", find_files("qcew", tmp_path / name), tmp_path / "staging" / name, compression_level=3)
    annual, quarters = (
        pl.read_parquet(parquet_path(tmp_path / "staging" / name, TABLE)).sort(pl.all())
        for name in ("annual", "quarters")
    )
    assert quarters.equals(annual)
    assert quarters.height == len(CHAIN)


def test_quarterly_slices_by_industry_that_lack_some_are_refused(tmp_path):
    _chain_of_quarters(tmp_path, without="5415")
    with pytest.raises(BadInputError, match="4-digit industries do not add up to"):
        _whole(tmp_path)


def test_a_slice_without_its_other_quarters_is_refused(tmp_path):
    _quarters_sliced(tmp_path)
    (tmp_path / "2023" / "3" / "area" / "48201.csv").unlink()
    with pytest.raises(BadInputError, match="only with all four quarters") as caught:
        write_source("qcew", find_files("qcew", tmp_path), tmp_path / "staging", compression_level=3)
    assert (caught.value.file, caught.value.value) == ("2023/3/area/48201.csv", "1, 2, 4")
    assert not parquet_path(tmp_path / "staging", TABLE).exists()


def test_a_fault_in_a_quarterly_slice_is_named_with_its_quarter(tmp_path):
    _quarters_sliced(tmp_path)
    path = tmp_path / "2023" / "2" / "area" / "48000.csv"
    path.write_bytes(path.read_bytes().replace(b",24,", b",2x,"))
    with pytest.raises(BadInputError, match="2x") as caught:
        write_source("qcew", find_files("qcew", tmp_path), tmp_path / "staging", compression_level=3)
    assert caught.value.file == "2023/2/area/48000.csv"
    assert caught.value.place is not None
    assert caught.value.place.startswith("line 2")


def test_a_quarter_that_stands_in_anothers_folder_is_refused(tmp_path):
    _quarters_sliced(tmp_path)
    first, second = (tmp_path / "2023" / quarter / "area" / "48000.csv" for quarter in "12")
    second.write_bytes(first.read_bytes())
    with pytest.raises(BadInputError, match="given before"):
        write_source("qcew", find_files("qcew", tmp_path), tmp_path / "staging", compression_level=3)


def test_a_year_of_three_quarters_is_refused(tmp_path):
    rows = [quarterly_row(qtr=str(quarter)) for quarter in (1, 2, 3)]
    write_zip(tmp_path / "2023_qtrly_singlefile.zip", {"2023.q1-q4.singlefile.csv": csv_text(rows)})
    with pytest.raises(BadInputError, match="all four quarters"):
        write_source("qcew", find_files("qcew", tmp_path), tmp_path / "staging", compression_level=3)
    assert not parquet_path(tmp_path / "staging", TABLE).exists()


def test_quarters_and_annual_files_are_not_mixed(tmp_path):
    _single(tmp_path)
    write_zip(tmp_path / "2022_qtrly_by_area_x.zip", {"q.csv": csv_text([quarterly_row()], by_area=True)})
    with pytest.raises(BadInputError, match="cannot be taken together"):
        write_source("qcew", find_files("qcew", tmp_path), tmp_path / "staging", compression_level=3)


def _frame(*areas: str) -> pl.DataFrame:
    rows = [(area, "5", "10", 0, 2024, 1.0, 2.0, 3.0, "ok") for area in areas]
    return pl.DataFrame(rows, schema=contracts()[TABLE].column_names, orient="row")


def test_pieces_are_held_to_the_contract_like_whole_frames(tmp_path):
    table = contracts()[TABLE]
    path, rows = write_pieces(table, [_frame("OK", "TX"), _frame("US")], tmp_path / "table")
    assert (pl.read_parquet(path)["area_id"].to_list(), rows) == (["OK", "TX", "US"], 3)
    for pieces, problem in (
        ([_frame("OK", "TX"), _frame("TX", "US")], "two rows have the key"),
        ([_frame("OK", "OK")], "two rows have the key"),
        ([_frame("OK"), _frame("nowhere")], "does not look like"),
        ([_frame("OK"), _frame("TX").drop("status")], "missing status"),
        ([], "no rows"),
    ):
        with pytest.raises(ContractError, match=problem):
            write_pieces(table, pieces, path)
        assert pl.read_parquet(path)["area_id"].to_list() == ["OK", "TX", "US"]
    path, rows = write_pieces(table.model_copy(update={"may_be_empty": True}), [], path)
    assert (pl.read_parquet(path).height, rows) == (0, 0)
