"""The real command on real figures; the run that tests share is in tests/conftest.py."""

from tests.fixtures.command import PROJECT, Ran, lmi, start_lmi

__all__ = ["PROJECT", "Ran", "lmi", "start_lmi"]
