"""The bundle is what the publishers' files hold: parsed again, they give the same tables, cell for cell."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.archive.find import find_files
from pipelines.files import file_sha256
from pipelines.intake.bundle import read_manifest
from pipelines.paths import BUNDLE
from pipelines.publishers.common import Written
from pipelines.publishers.registry import read
from pipelines.tables import TableName, parquet_path
from tests.fixtures.flat_files import write_flat_files
from tests.integration.conftest import PROJECT

SHARED = PROJECT.parent / "shared"

#: The publisher's checksums of the files that are rebuilt byte for byte.
EXACT = ("oe.data.0.Current", "oe.area", "oe.datatype", "oe.footnote")

#: A state, a territory, a metro area and a nonmetro area.
SMALL = ("WY", "GU", "C16940", "N5600006")


def _bundled(table: TableName) -> pl.DataFrame:
    return pl.read_parquet(parquet_path(BUNDLE, table))


def _in_memory(content: pl.DataFrame | Written) -> pl.DataFrame:
    assert isinstance(content, pl.DataFrame)
    return content


def _assert_bundled(source: str, files: dict[str, Path], scratch: Path) -> None:
    """Read again, the files make the bundled vintage and tables."""
    vintage, tables = read(source, files, scratch)
    bundled = read_manifest().sources[source]
    assert vintage == bundled.vintage
    assert list(map(str, tables)) == list(bundled.tables)
    for table, frame in tables.items():
        assert_frame_equal(_in_memory(frame), _bundled(table))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    write_flat_files(folder, area_ids=SMALL, industries=False)
    return folder


def test_flat_files_of_some_areas_give_the_bundled_rows_of_these_areas(small: Path, tmp_path: Path) -> None:
    _, tables = read("oews", find_files("oews", small), tmp_path)
    areas = pl.col("area_id").is_in(["US", *SMALL])
    for name in ("oews_area", "oews_area_occupation"):
        table = TableName("raw", name)
        expected = _bundled(table).filter(areas)
        assert expected["area_id"].n_unique() == 5
        assert_frame_equal(_in_memory(tables[table]), expected)
    for name in ("oews_industry", "oews_occupation", "oews_release"):
        table = TableName("raw", name)
        assert_frame_equal(_in_memory(tables[table]), _bundled(table))
    assert _in_memory(tables[TableName("raw", "oews_industry_occupation")]).is_empty()


def test_lists_written_back_are_the_publishers_bytes(small: Path) -> None:
    files = {file.name: file.sha256 for file in read_manifest().sources["oews"].files}
    for name in ("oe.datatype", "oe.footnote", "oe.release"):
        assert file_sha256(small / name) == files[name], name


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("soc", ["bls_soc/soc_structure_2018.xlsx"]),
        ("naics", ["census_naics/2-6 digit_2022_Codes.xlsx"]),
        ("qcew", ["bls_qcew/2016_qtrly_by_area_statewide.zip"]),
        ("projections", ["bls_ep/education_table_5_4.xlsx", "bls_ep/occupation.xlsx"]),
        ("projections_central", ["projections_central/long_term_2022_2032.tsv"]),
        ("onet", ["onet/2019_to_SOC_Crosswalk.csv", "onet/Job Zones.xlsx"]),
        ("cip_soc", ["nces/CIP2020_SOC2018_Crosswalk.xlsx"]),
        ("cip", ["nces/CIPCode2020.csv"]),
        ("cip_clusters", ["advance_cte/CIP_Career_Clusters_Crosswalk.xlsx"]),
        ("scorecard", ["scorecard/field_of_study_2026-06-10.parquet"]),
        ("cps", ["bls_cps/cpsaat11_2022.xlsx"]),
        ("census_occ", ["census_occ/2018-occupation-code-list-and-crosswalk.xlsx"]),
    ],
)
def test_publishers_files_give_the_bundled_tables(source: str, paths: list[str], tmp_path: Path) -> None:
    files = [SHARED / "data" / path for path in paths]
    for path, file in zip(paths, files, strict=True):
        if not file.is_file():
            pytest.skip(f"the publisher's file ../shared/data/{path} is not here")
    bundled = read_manifest().sources[source]
    assert [(file.name, file.bytes, file.sha256) for file in bundled.files] == [
        (file.name, file.stat().st_size, file_sha256(file)) for file in files
    ]
    _assert_bundled(source, {file.name: file for file in files}, tmp_path)


def test_completions_at_hand_are_the_bundled_awards() -> None:
    """The publisher's files were reduced to first majors and seven columns before they were bundled."""
    columns = ["cip_code", "award_level", "unit_id", "award_year"]
    years = []
    for year in (2022, 2023, 2024):
        path = SHARED / "data" / "ipeds" / f"c{year}_a.parquet"
        if not path.is_file():
            pytest.skip(f"the publisher's file ../shared/data/ipeds/{path.name} is not here")
        years.append(pl.read_parquet(path).with_columns(award_year=pl.lit(year, pl.Int64)))
    rows = pl.concat(years).filter((pl.col("CIPCODE").str.len_chars() == 7) & (pl.col("CTOTALT") > 0))
    expected = rows.select(
        "award_year",
        pl.col("UNITID").cast(pl.String).alias("unit_id"),
        pl.col("CIPCODE").alias("cip_code"),
        pl.col("AWLEVEL").alias("award_level"),
        pl.col("CTOTALT").alias("awards"),
        pl.col("CTOTALW").alias("awards_women"),
    )
    assert_frame_equal(_bundled(TableName("raw", "ipeds_completions")), expected.sort(columns))


@pytest.fixture(scope="session")
def flat_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole release of May 2025 as flat files: made by a tool beside the project, else written from the bundle."""
    tool = SHARED / "tools" / "make_oews_flat.py"
    folder = tmp_path_factory.mktemp("flat")
    if not tool.is_file():
        write_flat_files(folder)
        return folder
    subprocess.run([sys.executable, str(tool), str(folder)], check=True, timeout=180)
    return folder


@pytest.mark.slow
def test_flat_files_of_the_whole_release_give_the_bundled_tables(flat_files: Path, tmp_path: Path) -> None:
    files = {file.name: file.sha256 for file in read_manifest().sources["oews"].files}
    for name in EXACT:
        assert file_sha256(flat_files / name) == files[name], name
    _assert_bundled("oews", find_files("oews", flat_files), tmp_path)


@pytest.mark.slow
def test_flat_files_written_back_from_the_bundle_are_the_publishers_bytes(flat_files: Path, tmp_path: Path) -> None:
    write_flat_files(tmp_path)
    for name in EXACT:
        assert file_sha256(tmp_path / name) == file_sha256(flat_files / name), name
