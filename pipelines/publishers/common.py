"""What publishers' modules share: tables of text that know their place in the file, and readers of sheets and lists."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

import polars as pl

from pipelines.errors import BadInputError
from pipelines.files import is_zip, require_text
from pipelines.sources import Vintage
from pipelines.texts import csv_rows
from pipelines.workbooks import collapse, read_sheets

SOC_PATTERN = r"^[0-9]{2}-[0-9]{4}$"
NAICS_PATTERN = r"^(?:[0-9]{2,6}|[0-9]{2}-[0-9]{2})$"
CIP_PATTERN = r"^[0-9]{2}\.[0-9]{4}$"
ONET_SOC_PATTERN = r"^[0-9]{2}-[0-9]{4}\.[0-9]{2}$"

#: What no column of a publisher holds, though a spreadsheet or a damaged file may.
_NO_TEXT = {
    r"[\p{C}\p{Default_Ignorable_Code_Point}\u{2800}\u{fffd}]": "a character that cannot be seen",
    r"^#(?:[A-Z]+[!?]|N/A|DIV/0!|GETTING_DATA)": "the error of a formula where there should be a value",
    r"^(?i:true|false)$": "a truth value: a program has changed the cell",
    r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}(?:$|[ T])|^[0-9]{1,2}:[0-9]{2}(?::|$)": (
        "a date or time of a spreadsheet: a program has changed the cell"
    ),
    r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}$|^(?i:[0-9]{1,2}-[a-z]{3}(?:-[0-9]{2,4})?|[a-z]{3}-[0-9]{2})$": (
        "a date as spreadsheets write it: a program has changed the cell"
    ),
}
#: Ends of our names of columns with the names of things.
_TITLES = ("title", "_name", "description")
#: What the name of a thing is not.
_NO_NAME = {
    r"^[^\p{L}]*$": "a name without a letter",
    r"^(?i:[+-]?[0-9.]+e[+-]?[0-9]+|0x[0-9a-f]+)$": "a number where there should be a name",
    r"^[^\p{L}\p{N}\p{Ps}\p{Pi}\p{Pf}#'\"]": "a name that begins with neither a letter nor a digit",
}


@dataclass(frozen=True)
class Written:
    """A raw table too large for memory: a Parquet file, or a folder of such, that keeps its contract; and its rows."""

    path: Path
    height: int


#: What a publisher's `read` returns: the vintage (None when the files do not name one) and the raw tables by name.
Read = tuple[Vintage | None, Mapping[str, pl.DataFrame | Written]]


@dataclass(frozen=True)
class Table:
    """Text columns under our names, with the place of each row in the publisher's file.

    `frame` has UInt32 `row` (sheet row or line, from 1) and one text column per name; blanks are nulls.
    `headers` gives the publisher's name of each column, for messages.
    """

    frame: pl.DataFrame
    headers: Mapping[str, str]
    source: str
    file: str
    row_word: str

    def refuse(self, bad: pl.Expr, column: str, problem: str) -> None:
        """Raise BadInputError at the first row where `bad` holds, naming the row, the column and the value."""
        failing = self.frame.filter(bad)
        if failing.height:
            first = failing.row(0, named=True)
            place = f"{self.row_word} {first['row']}, column {self.headers[column]!r}"
            raise BadInputError(source=self.source, file=self.file, place=place, problem=problem, value=first[column])

    def refuse_any(self, checks: Iterable[tuple[pl.Expr, str, str]]) -> None:
        """As `refuse` for each of several conditions in their order, which are looked for at once."""
        listed = list(checks)
        found = self.frame.select(bad.any().alias(str(number)) for number, (bad, _, _) in enumerate(listed)).row(0)
        for (bad, column, problem), is_found in zip(listed, found, strict=True):
            if is_found:
                self.refuse(bad, column, problem)

    def refuse_blanks(self, columns: Sequence[str]) -> None:
        """Raise BadInputError at the first blank cell in any of `columns`."""
        for column in columns:
            self.refuse(pl.col(column).is_null(), column, "blank cell")

    def refuse_duplicates(self, keys: Sequence[str | pl.Expr], column: str, problem: str) -> None:
        """Raise BadInputError at the first row whose `keys` an earlier row has."""
        self.refuse(~pl.struct(keys).is_first_distinct(), column, problem)

    def with_frame(self, frame: pl.DataFrame) -> "Table":
        """The same table with another frame of the same columns."""
        return replace(self, frame=frame)


def line_chunks(
    handle: IO[bytes], chunk_bytes: int, fail: Callable[[str, str, object], BadInputError]
) -> Iterator[tuple[int, int, bytes]]:
    """Yield (first line's number, lines, bytes) after the header.

    Raises `fail(place, problem, value)` at a cut end, and at a NUL byte: a hole can hide in a cell that nobody reads.
    """
    line, rest = 2, b""
    while block := handle.read(chunk_bytes):
        if (hole := block.find(b"\0")) >= 0:
            place = line + (rest + block[:hole]).count(b"\n")
            raise fail(f"line {place}", "NUL byte in a text file", None)
        cut = block.rfind(b"\n") + 1
        if cut:
            chunk, rest = rest + block[:cut], block[cut:]
            count = chunk.count(b"\n")
            yield line, count, chunk
            line += count
        else:
            rest += block
    if rest:
        shown = rest[:120].decode("utf-8", "replace")
        raise fail(f"line {line}", "the last line does not end: the file is cut short", shown)


def whole_number_text(column: pl.Expr) -> pl.Expr:
    """Codes that a workbook stores as numbers, as text: '11.0' becomes '11'."""
    return column.str.replace(r"^([0-9]+)\.0+$", "${1}")


def read_sheet_table(path: Path, source: str, columns: Mapping[str, str], sheet: str | None = None) -> Table:
    """Read the table of a workbook, or of one sheet, as sheet_table finds it."""
    return sheet_table(read_sheets(path, source, sheet), columns, {}, source, path.name)


def sheet_table(
    sheets: Mapping[str, pl.DataFrame],
    columns: Mapping[str, str],
    optional: Mapping[str, str],
    source: str,
    file: str,
) -> Table:
    """The table under the header that names `columns` (our name -> pattern of the publisher's name).

    The header may be in any row; white space in names does not count. The empty pattern stands for the one column that
    has values and no name. Of several sheets, the one with most of the names in one row is taken. Raises BadInputError
    for a missing, repeated or unknown column and for a table without rows.
    """
    fault = partial(BadInputError, source=source, file=file)
    counts = {name: _match_counts(cells, columns) for name, cells in sheets.items()}
    best = max((max(count, default=0) for count in counts.values()), default=0)
    found = [name for name, count in counts.items() if max(count, default=0) == best]
    if best == 0 or len(found) > 1:
        wanted = ", ".join(repr(pattern) for pattern in columns.values() if pattern)
        problem = f"{'no' if best == 0 else 'more than one'} sheet has a header with the columns {wanted}"
        raise fault(place=f"sheets {', '.join(map(repr, sheets))}", problem=problem)
    (sheet,) = found
    header_at, place = counts[sheet].index(best), f"sheet {sheet!r}"
    clean = sheets[sheet].select(collapse(pl.all())).with_row_index("row", offset=1)
    body = clean.slice(header_at + 1).filter(pl.any_horizontal(pl.exclude("row").is_not_null()))
    if not body.height:
        raise fault(place=place, problem="no rows under the header of the table")
    present = _named_or_filled(clean.row(header_at, named=True), body)
    return named_table(
        body, present, columns, optional, (source, file, f"{place}, row {header_at + 1}", f"{place}, row")
    )


def _match_counts(cells: pl.DataFrame, columns: Mapping[str, str]) -> list[int]:
    """For each row, how many of the wanted names it has."""
    if not cells.height or not cells.width:
        return []
    patterns = [f"^(?:{pattern})$" for pattern in columns.values() if pattern]
    hits = (pl.any_horizontal(collapse(pl.all()).str.contains(pattern)).fill_null(False) for pattern in patterns)
    return cells.select(pl.sum_horizontal(hits).alias("matches"))["matches"].to_list()


def _named_or_filled(header: Mapping[str, str | None], body: pl.DataFrame) -> dict[str, str]:
    """The published name of each column; a column with neither name nor values is left out."""
    return {
        column: header[column] or ""
        for column in body.columns
        if column != "row" and (header[column] is not None or body[column].null_count() < body.height)
    }


#: From a pattern of a column's name to a name that fits it: what is replaced in turn, and by what.
_TO_NAME = (
    (r"\[([ -])[^\]]*\]", lambda found: found[1]),  # a space or a hyphen
    (r"\[(?:\\.|[^\]\\])*\]", "#"),  # a digit
    (r"#\{([0-9])[^}]*\}", lambda found: "#" * int(found[1])),
    (r"#[+*]", "#"),
    (r"\.\*", " ..."),
    (r"\(\?:[^()]*\)\?", ""),  # what may be missing
    (r"\(\?:([^()|]*)[^()]*\)", lambda found: found[1]),  # the first of several
    (r"(?<!\\).\?", ""),
    (r"\\(.)", lambda found: found[1]),
)


def column_name(pattern: str) -> str:
    """A name that fits the pattern of a column, with # for a digit: what a message says is missing."""
    for part, said in _TO_NAME:
        pattern = re.sub(part, said, pattern)
    return pattern


def match_columns(
    present: Mapping[str, str], columns: Mapping[str, str], *, source: str, file: str, place: str
) -> dict[str, str]:
    """Our name -> key in `present` (key -> published name). Raises BadInputError unless each is matched once."""
    fault = partial(BadInputError, source=source, file=file, place=place)
    taken: dict[str, str] = {}
    missing: list[str] = []
    left = dict(present)
    for name, pattern in columns.items():
        hits = [key for key, published in left.items() if re.fullmatch(pattern, published)]
        if len(hits) > 1:
            raise fault(problem="column named twice", value=left[hits[0]])
        if hits:
            taken[name] = hits[0]
            del left[hits[0]]
        else:
            missing.append(column_name(pattern) or "(the title column, which has no name)")
    parts = []
    if missing:
        parts.append(f"missing column {', '.join(map(repr, missing))}")
    if left:
        unknown = ", ".join(repr(name) if name else "(values under no name)" for name in left.values())
        parts.append(f"unknown column {unknown}")
    if parts:
        raise fault(problem="; ".join(parts), value=[name for name in present.values() if name])
    return taken


def read_table(
    path: Path,
    source: str,
    columns: Mapping[str, str],
    optional: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> Table:
    """Read a workbook (or one sheet of it) or a comma- or tab-separated file, whichever the file is."""
    if is_zip(path):
        return sheet_table(read_sheets(path, source, sheet), columns, optional or {}, source, path.name)
    return read_delimited(path, source, columns, optional)


def read_tab_table(path: Path, source: str, columns: Sequence[str]) -> Table:
    """Read a small tab-separated file with exactly these columns, as read_delimited does."""
    return read_delimited(path, source, {name: re.escape(name) for name in columns})


SEMICOLONS = "semicolons stand between the cells: get the publisher's own file, or save it with commas"


def read_delimited(
    path: Path, source: str, columns: Mapping[str, str], optional: Mapping[str, str] | None = None
) -> Table:
    """Read a comma- or tab-separated file with a header as text: our name -> pattern of the publisher's name.

    Blank lines and columns with neither name nor values do not count. Raises BadInputError for a file that is not
    UTF-8 text or does not end its last line, for a line of another length than the header, for other columns, and for
    no rows.
    """
    fault = partial(BadInputError, source=source, file=path.name)
    require_text(path, source)
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        lines = raw.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = raw[error.start : error.start + 1]
        raise fault(place=f"line {line}", problem="not UTF-8 text", value=byte) from error
    if lines.pop() != "":
        raise fault(place=f"line {len(lines) + 1}", problem="the last line does not end: the file is cut short")
    split = ((number, line.split("\t")) for number, line in enumerate(lines, start=1))
    rows = list(split if "\t" in lines[0] else csv_rows("\n".join(lines), fault))
    width = len(rows[0][1]) if rows else 0
    if width == 1 and ";" in rows[0][1][0]:
        raise fault(place=f"line {rows[0][0]}", problem=SEMICOLONS, value=rows[0][1][0])
    for number, row in rows:
        if not "".join(row).strip():
            row[:] = [""] * width
        elif len(row) != width:
            problem = f"{len(row)} cells where the header has {width}"
            raise fault(place=f"line {number}", problem=problem, value=lines[number - 1].rstrip("\r")[:120])
    schema = {"row": pl.UInt32, **dict.fromkeys((f"column_{at}" for at in range(width)), pl.String)}
    cells = pl.DataFrame([(number, *row) for number, row in rows], orient="row", schema=schema)
    cells = cells.select("row", collapse(pl.exclude("row")))
    body = cells.slice(1).filter(pl.any_horizontal(pl.exclude("row").is_not_null()))
    if not body.height:
        raise fault(problem="no rows under the header")
    present = _named_or_filled(cells.row(0, named=True), body)
    return named_table(body, present, columns, optional or {}, (source, path.name, f"line {cells['row'][0]}", "line"))


def read_csv_columns(
    content: bytes,
    columns: Mapping[str, str],
    optional: Mapping[str, str] | None = None,
    *,
    source: str,
    file: str,
) -> Table:
    """Read some columns of a wide CSV as text: our name -> pattern of the publisher's name; the others are left out.

    Text is UTF-8, with or without a byte order mark, or else Windows' Latin-1. Rows know their line in the file, also
    after cells with line breaks. Raises BadInputError for missing or repeated columns, rows of another length than the
    header, a last line that does not end, and no rows.
    """
    fault = partial(BadInputError, source=source, file=file)
    if not content.endswith(b"\n"):
        line = content.count(b"\n") + 1
        raise fault(place=f"line {line}", problem="the last line does not end: the file is cut short")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    rows = csv_rows(text, fault)
    line, header = next(rows, (1, []))
    patterns = [*columns.values(), *(optional or {}).values()]
    published = {f"column_{at}": name.strip() for at, name in enumerate(header)}
    present = {key: name for key, name in published.items() if any(re.fullmatch(each, name) for each in patterns)}
    used = [at for at, key in enumerate(published) if key in present]
    kept = []
    for number, row in rows:
        if len(row) != len(header):
            problem = f"{len(row)} cells where the header has {len(header)}"
            raise fault(place=f"line {number}", problem=problem, value=",".join(row)[:120])
        kept.append((number, *(row[at] for at in used)))
    schema = {"row": pl.UInt32, **dict.fromkeys(present, pl.String)}
    body = pl.DataFrame(kept, schema=schema, orient="row").select("row", collapse(pl.exclude("row")))
    table = named_table(body, present, columns, optional or {}, (source, file, f"line {line}", "line"))
    if body.is_empty():
        raise fault(problem="no rows under the header")
    return table


def named_table(
    body: pl.DataFrame,
    present: Mapping[str, str],
    columns: Mapping[str, str],
    optional: Mapping[str, str],
    where: tuple[str, str, str, str],
) -> Table:
    """The table under our names; `where` is source, file, place of the header, and the word for a row."""
    source, file, place, row_word = where
    published = present.values()
    extra = {
        name: pattern for name, pattern in optional.items() if any(re.fullmatch(pattern, each) for each in published)
    }
    wanted = {**columns, **extra}
    taken = match_columns(present, wanted, source=source, file=file, place=place)
    frame = body.select("row", *(pl.col(taken[name]).alias(name) for name in wanted))
    headers = {name: present[taken[name]] or "(without a name)" for name in wanted}
    table = Table(frame, headers, source, file, row_word)
    for name in wanted:
        for pattern, problem in _NO_TEXT.items():
            table.refuse(pl.col(name).str.contains(pattern), name, problem)
        for pattern, problem in _NO_NAME.items() if name.endswith(_TITLES) else ():
            table.refuse(pl.col(name).str.contains(pattern), name, problem)
    return table
