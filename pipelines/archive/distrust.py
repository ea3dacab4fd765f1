"""Checks that a download is the declared file, by its bytes and not by what the server says."""

import copy
import csv
import io
import json
import re
import stat
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import NoReturn
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import polars as pl

from pipelines.errors import BadInputError
from pipelines.files import (
    ZIP_FAULTS,
    is_zip,
    last_name,
    listed_names,
    require_text,
    require_workbook,
    zip_members,
    zip_problem,
)
from pipelines.sources import FileDeclaration, Format
from pipelines.workbooks import collapse, read_sheets

#: A member of a zip that is larger than this, and compressed by more than the ratio, is a zip bomb.
BOMB_BYTES = 10_000_000
BOMB_RATIO = 200

#: The header of a sheet is among its first rows.
HEADER_ROWS = 15

_BLOCK_BYTES = 1 << 20
_HEAD_BYTES = 1 << 16
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ANY_ZIP_FAULT = (*ZIP_FAULTS, ValueError, struct.error)


@dataclass(frozen=True)
class _Download:
    """A file to check."""

    path: Path
    source: str

    def fault(self, problem: str, place: str = "", value: object = None) -> BadInputError:
        """An error that names this file."""
        return BadInputError(source=self.source, file=self.path.name, place=place, problem=problem, value=value)

    def head(self) -> bytes:
        """The first bytes, without a byte order mark."""
        with self.path.open("rb") as handle:
            return handle.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")


def check_download(
    path: Path,
    declared: FileDeclaration,
    *,
    source: str,
    content_type: str | None = None,
    final_url: str | None = None,
    url: str | None = None,
    previous_bytes: int | None = None,
) -> None:
    """Raise BadInputError unless a download fits its declaration, is complete, and has about the size it had before.

    `content_type` and `final_url` are the server's answer to a request for `url`; `previous_bytes` is the size of the
    file in the vintage before. Zips are read to their end, and nothing is unpacked to disk.
    """
    download = _Download(path, source)
    if path.stat().st_size == 0:
        raise download.fault("the file is empty (zero bytes)")
    _refuse_page(download, content_type, url, final_url)
    match declared.format:
        case Format.TEXT | Format.CSV:
            _check_text(download, declared)
        case Format.WORKBOOK:
            _check_workbook(download, declared)
        case Format.ZIP:
            _check_zip(download, declared)
        case Format.JSON:
            _check_json(download)
        case Format.PARQUET:
            _check_parquet(download)
    _refuse_drift(download, declared, previous_bytes)


def _refuse_page(download: _Download, content_type: str | None, url: str | None, final_url: str | None) -> None:
    """Refuse a web page, whether the server calls it one or not. After a redirect, name its address."""
    is_called_page = (content_type or "").split(";")[0].strip().lower() in _PAGE_TYPES
    head = download.head().lstrip()
    if not is_called_page and not head.startswith(b"<"):
        return
    if final_url is not None and final_url != url:
        problem = f"the request was redirected to {final_url}, which sent a web page: a login or block page"
    else:
        problem = "a web page instead of the file: an error, login or block page"
    raise download.fault(problem, "line 1", head[:60].decode("utf-8", "replace"))


def _refuse_drift(download: _Download, declared: FileDeclaration, previous_bytes: int | None) -> None:
    """Refuse a file that is much smaller or larger than the one before."""
    if previous_bytes is None:
        return
    size = download.path.stat().st_size
    for setting, is_beyond, words in (
        ("min_size_ratio", size < declared.min_size_ratio * previous_bytes, "less than"),
        ("max_size_ratio", size > declared.max_size_ratio * previous_bytes, "more than"),
    ):
        if is_beyond:
            raise download.fault(
                f"{size:,} bytes are {words} {getattr(declared, setting):g} times the {previous_bytes:,} bytes of the "
                f"vintage before; if the publisher's file has really changed so much, declare another {setting}",
                value=size,
            )


def _check_text(download: _Download, declared: FileDeclaration) -> None:
    require_text(download.path, download.source)
    offset, last = 0, b""
    with download.path.open("rb") as handle:
        while block := handle.read(_BLOCK_BYTES):
            # NUL marks a hole in a file put together from pieces
            if (at := block.find(b"\0")) >= 0:
                raise download.fault("NUL byte in a text file", f"byte {offset + at + 1}")
            offset += len(block)
            last = block[-1:]
    header = _header_line(download, declared.format)
    if last != b"\n":
        _refuse_cut(download, declared.format, len(header))
    if declared.header:
        place = "line 1"
        _match_header(download, header, declared.header, place)
        if header != list(declared.header):
            raise download.fault(f"the columns are not in the order {', '.join(declared.header)}", place, header)


