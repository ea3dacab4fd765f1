"""`lmi export`: what the files hold, read back, is what the database holds."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest

from pipelines.contracts.model import contracts
from pipelines.reports.export import write
from pipelines.reports.export.write import export_state
from pipelines.tables import TableName
from tests.fixtures.command import Here, Ran, lmi

pytestmark = pytest.mark.slow

#: Tables that name a state's areas; others of marts are of the nation.
OF_STATES = ("cluster_indicators", "occupation_indicators", "industry_indicators", "industry_detail", "shift_share")


@pytest.fixture(scope="module")
def wyoming(first_run: tuple[Path, Ran], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    ran = lmi("export", "--state", "WY", "--out", str(folder / "new" / "wy"), data=first_run[0])
    assert ran.code == 0, ran.out + ran.err
    assert "cluster_indicators" in ran.out
    assert "lmi_WY.xlsx" in ran.out
    return folder / "new" / "wy"


@pytest.fixture(scope="module")
def book(wyoming: Path) -> Iterator[openpyxl.Workbook]:
    opened = openpyxl.load_workbook(wyoming / "lmi_WY.xlsx", read_only=True)
    yield opened
    opened.close()


def _database(connection: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    """A state's rows as an analyst would ask for them, in an order of their own."""
    key = contracts()[TableName("marts", table)].primary_key
    frame: pl.DataFrame = connection.sql(
        f"select * from marts.{table} where area_id in (select area_id from reference.area where state_id = 'WY')"
    ).pl()
    return frame.sort(key)


def _tables(folder: Path) -> set[str]:
    return {path.stem.removeprefix("WY_") for path in (folder / "csv").iterdir()}


def test_every_table_with_rows_of_the_state_is_there_in_both_formats(
    wyoming: Path, lmi_database: duckdb.DuckDBPyConnection
) -> None:
    assert {"area", "dictionary", *OF_STATES} <= _tables(wyoming)
    assert {path.stem for path in (wyoming / "csv").iterdir()} == {
        path.stem for path in (wyoming / "parquet").iterdir()
    }
    with_areas = {
        str(name)
        for (name,) in lmi_database.sql(
            "select table_name from duckdb_columns() where schema_name = 'marts' and column_name = 'area_id'"
        ).fetchall()
    }
    for table in with_areas:
        assert (_database(lmi_database, table).height > 0) == (table in _tables(wyoming)), table


