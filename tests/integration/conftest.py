"""The real command on real figures; the run that tests share is in tests/conftest.py."""

import pytest

from tests.fixtures.command import PROJECT, Here, Ran, lmi, start_lmi

__all__ = ["PROJECT", "Here", "Ran", "lmi", "start_lmi"]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """The command in this process."""
    return Here(monkeypatch, capsys)