def _cells(line: str, format_: Format) -> list[str]:
    """The cells of a line of tab-separated text or of a CSV, trimmed."""
    if format_ is Format.TEXT:
        return [cell.strip() for cell in line.split("\t")]
    return [cell.strip() for cell in next(csv.reader(io.StringIO(line, newline="")), [])]


def _header_line(download: _Download, format_: Format) -> list[str]:
    """The names in the first line."""
    line = download.head().split(b"\n", 1)[0].decode("utf-8", "replace")
    try:
        return _cells(line, format_)
    except csv.Error as error:
        problem = "the header cannot be read: a quote opens in it and is not closed"
        raise download.fault(problem, "line 1", line[:60]) from error


def _refuse_cut(download: _Download, format_: Format, columns: int) -> None:
    """Refuse a file whose last line does not end. The last line of a CSV need not end if it has all its cells."""
    with download.path.open("rb") as handle:
        handle.seek(max(0, download.path.stat().st_size - _HEAD_BYTES))
        tail = handle.read()
    line = tail.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")
    is_row = b"\n" in tail and line.count('"') % 2 == 0
    if format_ is Format.CSV and is_row and len(_cells(line, format_)) == columns:
        return
    raise download.fault("the last line does not end: the file is cut short", "last line", line[:120])


def _match_header(download: _Download, names: Sequence[str], declared: Sequence[str], place: str) -> None:
    """Refuse missing, additional and repeated columns, and name them."""
    missing = [name for name in declared if name not in names]
    unexpected = [name or "(without a name)" for name in (Counter(names) - Counter(declared)).elements()]
    parts = [
        f"{word} column {', '.join(map(repr, columns))}"
        for word, columns in (("missing", missing), ("unexpected", unexpected))
        if columns
    ]
    if parts:
        raise download.fault("; ".join(parts), place, list(names))


def _check_workbook(download: _Download, declared: FileDeclaration) -> None:
    if is_zip(download.path):
        # before anything loads the workbook, as it may be a zip bomb
        with _open_zip(download) as archive:
            _read_through(download, archive, declared.max_uncompressed_bytes)
    if not declared.sheets and not declared.header:
        require_workbook(download.path, download.source)
        return
    sheets = {
        name: [[cell for cell in row if cell is not None] for row in frame.select(collapse(pl.all())).iter_rows()]
        for name, frame in read_sheets(download.path, download.source, rows=HEADER_ROWS).items()
    }
    for name in declared.sheets:
        if name not in sheets:
            there = ", ".join(map(repr, sheets))
            raise download.fault(f"no such sheet; the workbook has {there}", f"sheet {name!r}")
    if declared.header:
        searched = declared.sheets[:1] or tuple(sheets)
        _check_sheet_header(download, {name: sheets[name] for name in searched}, declared.header)


def _check_sheet_header(download: _Download, sheets: dict[str, list[list[str]]], declared: Sequence[str]) -> None:
    """Refuse a sheet whose header, the row with most of the declared names, has others or lacks some."""
    wanted = set(declared)
    rows = [(sheet, number, names) for sheet, top in sheets.items() for number, names in enumerate(top, start=1)]
    # of rows with the same number of names, the one with the fewest others
    sheet, number, names = max(rows, key=lambda row: (len(wanted & set(row[2])), -len(row[2])), default=("", 0, []))
    if not wanted & set(names):
        raise download.fault(
            f"none of the first {HEADER_ROWS} rows has the columns {', '.join(declared)}",
            f"sheet {', '.join(map(repr, sheets))}",
        )
    _match_header(download, names, declared, f"sheet {sheet!r}, row {number}")


