"""Guards of texts that people and servers write: characters that nobody sees, lines, rows of CSV, spreadsheets."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from pipelines.errors import BadInputError, refused_by_machine

#: Categories of Unicode that show nothing or change what stands around them: controls, marks of direction, zero
#: widths, separators of lines, halves of characters, private use.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
#: Letters and marks that show nothing either, and the character that stands for one that was lost.
_UNSEEN_TOO = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_LOST = "U+FFFD"
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
#: How a cell begins that a spreadsheet may run: a sign, as wide as a letter of Chinese too, after blanks or not.
FORMULA = "^[\t\r\n]|^\\s*[=+@\uff1d\uff0b\uff0d\uff20-]"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
#: Bytes at the beginning of a file by which its encoding is told.
_HEAD = 4_096
_AS_UTF_8 = "save the file as UTF-8 (in Excel: CSV UTF-8)"

#: A whole number, and any number, in plain digits: the one way in which a file that a person writes gives them.
PLAIN_WHOLE = "-?(?:0|[1-9][0-9]*)"
PLAIN_NUMBER = rf"{PLAIN_WHOLE}(?:\.[0-9]+)?"

#: The most characters a cell of CSV may have, as Python's reader has it until a library raises it for all.
_LONGEST_CELL = 131_072

#: Makes the error of a file from problem, place and value.
Fault = Callable[..., BadInputError]


def is_unseen(character: str) -> bool:
    """Whether a character shows nothing or steers the text around it; breaks of lines and tabs do, blanks do not."""
    return unicodedata.category(character) in _UNSEEN or _UNSEEN_TOO.match(character) is not None


def unseen(text: str, allowed: str = "") -> tuple[int, str] | None:
    """Position and name (`U+202E`) of the first character that `is_unseen` and not `allowed`; None without one."""
    found = {each for each in set(text) if each not in allowed and is_unseen(each)}
    place = min(map(text.index, found), default=None)
    return None if place is None else (place, f"U+{ord(text[place]):04X}")


def for_spreadsheet(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe stands before one that begins as a formula does."""
    return f"'{text}" if re.match(FORMULA, text) else text


def line_at(text: str, position: int) -> int:
    """The line, from 1, in which a position of a text is; CR, LF and CRLF each end a line."""
    return sum(1 for found in _LINE_BREAK.finditer(text) if found.end() <= position) + 1


def is_utf_16(raw: bytes) -> bool:
    """Whether bytes begin as UTF-16: with its mark, or with a zero in one half of most pairs and none in the other."""
    head = raw[:_HEAD]
    pairs = len(head) // 2
    fewer, more = sorted((head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)))
    return raw.startswith(_UTF_16_MARKS) or (pairs > 1 and fewer == 0 and 2 * more > pairs)


def read_text(path: Path, source: str, most_bytes: int, file: str | None = None) -> str:
    """The text of a UTF-8 file that a person wrote; `file` is what errors call it, its name unless given.

    Raises BadInputError that names file, line and what to do: for no file, one that is empty, too large, binary or in
    another encoding, and one with a character that nobody sees.
    """
    fault = partial(BadInputError, source=source, file=file or path.name)
    try:
        if path.exists() and not path.is_file():
            raise fault(problem="this is a folder, not a file" if path.is_dir() else "this is no file")
        size = path.stat().st_size
        raw = path.read_bytes() if size <= most_bytes else b""
    except FileNotFoundError as error:
        raise fault(problem="the file is missing") from error
    except OSError as error:
        raise fault(problem=f"the file cannot be read: {refused_by_machine(error)}") from error
    if size > most_bytes:
        raise fault(problem=f"{size:,} bytes; such a file has {most_bytes:,} at most")
    return decoded(raw, fault)


def decoded(raw: bytes, fault: Fault) -> str:
    """The text of bytes in UTF-8, with or without its mark at the beginning. Raises `fault` as `read_text` does."""
    if is_utf_16(raw):
        raise fault(problem=f"the text is in UTF-16: {_AS_UTF_8}")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if b"\0" in raw:
            raise fault(problem="this is not a text file") from error
        byte, before = raw[error.start : error.start + 1], raw[: error.start].decode("utf-8")
        problem = (
            f"the byte {byte.hex().upper()} is not UTF-8; in an older encoding of Windows it is "
            f"{byte.decode('cp1252', 'replace')}: {_AS_UTF_8}"
        )
        raise fault(place=f"line {line_at(before, len(before))}", problem=problem) from error
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise fault(problem="the file is empty")
    if (found := unseen(text, allowed="\t\r\n")) is not None:
        raise fault(place=f"line {line_at(text, found[0])}", problem=unseen_problem(found[1]))
    return text


def unseen_problem(name: str) -> str:
    """What is said of a character that nobody sees, by its name."""
    if name == _LOST:
        return f"a character was lost when the file was saved ({_LOST}): write it anew"
    return f"{name} is a character that nobody sees, and it may change what is shown: delete it"


def csv_rows(text: str, fault: Fault) -> Iterator[tuple[int, list[str]]]:
    """The rows of comma-separated text, each with the line of the file in which it begins; blank rows are left out.

    Quoted cells may have breaks of lines. Raises `fault` for a quote that is not closed where its cell ends.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        first = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            problem = f"a quote opens in this row, and more text follows the next quote, in line {reader.line_num}"
            if "end of data" in str(error):
                problem = "a quote opens in this row and is never closed"
            elif "larger" in str(error):
                problem = f"a quote opens in this row and is not closed for {_LONGEST_CELL:,} characters"
            problem += ': close it where the cell ends; inside a quoted cell a quote is written twice ("")'
            raise fault(place=f"line {first}", problem=problem) from error
        if row is None:
            return
        if "".join(row).strip():
            yield first, row
