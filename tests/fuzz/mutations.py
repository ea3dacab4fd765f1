"""Ways in which a publisher's file goes wrong, each made by a random generator from the bytes of an original.

A mutation says what may become of it: `strict` must be refused or change nothing; `value` may change one row (or those
at the seams of blocks), as no reader knows the right figure; `rows` may lose or win as many rows as an edition may;
`harmless` must change nothing.
"""

import gzip
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

Change = Callable[[bytes, Random], bytes]


@dataclass(frozen=True)
class Mutation:
    """A way to change a file, and what may become of it."""

    name: str
    change: Change
    allows: str


# --- any bytes --------------------------------------------------------------------------------------------------------


def _flip_bit(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]


def _truncate(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def _hole(data: bytes, random: Random) -> bytes:
    at, size = random.randrange(len(data)), random.randrange(1, 5000)
    return data[:at] + bytes(len(data[at : at + size])) + data[at + size :]


def _swap_blocks(data: bytes, random: Random) -> bytes:
    size = max(1, len(data) // 20)
    one, two = sorted(random.sample(range(0, 20), 2))
    a, b = data[one * size : (one + 1) * size], data[two * size : (two + 1) * size]
    return data[: one * size] + b + data[(one + 1) * size : two * size] + a + data[(two + 1) * size :]


def _page(data: bytes, random: Random) -> bytes:
    return random.choice((b"<!DOCTYPE html><html>blocked</html>\n", b"\n\n <html>\n", b"", b"\xef\xbb\xbf", b" \n"))


def _gzip(data: bytes, random: Random) -> bytes:
    return gzip.compress(data, 1)


ANY = (
    Mutation("bit flipped", _flip_bit, "value"),
    Mutation("cut anywhere", _truncate, "strict"),
    Mutation("hole of zeros", _hole, "strict"),
    Mutation("blocks swapped", _swap_blocks, "value"),
    Mutation("page or nothing", _page, "strict"),
    Mutation("gzip", _gzip, "strict"),
)

# --- lines of text ----------------------------------------------------------------------------------------------------

_Lines = Callable[[list[list[bytes]], Random], list[list[bytes]]]

#: Values that no column of a publisher holds.
_WRONG = (
    b"#N/A", b"#REF!", b"TRUE", b"false", b"2024-05-01", b"2024-05-01 00:00:00", b"5/1/2024", b"1-May", b"9" * 19,
    b"9" * 400, b"1e400", b"-1e3", b"NaN", b"inf", b"\xe2\x80\x8b", b"a\xe2\x80\x8bb", b"\xc2\xad", b"\xef\xbf\xbd",
    b"\x00", b"a\x00b", b"\x01", b"\xff\xfe", b"0x1F", b"; drop table soc", b"../../etc/passwd", b"=1+1", b"'", b'"',
)  # fmt: skip


def _cells(line: bytes, mark: bytes) -> list[bytes]:
    """The cells of a line; commas within quotes do not part them."""
    return line.split(mark) if mark == b"\t" else re.findall(rb'(?:"[^"]*"|[^,"]+)+|(?<=,)(?=,)|(?<=,)$|^(?=,)', line)


def _by_line(change: _Lines) -> Change:
    """A change of rows of cells, of which the first is the header."""

    def changed(data: bytes, random: Random) -> bytes:
        end = b"\r\n" if b"\r\n" in data[:5000] else b"\n"
        mark = b"\t" if b"\t" in data[:500] else b","
        lines = data.removesuffix(end).split(end)
        rows = change([_cells(line, mark) for line in lines], random)
        return end.join(mark.join(row) for row in rows) + end

    return changed


def _some(rows: Sequence[object], random: Random) -> int:
    """The number of a row below the header."""
    return random.randrange(1, len(rows))


def _cut(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    return rows[: max(2, int(len(rows) * random.uniform(0.02, 0.85)))]


def _cut_a_little(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    return rows[: max(2, len(rows) - random.randrange(1, 4))]


def _remove(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    at = _some(rows, random)
    return rows[:at] + rows[at + 1 :]


def _double(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    at = _some(rows, random)
    return [*rows[:at], rows[at], *rows[at:]]


def _shuffle(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    body = rows[1:]
    random.shuffle(body)
    return [rows[0], *body]


def _column(rows: list[list[bytes]], random: Random) -> int:
    return random.randrange(len(rows[0]))


def _remove_column(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    at = _column(rows, random)
    return [row[:at] + row[at + 1 :] for row in rows]


def _swap_columns(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    """The values of two columns under each other's names."""
    one, two = random.sample(range(len(rows[0])), 2)
    body = [list(row) for row in rows[1:]]
    for row in body:
        if max(one, two) < len(row):
            row[one], row[two] = row[two], row[one]
    return [rows[0], *body]


def _shift_column(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    """The values of a column one row lower, as when one column of a sheet was moved or sorted alone."""
    at = _column(rows, random)
    values = [row[at] if at < len(row) else b"" for row in rows[1:]]
    values = values[-1:] + values[:-1]
    body = [[*row[:at], value, *row[at + 1 :]] for row, value in zip(rows[1:], values, strict=True)]
    return [rows[0], *body]


def _times_ten(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    at = _column(rows, random)
    return [rows[0]] + [
        [*row[:at], row[at] + b"0", *row[at + 1 :]] if at < len(row) and row[at].isdigit() else row for row in rows[1:]
    ]


def _wrong_cell(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    at, column = _some(rows, random), _column(rows, random)
    row = rows[at]
    return [*rows[:at], [*row[:column], random.choice(_WRONG), *row[column + 1 :]], *rows[at + 1 :]]


def _other_cell(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    """A cell with the value of another row: plausible by itself."""
    at, other, column = _some(rows, random), _some(rows, random), _column(rows, random)
    row = rows[at]
    value = rows[other][column] if column < len(rows[other]) else b""
    return [*rows[:at], [*row[:column], value, *row[column + 1 :]], *rows[at + 1 :]]


def _blank_cell(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    at, column = _some(rows, random), _column(rows, random)
    row = rows[at]
    return [*rows[:at], [*row[:column], b"", *row[column + 1 :]], *rows[at + 1 :]]


def _more_cells(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    at = _some(rows, random)
    changed = rows[at] + [b"1"] if random.random() < 0.5 else rows[at][:-1]
    return [*rows[:at], changed, *rows[at + 1 :]]


def _rename_column(rows: list[list[bytes]], random: Random) -> list[list[bytes]]:
    at = _column(rows, random)
    name = random.choice((b"", b"note", rows[0][at] + b"_2", rows[0][at - 1]))
    return [[*rows[0][:at], name, *rows[0][at + 1 :]], *rows[1:]]


def _old_ends(data: bytes, random: Random) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r")


def _encoded(name: str) -> Change:
    return lambda data, random: data.decode("utf-8", "replace").encode(name, "replace")


def _bom(data: bytes, random: Random) -> bytes:
    return b"\xef\xbb\xbf" + data


TEXT = (
    Mutation("cut at a line's end", _by_line(_cut), "strict"),
    Mutation("last lines lost", _by_line(_cut_a_little), "rows"),
    Mutation("row removed", _by_line(_remove), "rows"),
    Mutation("row doubled", _by_line(_double), "strict"),
    Mutation("rows shuffled", _by_line(_shuffle), "strict"),
    Mutation("column removed", _by_line(_remove_column), "strict"),
    Mutation("columns swapped", _by_line(_swap_columns), "strict"),
    Mutation("column shifted", _by_line(_shift_column), "strict"),
    Mutation("column times ten", _by_line(_times_ten), "strict"),
    Mutation("column renamed", _by_line(_rename_column), "strict"),
    Mutation("cell that cannot be", _by_line(_wrong_cell), "strict"),
    Mutation("cell of another row", _by_line(_other_cell), "value"),
    Mutation("cell blank", _by_line(_blank_cell), "value"),
    Mutation("more or fewer cells", _by_line(_more_cells), "value"),
    Mutation("ends of lines of old Macs", _old_ends, "strict"),
    Mutation("UTF-16", _encoded("utf-16"), "strict"),
    Mutation("UTF-32", _encoded("utf-32"), "strict"),
    Mutation("byte order mark", _bom, "strict"),
)

# --- zips and workbooks -----------------------------------------------------------------------------------------------


def _members(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with ZipFile(written, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def _lose_part(data: bytes, random: Random) -> bytes:
    members = _members(data)
    del members[random.choice(list(members))]
    return _zipped(members)


def _flip_in_part(data: bytes, random: Random) -> bytes:
    """One bit of an unpacked part, with a checksum that fits."""
    members = _members(data)
    name = random.choice([name for name in members if members[name]])
    return _zipped(members | {name: _flip_bit(members[name], random)})


def _litter(data: bytes, random: Random) -> bytes:
    first = next(iter(_members(data)))
    return _zipped(
        {".DS_Store": b"\0\0\0\1Bud1", **_members(data), f"__MACOSX/._{first}": b"\0\5\26\7", "Thumbs.db": b"\xd0"}
    )


def _twice(data: bytes, random: Random) -> bytes:
    members = _members(data)
    name = random.choice(list(members))
    written = io.BytesIO(_zipped(members))
    with ZipFile(written, "a") as archive:
        archive.writestr(name, members[name] if random.random() < 0.5 else b"x")
    return written.getvalue()


def _bomb(data: bytes, random: Random) -> bytes:
    members = _members(data)
    name = random.choice(list(members))
    return _zipped(members | {name: members[name] + b" " * 60_000_000})


ZIP = (
    Mutation("part lost", _lose_part, "strict"),
    Mutation("part twice", _twice, "strict"),
    Mutation("part blown up", _bomb, "strict"),
    Mutation("bit of a part", _flip_in_part, "value"),
)
ARCHIVE = (
    Mutation("files of Finder", _litter, "harmless"),
    Mutation("stored", lambda data, random: _zipped(_members(data), ZIP_STORED), "harmless"),
)


def _in_sheet(change: Change) -> Change:
    """A change of the XML of one sheet."""

    def changed(data: bytes, random: Random) -> bytes:
        members = _members(data)
        name = random.choice([name for name in members if "/worksheets/sheet" in name])
        return _zipped(members | {name: change(members[name], random)})

    return changed


def _in_xml(pattern: bytes, *texts: bytes) -> Change:
    """One match of a pattern in a sheet becomes one of the texts, in which groups may stand."""

    def changed(sheet: bytes, random: Random) -> bytes:
        found = list(re.finditer(pattern, sheet))
        if not found:
            return sheet
        one = random.choice(found)
        return sheet[: one.start()] + one.expand(random.choice(texts)) + sheet[one.end() :]

    return _in_sheet(changed)


def _rows_of_sheet(change: Callable[[list[bytes], Random], list[bytes]]) -> Change:
    """A change of the rows of a sheet, which are numbered anew."""

    def changed(sheet: bytes, random: Random) -> bytes:
        head, rest = sheet.split(b"<sheetData>", 1)
        body, tail = rest.split(b"</sheetData>", 1)
        rows = change(re.findall(rb"<row .*?</row>", body, re.DOTALL), random)
        numbered = [
            re.sub(rb'(r="[A-Z]*)[0-9]+"', rb'\g<1>%d"' % number, row) for number, row in enumerate(rows, start=1)
        ]
        return head + b"<sheetData>" + b"".join(numbered) + b"</sheetData>" + tail

    return _in_sheet(changed)


def _cut_rows(rows: list[bytes], random: Random) -> list[bytes]:
    return rows[: max(3, int(len(rows) * random.uniform(0.02, 0.85)))]


def _remove_row(rows: list[bytes], random: Random) -> list[bytes]:
    at = random.randrange(min(3, len(rows) - 1), len(rows))
    return rows[:at] + rows[at + 1 :]


def _double_row(rows: list[bytes], random: Random) -> list[bytes]:
    at = random.randrange(min(3, len(rows) - 1), len(rows))
    return [*rows[:at], rows[at], *rows[at:]]


_DOCTYPE = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
)


def _doctype(data: bytes, random: Random) -> bytes:
    members = _members(data)
    name = random.choice([name for name in members if name.endswith((".xml", ".rels"))])
    at = members[name].find(b"?>") + 2 if members[name].startswith(b"<?xml") else 0
    return _zipped(members | {name: members[name][:at] + random.choice(_DOCTYPE) + members[name][at:]})


def _deep(sheet: bytes, random: Random) -> bytes:
    depth = random.choice((100, 10_000, 1_000_000))
    return sheet.replace(b"<sheetData>", b"<x>" * depth + b"</x>" * depth + b"<sheetData>", 1)


_CELL = rb'<c r="([A-Z]+)([0-9]+)"([^>]*)>(.*?)</c>'
WORKBOOK = (
    Mutation("sheet cut at a row's end", _rows_of_sheet(_cut_rows), "strict"),
    Mutation("row of a sheet removed", _rows_of_sheet(_remove_row), "rows"),
    Mutation("row of a sheet doubled", _rows_of_sheet(_double_row), "strict"),
    Mutation(
        "cell far away",
        _in_xml(
            rb'<c r="([A-Z]+)([0-9]+)"',
            rb'<c r="XFD\2"', rb'<c r="XFD1048576"', rb'<c r="ZZZZZZZ1"', rb'<c r="A99999999999"', rb'<c r="1A"',
            rb'<c r=""', rb'<c r="A0"', rb'<c r="\g<1>-1"',
        ),
        "strict",
    ),
    Mutation("row far away", _in_xml(rb'<row r="[0-9]+"', rb'<row r="1048576"', rb'<row r="0"'), "strict"),
    Mutation("value far away", _in_xml(rb"</row>", rb'<c r="XFD7" t="str"><v>x</v></c></row>'), "strict"),
    Mutation(
        "other dimension",
        _in_xml(rb'<dimension ref="[^"]*"', rb'<dimension ref="A1:XFD1048576"', rb'<dimension ref="A1:A1"'),
        "strict",
    ),
    Mutation("cell of a type that cannot be", _in_xml(_CELL, rb'<c r="\1\2" t="q">\4</c>'), "strict"),
    Mutation(
        "cell a truth value, an error or a date",
        _in_xml(
            _CELL,
            rb'<c r="\1\2" t="b"><v>1</v></c>', rb'<c r="\1\2" t="e"><v>#N/A</v></c>',
            rb'<c r="\1\2" t="e"><v>#REF!</v></c>', rb'<c r="\1\2" t="d"><v>2024-05-01</v></c>',
        ),
        "strict",
    ),
    Mutation(
        "cell that cannot be, of a sheet",
        _in_xml(
            _CELL,
            rb'<c r="\1\2" t="s"><v>99999999</v></c>', rb'<c r="\1\2" t="s"><v>-x</v></c>',
            rb'<c r="\1\2"><v>1e999</v></c>', rb'<c r="\1\2"><v>9999999999999999999</v></c>',
            rb'<c r="\1\2" t="str"><v>&#x200B;</v></c>', rb'<c r="\1\2" t="inlineStr"><is><t>a&#xAD;b</t></is></c>',
        ),
        "strict",
    ),
    Mutation("cell of a sheet blank", _in_xml(_CELL, rb'<c r="\1\2"/>'), "value"),
    Mutation("document type", _doctype, "strict"),
    Mutation("deep elements", _in_sheet(_deep), "strict"),
)  # fmt: skip

# --- JSON -------------------------------------------------------------------------------------------------------------


def _in_json(pattern: bytes, *texts: bytes) -> Change:
    def changed(data: bytes, random: Random) -> bytes:
        one = random.choice(list(re.finditer(pattern, data)))
        return data[: one.start()] + one.expand(random.choice(texts)) + data[one.end() :]

    return changed


def _nested(data: bytes, random: Random) -> bytes:
    depth = random.choice((500, 100_000))
    return random.choice((b"[" * depth, b'{"rows":' * depth, data.replace(b"[", b"[" * depth, 1)))


_ROW = rb"  \{[^{}]*\},?\n"
JSON = (
    Mutation("row of JSON removed", _in_json(_ROW, b""), "strict"),
    Mutation("deep JSON", _nested, "strict"),
    Mutation(
        "value that cannot be, of JSON",
        _in_json(rb'": "[^"]*"', rb'": null', rb'": true', rb'": []', rb'": {}', rb'": NaN', rb'": 1e999',
                 rb'": ' + b"9" * 5000, rb'": "9999999999999999999"', rb'": "\\u0000"', rb'": "\\ud800"', rb'": ""'),
        "strict",
    ),
    Mutation("number of pages", _in_json(rb'": [0-9]+', rb'": 9', rb'": "x"', rb'": -1', rb'": 1e3'), "strict"),
    Mutation("field twice", _in_json(rb'"Base": "[0-9]+"', rb'"Base": "10", \g<0>'), "strict"),
    Mutation("field gone", _in_json(rb'"[A-Za-z]+": "[^"]*",', b""), "strict"),
)  # fmt: skip


def mutations_of(name: str) -> tuple[Mutation, ...]:
    """The mutations that fit a file, by its name."""
    if name.endswith(".xlsx"):
        return (*ANY, *ZIP, *WORKBOOK)
    if name.endswith(".zip"):
        return (*ANY, *ZIP, *ARCHIVE)
    return (*ANY, *(JSON if name.endswith(".json") else TEXT))