def _check_parquet(download: _Download) -> None:
    try:
        pl.read_parquet_schema(download.path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise download.fault("not readable as Parquet: another format, cut short or damaged") from error


def _check_json(download: _Download) -> None:
    require_text(download.path, download.source)

    def refuse(constant: str) -> NoReturn:
        raise ValueError(constant)

    try:
        json.loads(download.path.read_bytes(), parse_constant=refuse)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise download.fault("not JSON, or cut short", place) from error
    except (ValueError, RecursionError) as error:
        raise download.fault("not JSON: an impossible number, or lists too deep in each other") from error


def _check_zip(download: _Download, declared: FileDeclaration) -> None:
    with _open_zip(download) as archive:
        _refuse_layout(download, archive)
        if not zip_members(archive):
            raise download.fault("the zip archive holds no file")
        for pattern in declared.members:
            _require_one(download, archive, pattern)
        _read_through(download, archive, declared.max_uncompressed_bytes)


def _open_zip(download: _Download) -> ZipFile:
    """The zip archive. Refuses another file, and an archive whose directory cannot be read."""
    if not is_zip(download.path):
        raise download.fault("the file is not a zip archive; get the publisher's", value=download.head()[:16])
    try:
        return ZipFile(download.path)
    except _ANY_ZIP_FAULT as error:
        raise download.fault(zip_problem(error)) from error


def _refuse_layout(download: _Download, archive: ZipFile) -> None:
    """Refuse members that would be written outside their folder or over one another, and those that cannot be read."""
    for member in archive.infolist():
        # the name as in the zip: Python cuts `filename` at NUL, other programs do not
        name = member.orig_filename
        mode = member.external_attr >> 16
        kind = stat.S_IFMT(mode)
        problem = None
        if name.startswith("/") or _DRIVE.match(name):
            problem = "the name of a member is absolute"
        elif "\\" in name or _CONTROL.search(name):
            problem = "the name of a member holds a backslash or a control character"
        elif ".." in name.split("/") or PurePosixPath(name).name == "":
            problem = "the name of a member leads out of its folder"
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            problem = "a member is a symbolic link" if stat.S_ISLNK(mode) else "a member is not a regular file"
        elif member.flag_bits & 0x1:
            problem = "a member is encrypted"
        if problem is not None:
            raise download.fault(problem, value=name)
    repeated = [name for name, times in Counter(archive.namelist()).items() if times > 1]
    if repeated:
        raise download.fault("two members have the same name", value=repeated[0])


def _require_one(download: _Download, archive: ZipFile, pattern: str) -> None:
    """Refuse a zip with no file or several files whose name, in any folder and letters, matches the pattern."""
    members = zip_members(archive)
    found = [member for member in members if fnmatchcase(last_name(member).lower(), pattern.lower())]
    if len(found) != 1:
        problem = f"{'more than one file of the zip' if found else 'no file of the zip'} has such a name"
        problem += "; get the zip as the publisher has it, or make it again with this one file"
        raise download.fault(problem, f"file {pattern!r}", listed_names(found or members))


def _read_through(download: _Download, archive: ZipFile, max_bytes: int) -> None:
    """Read every member to its end. Refuses damaged members, and more than `max_bytes` bytes in all."""
    total = 0
    for member in archive.infolist():
        total += _member_size(download, archive, member, max_bytes - total)
    # members that share their compressed bytes are each within the ratio
    _refuse_bomb(download, total, download.path.stat().st_size, "all members")


def _member_size(download: _Download, archive: ZipFile, member: ZipInfo, max_bytes: int) -> int:
    """The bytes of a member, read to its end. Refuses another size than its directory gives, or than `max_bytes`."""
    place = f"member {member.filename!r}"
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        # other methods can unpack one block to any size
        raise download.fault("compressed by another method than deflate", place, member.compress_type)
    # Python stops reading at the directory's size, so a size beyond the limit makes it read what is really there
    unbounded = copy.copy(member)
    unbounded.file_size = max(member.file_size, max_bytes) + 1
    size = 0
    try:
        with archive.open(unbounded) as stream:
            while block := stream.read(_BLOCK_BYTES):
                size += len(block)
                if size > max_bytes:
                    raise download.fault(f"unpacks to more than {max_bytes:,} bytes", place)
                _refuse_bomb(download, size, member.compress_size, place)
    except _ANY_ZIP_FAULT as error:
        raise download.fault(zip_problem(error), place) from error
    if size != member.file_size:
        problem = f"the directory gives {member.file_size:,} bytes, the member has {size:,}"
        raise download.fault(problem, place)
    return size


def _refuse_bomb(download: _Download, size: int, packed: int, place: str) -> None:
    if size > BOMB_BYTES and size > BOMB_RATIO * packed:
        raise download.fault(f"unpacks to more than {BOMB_RATIO} times its compressed size: a zip bomb", place)
