"""Errors that a person can act on: each says what is wrong, where, and what to do."""

import errno
import re
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import ClassVar, TypeVar

_T = TypeVar("_T")

#: What a terminal acts on, and what turns the direction of text; line breaks and tabs are not among them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


_LOGIN = re.compile(r"(?<=://)[^/?#\s]*@")


def printable(text: str) -> str:
    """Text of someone else's as it may be shown: without control characters, and without the logins of addresses."""
    return _LOGIN.sub("", _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text))


def shown(value: object) -> str:
    """A value as a message shows it: text in quotes, the items of a list by themselves, bytes as text or as hex."""
    if isinstance(value, bytes):
        text = value.decode("ascii", "replace")
        return repr(text) if text.isascii() and text.isprintable() else f"the bytes {value.hex(' ')}"
    if isinstance(value, Mapping | Set | list | tuple):
        items = [shown(each) for each in value]
        if isinstance(value, Mapping):
            items = [f"{key}: {shown(each)}" for key, each in value.items()]
        return ", ".join(sorted(items) if isinstance(value, Set) else items) or "nothing"
    return repr(value) if isinstance(value, str) else "nothing" if value is None else str(value)


class Stopped(BaseException):
    """Somebody stopped the command; `by` is the signal, also where a library made another exception of it."""

    #: Ctrl-C, `kill`, and a terminal that is closed.
    SIGNALS: ClassVar = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    by: ClassVar[int | None] = None

    @classmethod
    def heard(cls) -> list[signal.Signals]:
        """The signals that stop this command: not those that its caller has told it to pass over, as `nohup` does."""
        return [number for number in cls.SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]

    @classmethod
    def again(cls) -> None:
        """Raise it again where a library took it for a fault of what it was doing, and went on."""
        if cls.by is not None:
            raise cls


class LmiError(Exception):
    """Base of all expected errors. The command prints it without a traceback and exits with `exit_code`."""

    exit_code = 1

    def __init__(self, text: str = "") -> None:
        super().__init__(printable(text))


class BadInputError(LmiError):
    """Input that cannot be used: names the source, the file, the place in it, and what was found or is missing there.

    `place` is a line, a sheet and row, a column or a key.
    """

    exit_code = 3
    _LONGEST = 200

    def __init__(
        self, *, source: str, file: str, problem: str, place: str = "", value: object = None, missing: object = None
    ) -> None:
        self.source, self.file, self.place, self.problem = source, file, place, problem
        self.value, self.missing = value, missing
        parts = [f"{source}: {file}", place, problem]
        text = ": ".join(part for part in parts if part)
        for word, what in (("found", value), ("missing", missing)):
            if what is not None:
                said = shown(what)
                text += f" ({word} {said if len(said) <= self._LONGEST else said[: self._LONGEST] + '...'})"
        super().__init__(text)