@pytest.mark.parametrize("table", OF_STATES)
def test_parquet_and_csv_are_the_database_row_for_row(
    table: str, wyoming: Path, lmi_database: duckdb.DuckDBPyConnection
) -> None:
    expected = _database(lmi_database, table)
    assert expected.height > 50
    key = contracts()[TableName("marts", table)].primary_key
    parquet = pl.read_parquet(wyoming / "parquet" / f"WY_{table}.parquet").sort(key)
    assert parquet.select(expected.columns).equals(expected)

    with (wyoming / "csv" / f"WY_{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == expected.height
    by_key = {tuple(row[name] for name in key): row for row in rows}
    for row in expected.iter_rows(named=True):
        written = by_key[tuple(str(row[name]) for name in key)]
        for column, value in row.items():
            if value is None:
                assert written[column] == ""
            elif isinstance(value, float):
                assert float(written[column]) == value
            elif isinstance(value, bool):
                assert written[column] == str(value).lower()
            else:
                assert written[column] == str(value)


def test_names_stand_beside_codes(wyoming: Path) -> None:
    clusters = pl.read_parquet(wyoming / "parquet" / "WY_cluster_indicators.parquet")
    assert clusters.columns[:3] == ["area_id", "area_name", "area_type"]
    assert clusters["area_name"][0] == "Wyoming"
    areas = pl.read_parquet(wyoming / "parquet" / "WY_area.parquet")
    assert areas["area_type"][0] == "state"
    assert areas["area_type"][-1] == "county"
    named = dict(clusters.select("cluster_id", "cluster_name").unique().iter_rows())
    assert named["healthcare_human_services"] == "Healthcare & Human Services"
    assert named["all"] == "All"
    assert clusters["sub_cluster_name"].null_count() == 0
    assert set(clusters["area_type"]) == {"state", "metro", "nonmetro"}
    allocated = pl.read_parquet(wyoming / "parquet" / "WY_industry_detail.parquet")
    assert "Construction" in set(allocated["naics_title"])
    homes = pl.read_parquet(wyoming / "parquet" / "WY_cluster_by_industry_estimate.parquet")
    named = dict(homes.select("cluster_id", "cluster_name").unique().iter_rows())
    assert named["no_staffing_pattern"] == "No staffing pattern"


@pytest.mark.parametrize("table", ["cluster_indicators", "industry_indicators"])
def test_the_sheet_shows_each_figure_and_a_word_for_each_missing_one(
    table: str, book: openpyxl.Workbook, lmi_database: duckdb.DuckDBPyConnection
) -> None:
    rows = _sheet(book, table)
    contract = contracts()[TableName("marts", table)]
    expected = {tuple(row[name] for name in contract.primary_key): row for row in _rows(lmi_database, table)}
    assert len(rows) == len(expected)
    words = 0
    for shown in rows:
        row = expected[tuple(shown[name] for name in contract.primary_key)]
        for column in contract.columns:
            value = row[column.name]
            if column.type.value not in ("bigint", "double"):
                assert shown[column.name] == value
            elif value is None:
                words += 1
                assert shown[column.name] in {
                    "withheld", "no occupations", "not in this vintage", "too little published", "not available",
                    "not applicable", "not listed", "no jobs to compare",
                }  # fmt: skip
                if row["status"] == "withheld" and column.name == "employment":
                    assert shown[column.name] == "withheld"
            else:
                assert shown[column.name] == pytest.approx(value, rel=1e-12)
    assert words > 20


def _sheet(book: openpyxl.Workbook, name: str) -> list[dict[str, object]]:
    """The rows of a table's sheets, one of each basis, by the names of columns, which the dictionary tells."""
    names = {row[2]: str(row[1]) for row in book["Dictionary"].iter_rows(values_only=True) if row[0] == name}
    found: list[dict[str, object]] = []
    for sheet in (each for each in book.sheetnames if each in (name, f"{name} (in full)")):
        header, *rows = [list(row) for row in book[sheet].iter_rows(values_only=True)]
        found += [dict(zip((names[said] for said in header), row, strict=True)) for row in rows]
    return found


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, object]]:
    return _database(connection, table).to_dicts()


def test_sheets_come_in_the_order_that_people_look_for_them(book: openpyxl.Workbook) -> None:
    digests = ["occupations", "listed_occupations", "programs_and_openings"]
    assert book.sheetnames[:7] == ["Summary", "Contents", "Notes", *digests, "area"]
    assert book.sheetnames[7:9] == ["cluster_indicators", "cluster_indicators (in full)"]
    for sheet, basis in (("cluster_indicators", "unduplicated"), ("cluster_indicators (in full)", "duplicated")):
        header, *rows = book[sheet].iter_rows(values_only=True)
        assert {row[header.index("Basis")] for row in rows} == {basis}
    assert book.sheetnames[-1] == "Dictionary"


