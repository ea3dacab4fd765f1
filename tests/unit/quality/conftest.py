from pathlib import Path

import pytest
from small_world import build_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Staged tables of the small world; read only, tests that break something work on a copy."""
    folder = tmp_path_factory.mktemp("world")
    build_world(folder)
    return folder
