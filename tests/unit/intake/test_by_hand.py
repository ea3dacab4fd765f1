"""Files brought in by hand are held to the same tests as fetched ones."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.archive.store import Archive
from pipelines.errors import BadInputError
from pipelines.intake.by_hand import add_by_hand
from pipelines.settings import Settings
from tests.unit.intake.small_files import SOC_FILE
from tests.unit.intake.test_qcew_files import _by_industry


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def test_a_folder_with_all_seven_files_becomes_the_newest_vintage(settings: Settings, publishers_files: Path) -> None:
    edition = add_by_hand(settings, "oews", [publishers_files / "oe"], "May 2025", None)
    assert (edition.origin, edition.reference_period, edition.released_on) == ("by_hand", "2025-05", date(2026, 5, 15))
    assert Archive(settings.archive).newest("oews") == edition
    assert len(Archive(settings.archive).files(edition)) == 7
    assert (publishers_files / "oe" / "oe.area").is_file(), "the given files stay where they are"


def test_the_only_file_of_a_source_may_have_another_name(
    settings: Settings, publishers_files: Path, tmp_path: Path
) -> None:
    renamed = tmp_path / "download (3).xlsx"
    renamed.write_bytes((publishers_files / SOC_FILE).read_bytes())
    edition = add_by_hand(settings, "soc", [renamed], "2018", date(2017, 11, 28))
    assert [file.name for file in edition.files] == [SOC_FILE]
    assert edition.released_on == date(2017, 11, 28)


def test_another_vintage_than_the_files_have_is_refused(settings: Settings, publishers_files: Path) -> None:
    with pytest.raises(BadInputError, match=r"the files are of May 2025.*found 'May 2026'"):
        add_by_hand(settings, "oews", [publishers_files / "oe"], "May 2026", None)
    assert Archive(settings.archive).newest("oews") is None


def test_a_set_that_is_not_complete_is_refused(settings: Settings, publishers_files: Path) -> None:
    with pytest.raises(BadInputError, match="belong together"):
        add_by_hand(settings, "oews", [publishers_files / "oe" / "oe.area"], "May 2025", None)


def test_a_file_of_another_source_is_refused(settings: Settings, publishers_files: Path, tmp_path: Path) -> None:
    stray = tmp_path / "notes.txt"
    stray.write_text("nothing", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"notes\.txt: not a file of this source"):
        add_by_hand(settings, "oews", [publishers_files / "oe", stray], "May 2025", None)


def test_a_page_in_place_of_a_workbook_is_refused(settings: Settings, tmp_path: Path) -> None:
    page = tmp_path / SOC_FILE
    page.write_text("<html><body>Access denied</body></html>", encoding="utf-8")
    with pytest.raises(BadInputError, match=SOC_FILE):
        add_by_hand(settings, "soc", [page], "2018", None)
    assert Archive(settings.archive).newest("soc") is None


def test_files_named_by_year_and_sets_in_place_of_the_fetched_ones(settings: Settings, publishers_files: Path) -> None:
    annual = publishers_files / "2023_annual_singlefile.zip"
    edition = add_by_hand(settings, "qcew", [annual], "2023, statewide files of 1 state (WY)", None)
    assert [file.name for file in edition.files] == [annual.name]
    bulk = publishers_files / "long_term_2022_2032.tsv"
    edition = add_by_hand(
        settings, "projections_central", [bulk], "2022-32, bulk file of 54 states and territories", None
    )
    assert ([file.name for file in edition.files], edition.reference_period) == ([bulk.name], "2022-32")


def test_a_folder_of_slices_by_industry(settings: Settings, tmp_path: Path) -> None:
    held = "2023, statewide files of 1 state (TX)"
    edition = add_by_hand(settings, "qcew", [_by_industry(tmp_path)], held, None)
    assert "2023/a/industry/5415.csv" in [file.name for file in edition.files]


def test_a_file_of_a_year_must_have_its_name(settings: Settings, publishers_files: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "download.zip"
    renamed.write_bytes((publishers_files / "2023_annual_singlefile.zip").read_bytes())
    with pytest.raises(BadInputError, match=r"download\.zip: not a file of this source"):
        add_by_hand(settings, "qcew", [renamed], "annual averages of 2023", None)