class BadInputsError(BadInputError):
    """Several faults, each named as by itself; file, place and value are those of the first."""

    _SHOWN = 30

    def __init__(self, faults: Sequence[BadInputError]) -> None:
        first = faults[0]
        super().__init__(
            source=first.source,
            file=first.file,
            problem=first.problem,
            place=first.place,
            value=first.value,
            missing=first.missing,
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


_FREE_SPACE = "free some, or choose a folder with more room (LMI_DATA_DIR, --out, TMPDIR)"
_NO_SPACE = f"no space is left; {_FREE_SPACE}"
_NO_MEMORY = "the memory is used up; end other programs, or set LMI_MEMORY_LIMIT lower"
_NOT_ALLOWED = "this user may not read or write there; change the permissions, or choose another folder"
_BROKEN_DISK = "the machine cannot read or write there; look at the disk, and at the limits of this user"

#: What the machine refuses, by its number, and what to do.
_REFUSED = {
    errno.ENOSPC: _NO_SPACE,
    errno.EDQUOT: f"this user's share of the disk is used up; {_FREE_SPACE}",
    errno.EFBIG: "this user or disk takes no file so large; lift the limit (ulimit -f), or choose a folder elsewhere",
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: "nothing can be written on that disk; choose a folder on another one",
    errno.ENOENT: "no such file or folder is there; look at the name",
    errno.ENOTDIR: "what should be a folder on the way to it is a file; look at the name",
    errno.EISDIR: "this is a folder, not a file; give the name of a file",
    errno.EEXIST: "something of this name is there already; move it away, or give another name",
    errno.ENOTEMPTY: "the folder is not empty; give a new one",
    errno.ENAMETOOLONG: "the name is too long for this disk; give a shorter one",
    errno.EINVAL: "this is a device or a pipe, or a name that the disk does not take; give the name of a file",
    errno.ELOOP: "a link on the way to it leads back to itself; give the name of the file itself",
    errno.EBUSY: "another program holds it; end that program, and try again",
    errno.ETXTBSY: "another program runs it; end that program, and try again",
    errno.ENODEV: "no disk is there; look at what is mounted, or choose another folder",
    errno.ENXIO: "no disk is there; look at what is mounted, or choose another folder",
    errno.ESTALE: "the folder of another machine is gone; mount it again, or choose another folder",
    errno.EMFILE: "too many files are open at once; lift the limit of this user (ulimit -n)",
    errno.ENFILE: "too many files are open at once on this machine; end other programs",
    errno.EIO: _BROKEN_DISK,
    errno.ENOMEM: _NO_MEMORY,
}
_OTHERWISE = "the machine refuses to read or write it; look at it, or choose another folder or file"
#: How libraries write the number of a fault into their text.
_NUMBERED = re.compile(r"(?:\[Errno |\(os error )([0-9]+)[\])]")

#: What the machine lacks, by what libraries without its numbers say, and what helps.
_LACKS = (
    (r"No space left|disk is full|Disk quota|not enough space", _NO_SPACE),
    (r"File too large", _REFUSED[errno.EFBIG]),
    (
        r"OutOfMemoryError|Java heap space",
        "Spark's memory is used up; give it more by SPARK_DRIVER_MEMORY, and on a cluster by SPARK_EXECUTOR_MEMORY",
    ),
    (
        r"\(([0-9.]+ [A-Za-z]+)/([0-9.]+ [A-Za-z]+) used\)",
        r"\1 of the \2 of memory that DuckDB may take are used up; set LMI_MEMORY_LIMIT higher, or end other programs",
    ),
    (
        r"[Oo]ut of [Mm]emory|could not allocate|failed to allocate|Cannot allocate memory|MemoryError",
        _NO_MEMORY,
    ),
    (r"Permission denied|readonly database|Operation not permitted", _NOT_ALLOWED),
    (r"Read-only file system", _REFUSED[errno.EROFS]),
    (
        r"Too many open files|Input/output error|disk I/O error|unable to open database file|Stale file handle",
        _BROKEN_DISK,
    ),
)
_NAMED_FILE = re.compile(r"""["'](/[^"'\n]+)["']""")


def refused_by_machine(error: OSError) -> str:
    """What the machine did not let us do with a file, and what to do, in words of the project."""
    found = _NUMBERED.search(str(error))
    number = int(found[1]) if error.errno is None and found else error.errno
    return _REFUSED.get(number, _OTHERWISE) if number is not None else _OTHERWISE


def cannot_write(place: object, error: OSError) -> MachineError:
    """The error for a file or folder that the machine does not let us write."""
    why = (
        "no file can be made there; choose another place" if error.errno == errno.ENOENT else refused_by_machine(error)
    )
    return MachineError(f"{place} cannot be written: {why}")


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
        if isinstance(each, OSError) and (each.filename is not None or each.errno in _REFUSED):
            # of a file that is copied or renamed, the target is the one that cannot be written
            place = each.filename if each.filename2 is None else each.filename2
            return MachineError(": ".join(filter(None, [_name(place), refused_by_machine(each)])))
        said = f"{type(each).__name__}: {each}"
        if (problem := _lacked(said)) is not None:
            named = _NAMED_FILE.search(said)
            return MachineError(f"{named[1]}: {problem}" if named else problem)
    return None


def _name(file: object) -> str:
    """The name of a file as an error of the system has it: text, bytes, or the number of an open one."""
    if isinstance(file, bytes):
        return file.decode("utf-8", "replace")
    return file if isinstance(file, str) else ""


def _lacked(said: str) -> str | None:
    """What the machine lacks by the text of a library, and what helps; None for another fault."""
    if (found := _NUMBERED.search(said)) and int(found[1]) in _REFUSED:
        return _REFUSED[int(found[1])]
    matches = ((re.search(pattern, said), advice) for pattern, advice in _LACKS)
    return next((match.expand(advice) for match, advice in matches if match), None)
