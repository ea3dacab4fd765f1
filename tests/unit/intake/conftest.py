"""Publishers' files of a few occupations, industries and areas, and the bundle made from them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_files import NAICS_FILE, NAICS_ROWS, SOC_FILE, SOC_ROWS, Built, small_oews, small_projections, small_qcew

from pipelines.intake.bundle import build
from tests.fixtures.flat_files import write_flat_files
from tests.fixtures.parts import parts_are_taken
from tests.fixtures.program_files import write_program_files
from tests.unit.publishers.workbooks import write_workbook


@pytest.fixture(scope="session")
def publishers_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of every source of raw tables, the OEWS files in a folder of their own. Read only."""
    folder = tmp_path_factory.mktemp("publishers")
    write_workbook(folder / SOC_FILE, {"Structure": SOC_ROWS})
    write_workbook(folder / NAICS_FILE, {"tbl": NAICS_ROWS})
    small_qcew(folder)
    small_projections(folder)
    write_program_files(folder)
    write_flat_files(folder / "oe", bundle=small_oews(tmp_path_factory.mktemp("small")))
    return folder


@pytest.fixture(scope="session")
def built(publishers_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The bundle made from those files. Read only."""
    bundle = tmp_path_factory.mktemp("bundle")
    return Built(publishers_files, bundle, build(publishers_files, bundle))


@pytest.fixture(scope="session", autouse=True)
def _small_files() -> Iterator[None]:
    with parts_are_taken():
        yield
