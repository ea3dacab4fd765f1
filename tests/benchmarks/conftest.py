"""The publisher's files at full size, written once from the bundle."""

import os
from pathlib import Path

import pytest

from tests.fixtures.flat_files import write_flat_files


@pytest.fixture(scope="session")
def oews_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seven OEWS flat files: LMI_BENCH_OEWS where it is set, else written from the bundle."""
    if folder := os.environ.get("LMI_BENCH_OEWS"):
        return Path(folder).resolve()
    target = tmp_path_factory.mktemp("oews")
    write_flat_files(target)
    return target
