"""Errors that a person can act on: each says what is wrong, where, and what to do."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

_T = TypeVar("_T")


class LmiError(Exception):
    """Base of all expected errors. The command prints it without a traceback and exits with `exit_code`."""

    exit_code = 1


class BadInputError(LmiError):
    """Input that cannot be used: names the source, the file, the place in it, and the value found.

    `place` is a line, a sheet and row, a column or a key.
    """

    exit_code = 3
    _LONGEST = 200

    def __init__(self, *, source: str, file: str, problem: str, place: str = "", value: object = None) -> None:
        self.source, self.file, self.place, self.value, self.problem = source, file, place, value, problem
        parts = [f"{source}: {file}", place, problem]
        text = ": ".join(part for part in parts if part)
        if value is not None:
            shown = repr(value)
            text += f" (found {shown if len(shown) <= self._LONGEST else shown[: self._LONGEST] + '...'})"
        super().__init__(text)


class BadInputsError(BadInputError):
    """Several faults, each named as by itself; file, place and value are those of the first."""

    _SHOWN = 30

    def __init__(self, faults: Sequence[BadInputError]) -> None:
        first = faults[0]
        super().__init__(
            source=first.source, file=first.file, problem=first.problem, place=first.place, value=first.value
        )
        self.faults = tuple(faults)
        more = len(faults) - self._SHOWN
        lines = [f"{len(faults)} faults", *map(str, faults[: self._SHOWN]), *([f"and {more} more"] if more > 0 else [])]
        self.args = ("\n  ".join(lines),)


def refuse(faults: Iterable[BadInputError]) -> None:
    """Raise all faults as one error; return where there is none. Faults that are of several are taken apart."""
    found = [each for fault in faults for each in (fault.faults if isinstance(fault, BadInputsError) else (fault,))]
    if found:
        raise found[0] if len(found) == 1 else BadInputsError(found)


def attempt(faults: list[BadInputError], call: Callable[[], _T]) -> _T | None:
    """What a call returns; None where it raises BadInputError, which is kept among the faults."""
    try:
        return call()
    except BadInputError as error:
        faults.append(error)
        return None


class ContractError(LmiError):
    """A table does not have the columns, types or keys that its contract declares."""

    exit_code = 4


class GateError(LmiError):
    """The gate refused the release: a check failed, or the tables are not the ones that were checked."""

    exit_code = 5


class BusyError(LmiError):
    """Another run holds the data folder."""

    exit_code = 6


class NoReleaseError(LmiError):
    """There is no release, or it cannot be read."""

    exit_code = 7


class FetchError(LmiError):
    """A publisher's file could not be fetched: names the address and what happened."""

    exit_code = 8

    def __init__(self, url: str, problem: str) -> None:
        self.url, self.problem = url, problem
        super().__init__(f"{url}: {problem}")


class NoSuchFileError(FetchError):
    """The publisher has no file at an address (404)."""


class MissingContactError(LmiError):
    """A live run has no contact address, which publishers ask for."""

    exit_code = 2


class SettingError(LmiError):
    """A setting that has no valid value, or that this use needs and nobody gave."""

    exit_code = 2


class UnknownNameError(LmiError):
    """A state, area or other name that the release does not have."""

    exit_code = 2
