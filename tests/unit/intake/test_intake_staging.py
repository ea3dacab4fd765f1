"""Staging a source from the bundle or from files, and what `reference.source_vintage` says of it."""

import csv
import hashlib
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from small_files import SOC_FILE, stage

from pipelines.errors import LmiError
from pipelines.files import combined_sha256
from pipelines.intake import select
from pipelines.intake.by_hand import add_by_hand
from pipelines.intake.select import select_inputs
from pipelines.intake.staging import StagedSource, record_path, source_vintage, stage_memberships
from pipelines.paths import BUNDLE, CROSSWALKS
from pipelines.publishers.registry import raw_sources
from pipelines.settings import Settings, Source
from pipelines.sources import declared_sources
from pipelines.tables import TableName
from pipelines.warehouse.staging import read_stamp
from tests.fixtures.workbooks_of_bundle import write_membership_workbooks

SOC = TableName("raw", "soc")
INPUTS = "1" * 64


def _bundled(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, source=Source.BUNDLED, files_dir=None)


def _files(tmp_path: Path, folder: Path | None) -> Settings:
    return Settings(data_dir=tmp_path, source=Source.FILES, files_dir=folder)


def _memberships(settings: Settings) -> tuple[int, list[str]]:
    """Memberships staged, and the files that they are from."""
    inputs = select_inputs(settings)
    downloaded = [line.split()[1] for line in inputs.lines if line.startswith("career_clusters ")]
    return stage_memberships(inputs.memberships, settings, INPUTS).rows, downloaded


def test_bundled_source_is_staged_as_it_is(tmp_path: Path) -> None:
    settings = _bundled(tmp_path)
    staged = stage("soc", settings)
    content = (BUNDLE / "raw" / "soc.parquet").read_bytes()
    assert (settings.staging / "raw" / "soc.parquet").read_bytes() == content
    # the 2018 SOC: 23 major, 98 minor, 459 broad groups and 867 detailed occupations
    assert {name: (table.rows, table.bytes) for name, table in staged.items()} == {SOC: (1447, len(content))}
    assert read_stamp(settings.staging, SOC) == INPUTS


def test_source_of_files_is_parsed_and_described(tmp_path: Path, publishers_files: Path) -> None:
    settings = _files(tmp_path, publishers_files)
    staged = stage("soc", settings)
    assert staged[SOC].rows == 4
    assert read_stamp(settings.staging, SOC) == INPUTS
    frame = pl.read_parquet(settings.staging / "raw" / "soc.parquet")
    assert frame["soc_code"].to_list() == ["15-0000", "15-1200", "15-1250", "15-1252"]
    record = StagedSource.model_validate_json(record_path(settings.staging, "soc").read_bytes())
    (file,) = record.files
    assert file.sha256 == hashlib.sha256((publishers_files / SOC_FILE).read_bytes()).hexdigest()


def test_a_source_that_has_no_files_comes_from_the_bundle(tmp_path: Path, publishers_files: Path) -> None:
    settings = _files(tmp_path, publishers_files / "oe")
    assert stage("soc", settings)[SOC].rows == 1447
    # of Wyoming and the nation, three occupations each
    assert stage("oews", settings)[TableName("raw", "oews_area_occupation")].rows == 6


def test_a_run_on_the_bundle_takes_no_files_even_when_a_folder_is_set(tmp_path: Path, publishers_files: Path) -> None:
    settings = Settings(data_dir=tmp_path, source=Source.BUNDLED, files_dir=publishers_files)
    taken = select_inputs(settings).sources
    assert all(each.files is None for each in taken.values())
    assert [source for source, each in taken.items() if not each.bundled] == ["projections_short"]


def test_files_need_a_folder(tmp_path: Path) -> None:
    for folder in (None, tmp_path / "nowhere"):
        with pytest.raises(LmiError, match="needs a folder") as caught:
            select_inputs(_files(tmp_path, folder))
        assert str(folder or "none") in str(caught.value)


