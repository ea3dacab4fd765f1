"""Errors in words: what the machine refuses, by its numbers, and values as messages show them."""

import ast
import errno
import os
import re
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.errors import BadInputError, MachineError, cannot_write, machine_error, refused_by_machine, shown
from pipelines.paths import PROJECT

#: What each number is told as; the words of the system for it must not be heard.
WORDS = {
    errno.ENOSPC: "no space is left; free some",
    errno.EDQUOT: "this user's share of the disk is used up; free some",
    errno.EFBIG: r"takes no file so large; lift the limit \(ulimit -f\)",
    errno.EROFS: "nothing can be written on that disk; choose a folder on another",
    errno.EACCES: "this user may not read or write there; change the permissions",
    errno.EPERM: "this user may not read or write there; change the permissions",
    errno.ENOENT: "no such file or folder is there; look at the name",
    errno.ENOTDIR: "what should be a folder on the way to it is a file; look at the name",
    errno.EISDIR: "this is a folder, not a file; give the name of a file",
    errno.EEXIST: "something of this name is there already; move it away",
    errno.ENAMETOOLONG: "the name is too long for this disk; give a shorter one",
    errno.EMFILE: r"too many files are open at once; lift the limit of this user \(ulimit -n\)",
    errno.EIO: "the machine cannot read or write there; look at the disk",
}
OURS = re.compile(r"Errno|os error|->|[\[\]{}]")


@pytest.mark.parametrize("number", WORDS, ids=errno.errorcode.get)
def test_what_the_machine_refuses_is_said_in_our_words(number: int) -> None:
    said = os.strerror(number)
    faults: list[BaseException] = [
        OSError(number, said, "/d/a.csv"),
        OSError(number, said, "/d/a.tmp", None, "/d/a.csv"),
        OSError(number, said, b"/d/a.csv"),
        shutil.Error([("/d/b.csv", "/d/a.csv", f"[Errno {number}] {said}: '/d/a.csv'")]),
        pl.exceptions.ComputeError(f"{said} (os error {number}): '/d/a.csv'"),
    ]
    for fault in faults:
        told = str(machine_error(fault))
        assert re.search(WORDS[number], told), told
        assert "/d/" in told
        assert not OURS.search(told), told
        assert said not in told
    told = str(cannot_write("/d", OSError(number, said)))
    assert told.startswith("/d cannot be written: ")
    assert re.search("no file can be made there" if number == errno.ENOENT else WORDS[number], told)
    assert not OURS.search(told)


def test_a_number_that_nobody_foresaw_names_the_file_and_what_to_do() -> None:
    told = str(machine_error(OSError(errno.ENOTBLK, os.strerror(errno.ENOTBLK), "/d/a")))
    assert told == "/d/a: the machine refuses to read or write it; look at it, or choose another folder or file"
    assert refused_by_machine(OSError("of a library")).startswith("the machine refuses to read or write it")


def test_a_fault_of_no_file_and_no_machine_is_none_of_these() -> None:
    assert machine_error(ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")) is None
    assert machine_error(ValueError("not a number")) is None


def test_the_limit_of_duckdb_is_named() -> None:
    said = "Out of Memory Error: failed to allocate data of size 256.0 KiB (476.8 MiB/476.8 MiB used)\nPossible"
    told = str(machine_error(duckdb.OutOfMemoryException(said)))
    assert told.startswith(
        "476.8 MiB of the 476.8 MiB of memory that DuckDB may take are used up; set LMI_MEMORY_LIMIT"
    )


def test_an_error_that_is_told_already_stays() -> None:
    error = BadInputError(source="oews", file="oe.area", problem="blank")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert machine_error(error) is None
    assert isinstance(machine_error(error.__cause__), MachineError)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("a b", "'a b'"),
        (["a", "b"], "'a', 'b'"),
        (("a", 1), "'a', 1"),
        ({"b", "a"}, "'a', 'b'"),
        (frozenset({2}), "2"),
        ({"a": ["x"]}, "a: 'x'"),
        ([], "nothing"),
        ([None, 2.5], "nothing, 2.5"),
        (b"PK\x03\x04", "the bytes 50 4b 03 04"),
        (b"<html>", "'<html>'"),
        (Path("/d/a"), "/d/a"),
    ],
)
def test_a_value_is_shown_as_people_write_it(value: object, says: str) -> None:
    assert shown(value) == says
    assert str(BadInputError(source="s", file="f", problem="p", value=value)) == f"s: f: p (found {says})"


def test_no_message_takes_over_the_words_of_the_system() -> None:
    """`strerror` is read in one place only: where Polars' faults get the system's number."""
    users = {
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "pipelines").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "strerror"
    }
    assert users == {"pipelines/reports/spreadsheets.py"}