def test_the_first_sheets_are_made_for_reading(
    book: openpyxl.Workbook, lmi_database: duckdb.DuckDBPyConnection
) -> None:
    listed = _sheet(book, "listed_occupations")
    flagged = lmi_database.sql(
        "select soc_code from marts.occupation_flag where area_id = 'WY' and policy = 'default' and listed = 'true'"
    ).fetchall()
    assert {row["soc_code"] for row in listed} == {str(soc) for (soc,) in flagged}
    assert [row["list_rank"] for row in listed] == list(range(1, len(listed) + 1))
    openings = [row["annual_openings"] for row in listed if isinstance(row["annual_openings"], int | float)]
    assert openings == sorted(openings, reverse=True)
    nurses = next(row for row in listed if row["soc_code"] == "29-1141")
    assert nurses["entry_education"] == "Bachelor's degree"
    assert "Registered Nursing/Registered Nurse" in str(nurses["program_titles"])

    # the joined sheet has every occupation of the state with its figures of three tables
    joined = {row["soc_code"]: row for row in _sheet(book, "occupations")}
    (jobs,) = lmi_database.sql("select count(*) from marts.occupation_indicators where area_id = 'WY'").fetchall()
    assert len(joined) == jobs[0]
    for column in ("growth_pct", "annual_openings", "entry_education", "wage_p50_usd"):
        assert joined["29-1141"][column] == nurses[column]
    assert joined["29-1141"]["listed"] == "true"
    assert joined["29-1141"]["cluster_name"] == "Healthcare & Human Services"

    rows = _sheet(book, "programs_and_openings")
    assert len(rows) == 4 * 15  # levels with awards; clusters and all of them
    found = {(row["cluster_id"], row["education_group"]): row for row in rows}
    health = found["healthcare_human_services", "associate"]
    # by hand, as in test_programs.py
    assert (health["annual_openings"], round(float(str(health["awards"])), 1)) == (160, 103.6)
    assert all(isinstance(row["gap"], float | int) == (row["status"] in ("ok", "partial")) for row in found.values())


def test_the_summary_has_the_clusters_and_their_total(
    book: openpyxl.Workbook, lmi_database: duckdb.DuckDBPyConnection
) -> None:
    rows = [list(row) for row in book["Summary"].iter_rows(values_only=True)]
    header = rows[3]
    found = {row[0]: dict(zip(header, row, strict=True)) for row in rows[4:19]}
    expected = lmi_database.sql(
        "select cluster_name, employment, wage_p50_usd from marts.cluster_indicators join reference.cluster "
        "using (cluster_id) where area_id = 'WY' and level = 'cluster' and basis = 'unduplicated'"
    ).fetchall()
    assert len(expected) == 14
    for name, jobs, wage in expected:
        # in tens and whole dollars, as people read them
        assert found[name]["Jobs"] % 10 == 0
        assert found[name]["Jobs"] == pytest.approx(jobs, abs=5)
        assert found[name]["Median wage, $ a year"] == round(wage)
        assert found[name]["Openings a year 2022-32"] % 1 == 0
    assert found["All jobs, as published"]["Openings a year 2022-32"] == 37950  # the state's published total
    assert "Release" in rows[1][0]
    assert any("01001 loses its zero" in str(row[0]) for row in rows[19:])


def test_notes_tell_vintages_warnings_and_attribution(book: openpyxl.Workbook, wyoming: Path) -> None:
    text = "\n".join(str(row[0]) for row in book["Notes"].iter_rows(values_only=True) if row[0])
    assert "is a sample of the publisher's vintage" in text  # the bundled QCEW of 2016
    assert "May 2025" in text
    assert "Never add up" in text
    assert "National Career Clusters Framework of Advance CTE" in text
    for line in text.splitlines()[1:]:
        assert line in (wyoming / "notes_WY.md").read_text(encoding="utf-8")


def test_the_dictionary_tells_every_column_of_every_file(wyoming: Path, book: openpyxl.Workbook) -> None:
    dictionary = pl.read_csv(wyoming / "csv" / "WY_dictionary.csv")
    told = {name: dictionary.filter(pl.col("table") == name)["column"].to_list() for name in set(dictionary["table"])}
    for name in _tables(wyoming) - {"dictionary"}:
        assert pl.read_csv(wyoming / "csv" / f"WY_{name}.csv", infer_schema=False).columns == told[name]
    assert dictionary["meaning"].null_count() == 0
    premium = dictionary.filter(pl.col("column") == "wage_premium_pct")
    assert set(premium["unit"]) == {"percent"}
    assert book["Dictionary"].max_row == dictionary.height + 1


