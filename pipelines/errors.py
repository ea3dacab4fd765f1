"""Errors that a person can act on: each says what is wrong, where, and what to do."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar, TypeVar

_T = TypeVar("_T")

#: What a terminal acts on, and what turns the direction of text; line breaks and tabs are not among them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


_LOGIN = re.compile(r"(?<=://)[^/?#\s]*@")


def printable(text: str) -> str:
    """Text of someone else's as it may be shown: without control characters, and without the logins of addresses."""
    return _LOGIN.sub("", _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text))


class Stopped(BaseException):
    """Somebody stopped the command; `by` is the signal, also where a library made another exception of it."""

    by: ClassVar[int | None] = None


class LmiError(Exception):
    """Base of all expected errors. The command prints it without a traceback and exits with `exit_code`."""

    exit_code = 1

    def __init__(self, text: str = "") -> None:
        super().__init__(printable(text))


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


class MachineError(LmiError):
    """The machine has no space or memory left, or does not let a file be read or written."""

    exit_code = 9


class FetchError(LmiError):
    """A publisher's file could not be fetched: names the address and what happened."""

    exit_code = 8

    def __init__(self, url: str, problem: str) -> None:
        self.url, self.problem = printable(url), problem
        super().__init__(f"{self.url}: {problem}")


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


#: What the machine lacks, by what libraries say of it, and what helps.
_LACKS = (
    (
        r"No space left|disk is full|File too large|Disk quota|not enough space|os error (28|27|122)\b",
        "no space is left; free some, or choose a folder with more room (LMI_DATA_DIR, --out, TMPDIR)",
    ),
    (
        r"OutOfMemoryError|Java heap space",
        "Spark's memory is used up; give it more by SPARK_DRIVER_MEMORY, and on a cluster by SPARK_EXECUTOR_MEMORY",
    ),
    (
        r"Out of Memory|out of memory|could not allocate|failed to allocate|Cannot allocate memory|MemoryError",
        "the memory is used up; end other programs, or change LMI_MEMORY_LIMIT (larger where the message names "
        "DuckDB's limit, smaller where the machine has no more)",
    ),
    (
        r"Permission denied|Read-only file system|readonly database|Operation not permitted",
        "this user may not read or write there; change the permissions, or choose another folder",
    ),
    (
        r"Too many open files|Input/output error|disk I/O error|unable to open database file|Stale file handle",
        "the machine cannot read or write there; look at the disk, and at the limits of this user",
    ),
)


#: Why a database cannot be read, by what DuckDB says of it.
_UNREADABLE = (
    ("not a valid DuckDB database", "it is no DuckDB database"),
    ("Permission denied", "it may not be read"),
    ("set lock on file", "another program has it open"),
    ("database does not exist|No such file", "it is not there"),
    ("read enough bytes", "it is cut short"),
    ("version number|newer version|storage version", "another version of DuckDB made it"),
    (r"Table with name (\w+) does not exist", r"it has no table \1: another version of this project made it"),
    ("Catalog Error|Binder Error", "another version of this project made it, with other tables"),
)


def why_unreadable(error: Exception) -> str:
    """Why a database cannot be read, in words of the project."""
    found = ((re.search(pattern, str(error)), why) for pattern, why in _UNREADABLE)
    return next((match.expand(why) for match, why in found if match), "it is damaged")


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, its cause, the cause of that, and so on; causes can form a circle."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        yield error
        seen.append(error)
        error = error.__cause__ or error.__context__


def machine_error(error: BaseException) -> MachineError | None:
    """The error in words when the machine is at fault (space, memory, permissions), whichever library says so."""
    for each in chain(error):
        if isinstance(each, LmiError):
            return None
        said = f"{type(each).__name__}: {each}"
        for pattern, advice in _LACKS:
            if re.search(pattern, said):
                first = next(iter(str(each).splitlines()), "")[:300]
                return MachineError(f"{first or type(each).__name__}: {advice}")
        if isinstance(each, OSError) and each.filename is not None:
            return MachineError(f"{each.filename}: {each.strerror}; look at it, or choose another folder or file")
    return None
