"""The real command on real figures; the run that tests share is in tests/conftest.py."""

from collections.abc import Iterator

import pytest

from tests.fixtures.command import PROJECT, Here, Ran, lmi, start_lmi
from tests.fixtures.command import here as run_in_this_process
from tests.fixtures.parts import parts_are_taken

__all__ = ["PROJECT", "Here", "Ran", "lmi", "start_lmi"]


@pytest.fixture
def here() -> Here:
    """The command in this process."""
    return run_in_this_process


@pytest.fixture(scope="session", autouse=True)
def _parts() -> Iterator[None]:
    """Most files of these tests hold a part of the bundled areas."""
    with parts_are_taken():
        yield