def test_a_state_without_industries_says_so(here: Here, first_run: tuple[Path, Ran], tmp_path: Path) -> None:
    ran = here("export", "--state", "guam", "--out", str(tmp_path), data=first_run[0])
    assert ran.code == 0, ran.err
    assert not (tmp_path / "csv" / "GU_industry_indicators.csv").exists()
    assert "marts.industry_indicators has no rows of this state" in (tmp_path / "notes_GU.md").read_text("utf-8")


def test_a_table_without_rows_of_the_basis_is_left_out_and_named(first_run: tuple[Path, Ran], tmp_path: Path) -> None:
    database = shutil.copyfile(first_run[0] / "lmi.duckdb", tmp_path / "lmi.duckdb")
    database.chmod(0o644)
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from marts.cluster_completions where area_id = 'GU' and basis = 'duplicated'")
    for basis in ("duplicated", "unduplicated"):
        files, rows = export_state(database, "GU", tmp_path / basis, basis=basis)
        is_there = basis == "unduplicated"
        assert ("cluster_completions" in rows) is is_there
        assert ("GU_cluster_completions.csv" in {path.name for path in files}) is is_there
        said = f"marts.cluster_completions has no rows of this state on the basis {basis}, and is left out."
        assert (said in (tmp_path / basis / "notes_GU.md").read_text("utf-8")) is not is_there
        assert 0 not in rows.values()


def test_shared_metros_bring_the_metro_areas_of_neighbours(
    here: Here, first_run: tuple[Path, Ran], tmp_path: Path
) -> None:
    # Philadelphia's metro area has a county in Delaware and is listed under Pennsylvania
    for options, expected in (((), False), (("--shared-metros",), True)):
        folder = tmp_path / str(expected)
        ran = here("export", "--state", "DE", "--out", str(folder), *options, data=first_run[0])
        assert ran.code == 0, ran.err
        areas = set(pl.read_parquet(folder / "parquet" / "DE_cluster_indicators.parquet")["area_name"])
        assert "Dover, DE" in areas
        assert ("Philadelphia-Camden-Wilmington, PA-NJ-DE-MD" in areas) is expected
        assert "Philadelphia-Camden-Wilmington, PA-NJ-DE-MD" in (folder / "notes_DE.md").read_text("utf-8")


def test_wrong_use_is_told_and_leaves_nothing(here: Here, first_run: tuple[Path, Ran], tmp_path: Path) -> None:
    unknown = here("export", "--state", "Wyoomin", "--out", str(tmp_path / "a"), data=first_run[0])
    assert unknown.code == 2
    assert "did you mean Wyoming?" in unknown.err
    assert "WY" in unknown.err
    assert not (tmp_path / "a").exists()

    for asked, said in (("US", "US (National) is not a state"), ("18140", "it is listed under OH: --state OH")):
        other = here("export", "--state", asked, "--out", str(tmp_path / "a"), data=first_run[0])
        assert other.code == 2
        assert said in other.err

    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    refused = lmi("export", "--state", "WY", "--out", str(blocked), data=first_run[0])
    assert refused.code == 2
    assert f"{blocked} is a file, and a folder is wanted" in refused.err
    assert blocked.read_text(encoding="utf-8") == "not a folder"

    none = lmi("export", "--state", "WY", "--out", str(tmp_path / "a"), data=tmp_path / "empty")
    assert none.code == 7
    assert "lmi run" in none.err
    assert not (tmp_path / "a").exists()


def test_a_full_disk_leaves_no_folder_but_one_that_was_there(
    here: Here, first_run: tuple[Path, Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "write_parquet", full)
    (tmp_path / "there").mkdir()
    for folder in (tmp_path / "new" / "wy", tmp_path / "there"):
        ran = here("export", "WY", "--out", str(folder), data=first_run[0])
        assert (ran.code, f"{folder} cannot be written: no space is left" in ran.err) == (9, True), ran.err
    assert list(tmp_path.rglob("*")) == [tmp_path / "there"]
