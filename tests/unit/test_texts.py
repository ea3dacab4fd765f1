"""Texts that people write: what nobody sees, true lines, rows of CSV, what a spreadsheet would run."""

import csv
from functools import partial
from pathlib import Path

import pytest

from pipelines.errors import BadInputError
from pipelines.texts import csv_rows, decoded, for_spreadsheet, line_at, read_text, unseen

FAULT = partial(BadInputError, source="test", file="t.csv")


@pytest.mark.parametrize(
    "character",
    [
        *("\0", "\x07", "\x1b", "\x7f", "\x85", "\x9b"),  # controls
        *("\u202a", "\u202e", "\u2066", "\u200f", "\u061c"),  # direction
        *("\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u3164", "\ufe0f", "\U000e0041"),  # no width
        *("\u2028", "\u2029", "\ud800", "\ue000", "\ufffd", "\uffff"),
    ],
)
def test_what_nobody_sees_is_found(character: str) -> None:
    assert unseen(f"ab{character}c") == (2, f"U+{ord(character):04X}")


@pytest.mark.parametrize("text", ["O'Neill \u2014 “über” 100 % ñ 東京 ✓ 🙂", "a\u00a0b", ""])
def test_what_people_write_is_left(text: str) -> None:
    assert unseen(text) is None


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\uff1d1", "\uff0b1", "\tx"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert for_spreadsheet(text) == f"'{text}"


@pytest.mark.parametrize("text", ["15-1252", "a=b", "Not high: -1", "", "'=1", "{=1}", ">= $239,200", "31-33"])
def test_other_texts_stay(text: str) -> None:
    assert for_spreadsheet(text) == text


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_every_end_of_a_line_counts_once(end: str) -> None:
    text = end.join(["a", "", "b", "c"])
    assert [line_at(text, text.index(each)) for each in "abc"] == [1, 3, 4]
    rows = csv_rows(end.join(["h,i", "", '"x', "y\",'", "", ",", "z,"]) + end, FAULT)
    assert list(rows) == [(1, ["h", "i"]), (3, [f"x{end}y", "'"]), (7, ["z", ""])]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('a,b\n1,2\n3,"open\n5,6\n', 3, "is never closed"),
        ('a,b\n1,"open\n3,"shut"\n', 2, "more text follows the next quote, in line 3"),
        ('a,b\n1,"x"y\n', 2, "more text follows the next quote, in line 2"),
        ('a,b\n1,"' + "long\n" * 40_000, 2, "not closed for 131,072"),
    ],
)
def test_a_quote_that_is_not_closed_is_named_with_its_line(text: str, line: int, problem: str) -> None:
    csv.field_size_limit(10**9)  # a library may raise it for the whole process
    with pytest.raises(BadInputError, match=problem) as caught:
        list(csv_rows(text, FAULT))
    assert caught.value.place == f"line {line}"


@pytest.mark.parametrize(
    ("raw", "place", "problem"),
    [
        (b"", "", "the file is empty"),
        (b"\xef\xbb\xbf \n", "", "the file is empty"),
        ("a,b\r\n".encode("utf-16"), "", "UTF-16: save the file as UTF-8"),
        ("a,b\r\n".encode("utf-16-le"), "", "UTF-16"),
        ("a,b\r\n".encode("utf-16-be"), "", "UTF-16"),
        ("\u201cCa\u00f1on\u201d,a\r\n".encode("utf-16-le"), "", "UTF-16: save the file as UTF-8"),
        ("\u201cCa\u00f1on\u201d,a\r\n".encode("utf-16-be"), "", "UTF-16: save the file as UTF-8"),
        (
            b"a\r\rb\r\n\xef\xbb\xbf it isn\x92t\n",
            "line 4",
            "byte 92 is not UTF-8; in an older encoding of Windows it is \u2019",
        ),
        (b"\xef\xbb\xbfa\n\xff\n", "line 2", "byte FF"),
        (b"PK\x03\x04\0\0\xff\xfe", "", "not a text file"),
        (b"a\n\0b", "line 2", "U\\+0000"),
        ("a\r\rb\u202e".encode(), "line 3", r"U\+202E is a character that nobody sees"),
        ("a\n\ufffd".encode(), "line 2", "was lost"),
    ],
)
def test_bytes_that_are_no_text_are_refused(raw: bytes, place: str, problem: str) -> None:
    with pytest.raises(BadInputError, match=problem) as caught:
        decoded(raw, FAULT)
    assert caught.value.place == place


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="a folder, not a file"):
        read_text(tmp_path, "test", 10)
    with pytest.raises(BadInputError, match="this is no file"):
        read_text(Path("/dev/null"), "test", 10)
    with pytest.raises(BadInputError, match=r"none\.yml: the file is missing"):
        read_text(tmp_path / "none.yml", "test", 10)
    (tmp_path / "long.yml").write_text("a" * 11, encoding="utf-8")
    with pytest.raises(BadInputError, match="11 bytes; such a file has 10 at most"):
        read_text(tmp_path / "long.yml", "test", 10)
