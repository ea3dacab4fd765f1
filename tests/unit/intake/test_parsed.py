"""A run takes the tables that a source's files made when they were accepted, and parses again where it cannot."""

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.archive.find import find_files
from pipelines.archive.store import Archive
from pipelines.errors import ContractError
from pipelines.intake import bundle
from pipelines.intake.by_hand import add_by_hand
from pipelines.publishers import qcew
from pipelines.publishers.registry import raw_sources
from pipelines.settings import Settings, Source
from pipelines.sources import declared_sources
from tests.unit.intake.small_files import SOC_FILE, stage
from tests.unit.publishers.qcew_files import write_year

VINTAGES = {
    "soc": "2018",
    "naics": "2022",
    "oews": "May 2025",
    "qcew": "2023, statewide files of 1 state (WY)",
    "projections": "2025-35",
    "projections_central": "2022-32, bulk file of 54 states and territories",
    "onet": "job zones rated up to 2025-08",
}


@pytest.fixture(scope="module")
def accepted(publishers_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a vintage of every source. Read only."""
    data = tmp_path_factory.mktemp("accepted")
    for source, vintage in VINTAGES.items():
        add_by_hand(Settings(data_dir=data), source, _files_of(source, publishers_files), vintage, None)
    return data


def _files_of(source: str, folder: Path) -> list[Path]:
    return list(find_files(source, folder).values())


@pytest.fixture
def settings(accepted: Path, tmp_path: Path) -> Settings:
    shutil.copytree(accepted, tmp_path / "data")
    return Settings(data_dir=tmp_path / "data", source=Source.LIVE)


@pytest.fixture
def parsed_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources whose files are parsed from now on."""
    again: list[str] = []
    parse = bundle.read

    def read(source: str, *arguments: Any) -> object:
        again.append(source)
        return parse(source, *arguments)

    monkeypatch.setattr(bundle, "read", read)
    return again


def test_what_a_run_takes_is_what_parsing_makes(
    settings: Settings, publishers_files: Path, parsed_again: list[str], tmp_path: Path
) -> None:
    assert set(VINTAGES) == {source for source in raw_sources() if not declared_sources()[source].on_request}
    staged = {source: stage(source, settings) for source in VINTAGES}
    assert parsed_again == []
    from_files = Settings(data_dir=tmp_path / "files", source=Source.FILES, files_dir=publishers_files)
    for source, tables in staged.items():
        assert set(stage(source, from_files)) == set(tables)
        for table in tables:
            path = Path(table.schema, f"{table.name}.parquet")
            taken, made = (pl.read_parquet(each.staging / path) for each in (settings, from_files))
            assert_frame_equal(taken, made)
    assert parsed_again == list(VINTAGES)


def _kept(settings: Settings, source: str) -> Path:
    (folder,) = (settings.archive / "parsed" / source).iterdir()
    return folder


@pytest.mark.parametrize("fault", ["damaged", "gone", "half"])
def test_kept_tables_that_are_not_whole_are_made_again(settings: Settings, parsed_again: list[str], fault: str) -> None:
    table = _kept(settings, "soc") / "raw" / "soc.parquet"
    if fault == "damaged":
        content = bytearray(table.read_bytes())
        content[len(content) // 2] ^= 1
        table.write_bytes(content)
    elif fault == "gone":
        shutil.rmtree(settings.archive / "parsed")
    else:
        (table.parent.parent / "manifest.json").write_text("{", encoding="utf-8")
    stage("soc", settings)
    assert parsed_again == ["soc"]
    assert pl.read_parquet(settings.staging / "raw" / "soc.parquet").height == 4


def test_other_code_parses_again(settings: Settings, parsed_again: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.intake.parsed.code_version", lambda *_: "other")
    stage("soc", settings)
    assert parsed_again == ["soc"]


def test_other_files_are_parsed_and_take_the_place_of_those_kept(
    settings: Settings, publishers_files: Path, tmp_path: Path
) -> None:
    before = _kept(settings, "soc")
    other = tmp_path / SOC_FILE
    other.write_bytes((publishers_files / SOC_FILE).read_bytes() + b"\0")  # a zip may have something after its end
    add_by_hand(settings, "soc", [other], "2018", None)
    assert _kept(settings, "soc") != before


def test_years_that_were_accepted_one_after_the_other_are_as_if_accepted_together(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    kept = []
    for name, steps in (("one", [[2022], [2023], [2024]]), ("together", [[2022, 2023, 2024]])):
        shutil.rmtree(files)
        files.mkdir()
        settings = Settings(data_dir=tmp_path / name, source=Source.LIVE)
        for years in steps:
            for year in years:
                write_year(files, year, year - 1900)
            held = "2022" if years == [2022] else f"2022 to {years[-1]}"
            add_by_hand(settings, "qcew", [files], f"{held}, statewide files of 1 state (WY)", None)
        table = _kept(settings, "qcew") / "raw" / "qcew.parquet"
        kept.append({path.name: path.read_bytes() for path in table.iterdir()})
    assert sorted(kept[0]) == ["2022-00000.parquet", "2023-00000.parquet", "2024-00000.parquet"]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("is_damaged", [False, True])
def test_years_that_were_accepted_are_files_of_their_own_and_are_not_read_again(
    tmp_path: Path, parsed_again: list[str], monkeypatch: pytest.MonkeyPatch, *, is_damaged: bool
) -> None:
    settings, files = Settings(data_dir=tmp_path / "data", source=Source.LIVE), tmp_path / "files"
    parse, read = qcew.read_part, list[str]()

    def read_part(of_year: dict[str, Path], folder: Path) -> Path:
        read.extend(of_year)
        return parse(of_year, folder)

    monkeypatch.setattr(qcew, "read_part", read_part)
    files.mkdir()
    for year, jobs in ((2022, 70), (2023, 80)):
        write_year(files, year, jobs)
    years = [f"{year}_annual_by_area.zip" for year in (2022, 2023, 2024)]
    add_by_hand(settings, "qcew", [files], "2022 to 2023, statewide files of 1 state (WY)", None)
    assert read == years[:2]
    kept = _kept(settings, "qcew") / "raw" / "qcew.parquet"
    assert sorted(path.name for path in kept.iterdir()) == ["2022-00000.parquet", "2023-00000.parquet"]
    write_year(files, 2024, 90)
    if is_damaged:
        pl.read_parquet(kept / "2022-00000.parquet").with_columns(employment=1.0).write_parquet(
            kept / "2022-00000.parquet"
        )
    add_by_hand(settings, "qcew", [files], "2022 to 2024, statewide files of 1 state (WY)", None)
    assert read[2:] == (years if is_damaged else years[2:])
    parsed_again.clear()
    stage("qcew", settings)
    assert parsed_again == []
    staged = pl.read_parquet(settings.staging / "raw" / "qcew.parquet", glob=False)
    jobs = staged.filter(own_code="5", naics_code="10").select("year", "employment")
    assert jobs.rows() == [(2022, 70), (2023, 80), (2024, 90)]


def test_figures_that_no_table_may_have_are_refused_before_they_are_archived(
    tmp_path: Path, publishers_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ContractError("raw.soc: two rows have the key 15-1252")

    monkeypatch.setattr(bundle, "write_frame", refuse)
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(ContractError, match="two rows have the key"):
        add_by_hand(settings, "soc", [publishers_files / SOC_FILE], "2018", None)
    assert Archive(settings.archive).newest("soc") is None
    assert not (settings.archive / "parsed").exists()
