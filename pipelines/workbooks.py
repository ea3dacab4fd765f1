"""Sheets of .xlsx workbooks as tables of text.

A workbook may claim any size in a few bytes, so its parts are scanned as a stream before anything is built from them.
"""

import math
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

import polars as pl

from pipelines.errors import BadInputError
from pipelines.files import ZIP_FAULTS, require_workbook, zip_problem

#: No publisher's workbook comes near these.
MAX_BYTES = 200_000_000
MAX_PART_BYTES = 40_000_000
MAX_ELEMENTS = 3_000_000
MAX_DEPTH = 64
MAX_COLUMNS = 500
MAX_CELLS = 5_000_000

_BLOCK_BYTES = 1 << 16
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_CELL_TYPES = frozenset({"n", "s", "str", "b", "e", "d", "inlineStr"})

_Fail = Callable[[str, str, object], BadInputError]


class _Scan:
    """Reads one part of a workbook as a stream, and refuses what a reader could not bear or would take in two ways."""

    def __init__(self, part: str, fail: _Fail) -> None:
        self.part, self.fail, self.root = part, fail, ""
        self.elements = self.depth = self.row = self.column = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def refuse(self, problem: str, value: object = None) -> BadInputError:
        return self.fail(f"part {self.part!r}", problem, value)

    def _doctype(self, name: str, *_: object) -> None:
        raise self.refuse("a document type declaration, which no workbook has: it can stand for any text", name)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise self.refuse("more elements, or more within each other, than any workbook of the publishers has")
        name = name.rpartition(" ")[2]
        self.root = self.root or name
        if self.root == "worksheet" and name == "row":
            self._start_row(attributes.get("r", str(self.row + 1)))
        elif self.root == "worksheet" and name == "c":
            self._start_cell(attributes.get("r"), attributes.get("t", "n"))

    def _end(self, name: str) -> None:
        self.depth -= 1

    def _start_row(self, number: str) -> None:
        if not _ROW.fullmatch(number) or not self.row < int(number) <= _LAST_ROW:
            raise self.refuse("a row whose number is impossible, given twice or out of order", number)
        self.row, self.column = int(number), 0

    def _start_cell(self, reference: str | None, kind: str) -> None:
        if kind not in _CELL_TYPES:
            raise self.refuse(f"a cell of an unknown type in row {self.row}", kind)
        if reference is None:
            self.column += 1
            return
        found = _REFERENCE.fullmatch(reference)
        column = 0 if found is None else _column_number(found[1])
        if found is None or int(found[2]) != self.row or not self.column < column <= _LAST_COLUMN:
            problem = f"a cell in row {self.row} whose reference is impossible, given twice or out of order"
            raise self.refuse(problem, reference)
        self.column = column


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _scan(path: Path, fail: _Fail) -> None:
    """Refuse a workbook that unpacks to too much, or has a part that is not XML as workbooks have it."""
    with ZipFile(path) as archive:
        members = archive.infolist()
        sizes = [member.file_size for member in members]
        if sum(sizes) > MAX_BYTES or max(sizes, default=0) > MAX_PART_BYTES:
            raise fail("", f"the workbook unpacks to more than {MAX_BYTES:,} bytes, or a part of it does", max(sizes))
        for member in members:
            if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
                continue
            scan = _Scan(member.filename, fail)
            try:
                with archive.open(member) as stream:
                    while block := stream.read(_BLOCK_BYTES):
                        scan.parser.Parse(block, False)
                scan.parser.Parse(b"", True)
            except expat.ExpatError as error:
                raise scan.refuse(f"not XML, or cut short, at line {error.lineno}; save it anew in Excel") from error


def read_sheets(path: Path, source: str, sheet: str | None = None, rows: int | None = None) -> dict[str, pl.DataFrame]:
    """All sheets of a workbook, or one, as text without header: one row per sheet row, columns column_0, column_1, ...

    Formulas stand for their stored values, dates are ISO text, truth values TRUE or FALSE, errors as Excel shows them
    (#N/A). `rows` limits the rows of each sheet. Raises BadInputError for a file that is not a complete workbook or
    claims a size that no publisher's has, and for a sheet that it lacks.
    """
    from openpyxl import load_workbook  # noqa: PLC0415  (slow to load)

    fault = partial(BadInputError, source=source, file=path.name)

    def fail(place: str, problem: str, value: object = None) -> BadInputError:
        return fault(place=place, problem=problem, value=value)

    require_workbook(path, source)
    try:
        _scan(path, fail)
        with warnings.catch_warnings(action="ignore"):  # about styles and print settings
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                sheets = {each.title: each for each in book.worksheets}
                if sheet is not None and sheet not in sheets:
                    problem = f"no such sheet; the workbook has {', '.join(map(repr, sheets))}"
                    raise fail(f"sheet {sheet!r}", problem)
                wanted = list(sheets) if sheet is None else [sheet]
                return {name: _frame(_filled_rows(sheets[name], rows), f"sheet {name!r}", fail) for name in wanted}
            finally:
                book.close()
    except BadInputError:
        raise
    except ZIP_FAULTS as error:
        raise fault(problem=zip_problem(error, "workbook")) from error
    except Exception as error:  # openpyxl raises whatever its parts meet
        problem = "a part of the workbook is not as Excel writes it; open it in Excel and save it as .xlsx again"
        raise fault(problem=problem) from error


def _filled_rows(sheet: Any, rows: int | None) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """The rows of a sheet by number, each with its filled cells by column (from 0)."""
    from openpyxl.worksheet._reader import WorkSheetParser  # noqa: PLC0415

    class Parser(WorkSheetParser):  # type: ignore[misc]
        """Takes the text of a cell `inlineStr` also where a program wrote it as a value."""

        def parse_cell(self, element: Any) -> Any:
            if element.get("t") == "inlineStr" and element.find("{*}is") is None:
                element.set("t", "str")
            return super().parse_cell(element)

    book = sheet.parent
    formats = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
    # the sheet's own iterator would build every cell up to the last
    with sheet._get_source() as stream:
        parser = Parser(stream, sheet._shared_strings, data_only=True, epoch=book.epoch, **formats)
        for number, cells in parser.parse():
            if rows is not None and number > rows:
                return
            yield number, [(cell["column"] - 1, _text(cell["value"])) for cell in cells if cell["value"] is not None]


def _text(value: object) -> str:
    """A cell's value as text. Raises ValueError for a number that no sheet holds."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"a cell holds the number {value}")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _frame(rows: Iterator[tuple[int, list[tuple[int, str]]]], place: str, fail: _Fail) -> pl.DataFrame:
    """The table of the filled cells, from the first row and column of the sheet to the last filled ones."""
    filled = [row for row in rows if row[1]]
    height = filled[-1][0] if filled else 0
    width = 1 + max((column for _, cells in filled for column, _ in cells), default=-1)
    if width > MAX_COLUMNS or width * height > MAX_CELLS:
        problem = f"a cell far outside any table: the sheet would have {height:,} rows and {width:,} columns"
        raise fail(place, problem, None)
    columns: list[list[str | None]] = [[None] * height for _ in range(width)]
    for number, cells in filled:
        for column, text in cells:
            columns[column][number - 1] = text
    names = [f"column_{at}" for at in range(width)]
    return pl.DataFrame(dict(zip(names, columns, strict=True)), schema=dict.fromkeys(names, pl.String))


def collapse(column: pl.Expr) -> pl.Expr:
    """Trim, turn every run of white space (also no-break spaces) into one space, and blanks into nulls."""
    text = column.str.replace_all(r"[\s\u{a0}]+", " ").str.strip_chars()
    return pl.when(text != "").then(text)
