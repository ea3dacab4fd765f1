"""The real command on real figures; the run that tests share is in tests/conftest.py."""

import pytest

from tests.fixtures.command import PROJECT, Here, Ran, lmi, start_lmi
from tests.fixtures.command import here as run_in_this_process

__all__ = ["PROJECT", "Here", "Ran", "lmi", "start_lmi"]


@pytest.fixture
def here() -> Here:
    """The command in this process."""
    return run_in_this_process
