"""Checks and readers that every publisher's module shares: workbooks, tab-separated lists, faults with their place."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl

from pipelines.errors import BadInputError
from pipelines.files import require_text, require_workbook

SOC_PATTERN = r"^[0-9]{2}-[0-9]{4}$"
NAICS_PATTERN = r"^(?:[0-9]{2,6}|[0-9]{2}-[0-9]{2})$"


@dataclass(frozen=True)
class Table:
    """Text columns under our names, with where each row stands in the publisher's file.

    `frame` has UInt32 `row` (sheet row or line, from 1) and one text column per name; blanks are nulls.
    `headers` gives the publisher's own name of each column, for messages.
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
            raise BadInputError(
                source=self.source,
                file=self.file,
                place=f"{self.row_word} {first['row']}, column {self.headers[column]!r}",
                problem=problem,
                value=first[column],
            )

    def refuse_blanks(self, columns: Sequence[str]) -> None:
        """Raise BadInputError at the first blank cell in any of `columns`."""
        for column in columns:
            self.refuse(pl.col(column).is_null(), column, "blank cell")

    def refuse_duplicates(self, keys: Sequence[str | pl.Expr], column: str, problem: str) -> None:
        """Raise BadInputError at the first row whose `keys` have stood in an earlier row."""
        self.refuse(~pl.struct(keys).is_first_distinct(), column, problem)

    def with_frame(self, frame: pl.DataFrame) -> "Table":
        """Return the same table over another frame that has the same columns."""
        return Table(frame, self.headers, self.source, self.file, self.row_word)


def line_chunks(
    handle: IO[bytes], chunk_bytes: int, fail: Callable[[str, str, object], BadInputError]
) -> Iterator[tuple[int, int, bytes]]:
    """Yield (number of the first line, count of lines, bytes of the lines) of what follows a header read before.

    Raises what `fail` makes of place, problem and value for a last line that does not end.
    """
    line, rest = 2, b""
    while block := handle.read(chunk_bytes):
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


def collapse(column: pl.Expr) -> pl.Expr:
    """Trim, turn every run of white space (also no-break spaces) into one space, and blanks into nulls."""
    text = column.str.replace_all(r"[\s\u{a0}]+", " ").str.strip_chars()
    return pl.when(text != "").then(text)


def whole_number_text(column: pl.Expr) -> pl.Expr:
    """Undo a workbook's habit of turning a code into a number: '11.0' is '11'."""
    return column.str.replace(r"^([0-9]+)\.0+$", "${1}")


def read_sheet(path: Path, sheet: str, source: str) -> pl.DataFrame:
    """Read one sheet as text, without header: one row per sheet row, columns column_0, column_1, ..."""
    names = sheet_names(path, source)
    if sheet not in names:
        raise BadInputError(
            source=source,
            file=path.name,
            place=f"sheet {sheet!r}",
            problem=f"no such sheet; the workbook has {', '.join(map(repr, names))}",
        )
    return _read_cells(path, sheet, source)


def sheet_names(path: Path, source: str) -> list[str]:
    """The sheets of a workbook. Raises BadInputError when it is not a whole one."""
    import fastexcel  # noqa: PLC0415  (slow to load)

    require_workbook(path, source)
    try:
        return fastexcel.read_excel(path).sheet_names
    except fastexcel.FastExcelError as error:
        raise BadInputError(source=source, file=path.name, problem=f"the workbook cannot be read: {error}") from error


def _read_cells(path: Path, sheet: str, source: str) -> pl.DataFrame:
    import fastexcel  # noqa: PLC0415  (slow to load)

    try:
        return pl.read_excel(
            path,
            sheet_name=sheet,
            engine="calamine",
            has_header=False,
            # skip_rows=0 keeps blank rows at the top, so that row numbers are the sheet's own
            read_options={"header_row": None, "skip_rows": 0, "dtypes": "string"},
            drop_empty_rows=False,
            drop_empty_cols=False,
            raise_if_empty=False,
        )
    except fastexcel.FastExcelError as error:
        raise BadInputError(
            source=source,
            file=path.name,
            place=f"sheet {sheet!r}",
            problem=f"the sheet cannot be read: {error}",
        ) from error


def read_sheet_table(path: Path, source: str, columns: Mapping[str, str], sheet: str | None = None) -> Table:
    """Read the table under the header that names `columns` (our name -> pattern of the publisher's name).

    The header may stand under any number of rows; white space in names does not count. The empty pattern
    stands for the one column that has values and no name. Without `sheet`, the sheet that has most of the
    names in one row is read. Raises BadInputError for a missing, repeated or unknown column and for no rows.
    """
    if sheet is not None:
        return _table_under_header(read_sheet(path, sheet, source), path, source, columns, sheet)
    names = sheet_names(path, source)
    cells = {name: _read_cells(path, name, source) for name in names}
    matches = {name: _matches(cells[name], columns) for name in names}
    best = max(matches.values())
    found = [name for name in names if matches[name] == best]
    if best == 0 or len(found) > 1:
        problem = "no sheet has" if best == 0 else "more than one sheet has"
        raise BadInputError(
            source=source,
            file=path.name,
            place=f"sheets {', '.join(map(repr, names))}",
            problem=f"{problem} a header with the columns {_wanted(columns)}",
        )
    return _table_under_header(cells[found[0]], path, source, columns, found[0])