def test_a_folder_with_none_of_the_files_is_refused_with_what_is_expected(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing here", encoding="utf-8")
    with pytest.raises(LmiError, match="holds none of the publishers' files") as caught:
        select_inputs(_files(tmp_path / "data", tmp_path))
    for source in raw_sources():
        assert all(name in str(caught.value) for name in declared_sources()[source].file_names)


def test_checksum_of_one_file_is_its_own() -> None:
    assert combined_sha256({"a.xlsx": "ab" * 32}) == "ab" * 32


def test_checksum_of_several_files_is_that_of_their_listing() -> None:
    # printf a > a; printf b > b; sha256sum a b | sha256sum
    files = {
        "b": "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
        "a": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
    }
    assert combined_sha256(files) == "cb13f400dcb618e400d0f7d54f7cdb330d37a07272cb99a1016cda5830a10556"


def test_source_vintage_has_one_row_for_each_source(tmp_path: Path, publishers_files: Path) -> None:
    settings = _files(tmp_path, publishers_files)
    for source in raw_sources():
        stage(source, settings)
    rows = {row["source"]: row for row in source_vintage(settings.staging).iter_rows(named=True)}
    # no short-term list is in the folder
    assert list(rows) == sorted({"career_clusters", *raw_sources()} - {"projections_short"})
    assert len(rows) == 15

    soc = (publishers_files / SOC_FILE).read_bytes()
    assert (rows["soc"]["files"], rows["soc"]["bytes"], rows["soc"]["rows"]) == (1, len(soc), 4)
    assert rows["soc"]["sha256"] == hashlib.sha256(soc).hexdigest()
    assert rows["soc"]["released_on"] is None

    seven = {path.name: path.read_bytes() for path in (publishers_files / "oe").iterdir()}
    listing = "".join(f"{hashlib.sha256(seven[name]).hexdigest()}  {name}\n" for name in sorted(seven))
    oews = rows["oews"]
    assert (oews["files"], oews["bytes"]) == (7, sum(map(len, seven.values())))
    assert oews["sha256"] == hashlib.sha256(listing.encode()).hexdigest()
    assert (oews["vintage"], oews["reference_period"]) == ("May 2025", "2025-05")
    assert oews["released_on"] == date(2026, 5, 15)
    # areas 2, industries 3, occupations 3, release 1, cells of areas 6 and of industries 6
    assert oews["rows"] == 21
    assert (rows["qcew"]["vintage"], rows["qcew"]["status"]) == ("2023, statewide files of 1 state (WY)", "ok")

    nation, states, zones = (rows[source] for source in ("projections", "projections_central", "onet"))
    assert (nation["vintage"], nation["reference_period"], nation["status"]) == ("2025-35", "2025-35", "ok")
    assert nation["released_on"] == date(2026, 8, 27)
    # two rows of states, and the nation of their cycle
    assert (states["reference_period"], states["status"], states["rows"]) == ("2022-32", "older_cycle", 3)
    assert "An older cycle" in states["notes"]
    assert (zones["vintage"], zones["reference_period"]) == ("job zones rated up to 2025-08", "2025-08")


def test_the_framework_is_a_source_like_the_others(tmp_path: Path, publishers_files: Path) -> None:
    settings = _files(tmp_path, publishers_files)
    for source in raw_sources():
        stage(source, settings)
    framework = source_vintage(settings.staging).row(by_predicate=pl.col("source") == "career_clusters", named=True)
    path = CROSSWALKS / "soc_sub_cluster.csv"
    with path.open(encoding="utf-8", newline="") as file:
        memberships = sum(1 for _ in csv.DictReader(file))
    assert framework["rows"] == memberships == 1203
    assert framework["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (framework["publisher"], framework["vintage"]) == ("Advance CTE", "September 2025")
    assert (framework["status"], framework["retrieved_on"]) == ("ok", None)


def test_downloaded_memberships_are_an_input_of_a_live_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held against those carried, see the check memberships_as_downloaded; figures are made of the carried ones."""
    bundled = Settings(data_dir=tmp_path / "data")
    assert _memberships(bundled) == (1203, [])
    moved = {
        ("11-1011", "leadership_operations"): "water_systems",
        ("11-1011", "entrepreneurship_small_business"): None,
    }
    books = write_membership_workbooks(tmp_path, moved)
    add_by_hand(bundled, "career_clusters", list(books.values()), "June 2026", None)
    assert _memberships(bundled) == (1203, [])
    live = bundled.model_copy(update={"source": Source.LIVE})
    monkeypatch.setattr(select, "raw_sources", tuple)
    assert _memberships(live) == (1202, list(books))
    staged = pl.read_parquet(live.staging / "raw" / "career_cluster_membership.parquet")
    assert staged.filter(soc_code="11-1011").rows() == [("11-1011", "agriculture", "water_systems")]