def _wanted(columns: Mapping[str, str]) -> str:
    return ", ".join(repr(pattern) for pattern in columns.values() if pattern)


def _match_counts(cells: pl.DataFrame, columns: Mapping[str, str]) -> pl.Series:
    """For each row, how many of the wanted names stand in it."""
    patterns = [f"^(?:{pattern})$" for pattern in columns.values() if pattern]
    return cells.select(
        pl.sum_horizontal(
            pl.any_horizontal(collapse(pl.all()).str.contains(pattern)).fill_null(False) for pattern in patterns
        ).alias("matches")
    )["matches"]


def _matches(cells: pl.DataFrame, columns: Mapping[str, str]) -> int:
    """Return how many of the wanted names the best row holds."""
    if not cells.height or not cells.width:
        return 0
    best = _match_counts(cells, columns).max()
    return int(best) if isinstance(best, int) else 0


def _table_under_header(cells: pl.DataFrame, path: Path, source: str, columns: Mapping[str, str], sheet: str) -> Table:
    place = f"sheet {sheet!r}"
    if _matches(cells, columns) == 0:
        raise BadInputError(
            source=source,
            file=path.name,
            place=place,
            problem=f"no header row with the columns {_wanted(columns)}",
        )
    header_at = _match_counts(cells, columns).arg_max() or 0
    clean = cells.select(collapse(pl.all())).with_row_index("row", offset=1)
    body = clean.slice(header_at + 1)
    body = body.filter(pl.any_horizontal(pl.exclude("row").is_not_null()))
    if not body.height:
        raise BadInputError(source=source, file=path.name, place=place, problem="no rows under the header of the table")
    header = clean.drop("row").row(header_at)
    # a column with neither name nor values is formatting left behind
    present = {
        column: name or ""
        for column, name in zip(cells.columns, header, strict=True)
        if name is not None or body[column].null_count() < body.height
    }
    taken = match_columns(present, columns, source=source, file=path.name, place=f"{place}, row {header_at + 1}")
    return Table(
        body.select("row", *(pl.col(taken[name]).alias(name) for name in columns)),
        {name: present[taken[name]] or "(without a name)" for name in columns},
        source,
        path.name,
        f"{place}, row",
    )


def match_columns(
    present: Mapping[str, str], columns: Mapping[str, str], *, source: str, file: str, place: str
) -> dict[str, str]:
    """Return our name -> key in `present` (key -> published name); every name is matched exactly once.

    Raises BadInputError that names all missing and all unknown columns.
    """
    taken: dict[str, str] = {}
    missing: list[str] = []
    left = dict(present)
    for name, pattern in columns.items():
        hits = [key for key, published in left.items() if re.fullmatch(pattern, published)]
        if len(hits) > 1:
            raise BadInputError(
                source=source, file=file, place=place, problem="column named twice", value=left[hits[0]]
            )
        if hits:
            taken[name] = hits[0]
            del left[hits[0]]
        else:
            missing.append(pattern or "(the title column, which has no name)")
    if missing or left:
        parts = []
        if missing:
            parts.append(f"missing column {', '.join(map(repr, missing))}")
        if left:
            unknown = ", ".join(repr(name) if name else "(values under no name)" for name in left.values())
            parts.append(f"unknown column {unknown}")
        raise BadInputError(
            source=source,
            file=file,
            place=place,
            problem="; ".join(parts),
            value=[name for name in present.values() if name],
        )
    return taken


def read_tab_table(path: Path, source: str, columns: Sequence[str]) -> Table:
    """Read a small tab-separated file with a header, exactly `columns`, as text (cells trimmed).

    Raises BadInputError for a file that is not UTF-8 text or does not end its last line, for other columns,
    for a row with more or fewer cells than the header, and for no rows.
    """
    require_text(path, source)
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInputError(
            source=source,
            file=path.name,
            place=f"line {line}",
            problem="not UTF-8 text",
            value=raw[error.start : error.start + 1],
        ) from error
    lines = text.split("\n")
    if lines.pop() != "":
        raise BadInputError(
            source=source,
            file=path.name,
            place=f"line {len(lines) + 1}",
            problem="the last line does not end: the file is cut short",
        )
    rows = [[cell.strip() for cell in line.split("\t")] for line in lines]
    header = rows[0]
    taken = match_columns(
        {str(at): name for at, name in enumerate(header)},
        {name: re.escape(name) for name in columns},
        source=source,
        file=path.name,
        place="line 1",
    )
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise BadInputError(
                source=source,
                file=path.name,
                place=f"line {number}",
                problem=f"{len(row)} cells where the header has {len(header)}",
                value=lines[number - 1].rstrip("\r")[:120],
            )
    if len(rows) == 1:
        raise BadInputError(source=source, file=path.name, problem="no rows under the header")
    data = {name: [row[int(taken[name])] or None for row in rows[1:]] for name in columns}
    frame = pl.DataFrame(data, schema=dict.fromkeys(columns, pl.String)).with_row_index("row", offset=2)
    return Table(frame, {name: name for name in columns}, source, path.name, "line")
