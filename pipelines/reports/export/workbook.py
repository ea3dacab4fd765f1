"""One Excel workbook of a state's tables: formatted, with contents, notes and dictionary.

Missing figures are words that say why, top-coded wages are shown as `>= $239,200`, codes stay text.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import polars as pl
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from pipelines.contracts.model import Column, ColumnType
from pipelines.reports.export.headings import headings
from pipelines.reports.export.notes import Notes
from pipelines.reports.export.summary import Summary
from pipelines.reports.export.tables import ExportedTable
from pipelines.reports.format import excel_format, figure, status_column
from pipelines.reports.release import is_counted_once, overlay_of
from pipelines.reports.spreadsheets import not_there

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


#: Rows of a sheet in Excel, header included.
SHEET_ROWS = 1_048_576
_SUMMARY, _CONTENTS, _NOTES, _DICTIONARY = "Summary", "Contents", "Notes", "Dictionary"
#: Characters of a name of a sheet in Excel.
_SHEET_NAME = 31
#: The height of a line of text in points, and characters that a unit of a column's width holds for certain.
_LINE, _CHARACTERS = 15, 1.0
_WIDTHS = (9, 48)
_NUMBERS = (ColumnType.INTEGER, ColumnType.DOUBLE)


#: Of jobs, openings, awards alike.
_SAID = {
    True: "everything counts once, so these clusters may be added up.",
    False: "everything counts in full in every cluster that it belongs to, so never add these up.",
}


def _height(*cells: tuple[str, float]) -> float:
    """The height of a row in points that shows texts whole in columns of their widths."""
    return _LINE * max(max(1, -(-len(text) // int(width * _CHARACTERS))) for text, width in cells)


class Workbook:
    """A workbook that is written row by row, so that large tables need little memory; a context manager.

    `release` has release_id and published_at. A table of more rows than a sheet can hold goes on in further sheets.
    """

    def __init__(
        self,
        path: Path,
        *,
        title: str,
        release: Mapping[str, object],
        notes: Notes,
        summary: Summary | None = None,
        sheet_rows: int = SHEET_ROWS,
    ) -> None:
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "default_date_format": "yyyy-mm-dd",
                "tmpdir": str(path.parent),
            },
        )
        self._title, self._release, self._sheet_rows = title, release, sheet_rows
        created = release["published_at"]
        self._book.set_properties(
            {
                "title": title,
                "comments": f"Release {release['release_id']}. The sheet Notes says how to read the figures.",
                **({"created": created} if isinstance(created, datetime) else {}),
            }
        )
        self._header = self._format(bold=True, text_wrap=True, valign="top", bg_color="#E7ECF2", bottom=1)
        self._heading = self._format(bold=True, font_size=14)
        self._bold = self._format(bold=True)
        self._wrapped = self._format(text_wrap=True, valign="top")
        self._link = self._format(font_color="#0B5394", underline=1)
        # sheets that stand first are made first and, row by row, filled when everything is known
        if summary is not None:
            self._write_summary(self._book.add_worksheet(_SUMMARY), summary)
        self._contents = self._book.add_worksheet(_CONTENTS)
        self._write_notes(self._book.add_worksheet(_NOTES), notes)
        self._sheets: list[tuple[str, int, str, ExportedTable]] = []

    def _format(self, **properties: object) -> "Format":
        return self._book.add_format(properties)

    def _write_notes(self, sheet: "Worksheet", notes: Notes) -> None:
        sheet.set_column(0, 0, 120)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, self._title, self._heading)
        row = 2
        for heading, paragraphs in notes.items():
            sheet.write_string(row, 0, heading, self._bold)
            for offset, paragraph in enumerate(paragraphs, start=1):
                sheet.set_row(row + offset, _height((paragraph, 120)))
                sheet.write_string(row + offset, 0, paragraph, self._wrapped)
            row += len(paragraphs) + 2

    def _write_summary(self, sheet: "Worksheet", summary: Summary) -> None:
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(summary.headings) - 1, 15)
        sheet.write_string(0, 0, self._title, self._heading)
        sheet.write_string(1, 0, summary.citation)
        sheet.write_row(3, 0, summary.headings, self._header)
        word = self._format(align="right", italic=True, font_color="#595959")
        text = self._format(align="right")
        row = 3
        for name, cells in summary.lines:
            row += 1
            is_total = row == 3 + len(summary.lines)
            sheet.write_string(row, 0, name, self._bold if is_total else None)
            for place, (value, said, code) in enumerate(cells, start=1):
                if isinstance(value, int | float):
                    sheet.write_number(row, place, value, self._format(num_format=code, bold=is_total))
                else:
                    sheet.write_string(row, place, said, word if value is None else text)
        for offset, paragraph in enumerate(summary.notes, start=2):
            sheet.merge_range(row + offset, 0, row + offset, len(summary.headings) - 1, paragraph, self._wrapped)
            sheet.set_row(row + offset, _height((paragraph, 34 + 15 * (len(summary.headings) - 1))))

    def add(self, table: ExportedTable, frame: pl.DataFrame) -> None:
        """Add the sheet of a table, or as many as its rows need: one for each basis, the one to add up first."""
        if "basis" not in frame.columns:
            self._add(table, table.name, frame)
            return
        for basis in sorted(
            frame["basis"].unique(), key=lambda basis: (overlay_of(basis) or "", not is_counted_once(basis))
        ):
            once, is_own = is_counted_once(basis), overlay_of(basis) is not None
            ways = ", ".join(way for way, is_so in (("own", is_own), ("in full", not once)) if is_so)
            ending = f" ({ways})" if ways else ""
            self._add(table, table.name, frame.filter(basis=basis), f"Basis {basis}: {_SAID[once]}", ending)

    def _add(self, table: ExportedTable, name: str, frame: pl.DataFrame, basis: str = "", ending: str = "") -> None:
        room = self._sheet_rows - 1
        parts = max(1, -(-frame.height // room))
        for part in range(parts):
            free = self._free_name(name, f"{ending} ({part + 1})" if parts > 1 else ending)
            piece = frame.slice(part * room, room)
            self._write_table(self._book.add_worksheet(free), table, piece)
            self._sheets.append((free, piece.height, basis, table))

    def _free_name(self, name: str, ending: str) -> str:
        taken = {sheet.casefold() for sheet, *_ in self._sheets}
        names = (
            f"{name[: _SHEET_NAME - len(end)]}{end}" for end in (ending, *(f"{ending} {n}" for n in range(2, 100)))
        )
        return next(each for each in names if each.casefold() not in taken)

    def _write_header(self, sheet: "Worksheet", frame: pl.DataFrame, names: Sequence[str]) -> None:
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, frame.height, frame.width - 1)
        sheet.write_row(0, 0, names, self._header)

    def _write_table(self, sheet: "Worksheet", table: ExportedTable, frame: pl.DataFrame) -> None:
        columns = table.contract.columns
        formats = self._set_columns(sheet, columns, frame)
        self._write_header(sheet, frame, headings(columns))
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{frame.height + 1}"})
        names = frozenset(frame.columns)
        numbers = [place for place, column in enumerate(columns) if column.type in _NUMBERS]
        # where the status of each figure stands, by the figure's place
        told = {place: status_column(names, columns[place].name) for place in numbers}
        status_at = {place: frame.columns.index(status) for place, status in told.items() if status is not None}
        bounds = {place: self._format(num_format=f'">= "{formats[place]}', align="right") for place in numbers}
        empty_flags = {frame.columns.index(flag): not_there(flag) for flag in table.flags}
        word = self._format(align="right", italic=True, font_color="#595959")
        for row, values in enumerate(frame.iter_rows(), start=1):
            sheet.write_row(row, 0, values)
            for place, said in empty_flags.items():
                if values[place] is None:
                    sheet.write_string(row, place, said, word)
            for place in numbers:
                value = values[place]
                status = values[status_at[place]] if place in status_at else None
                if value is None:
                    sheet.write_string(row, place, figure(frame.columns[place], None, status), word)
                elif status == "top_coded":
                    sheet.write_number(row, place, value, bounds[place])

    def _set_columns(self, sheet: "Worksheet", columns: Sequence[Column], frame: pl.DataFrame) -> list[str]:
        """Give columns their width and format; returns the formats."""
        formats = []
        for place, (column, heading) in enumerate(zip(columns, headings(columns), strict=True)):
            if column.type in _NUMBERS:
                code = excel_format(column.name, column.unit)
                width = 16
            else:
                code = "@" if column.type is ColumnType.TEXT else "General"
                longest = frame[column.name].cast(pl.String).str.len_chars().max()
                width = int(longest) + 2 if isinstance(longest, int) else _WIDTHS[0]
            longest_word = max(map(len, heading.split()))
            width = min(max(width, longest_word + 4, _WIDTHS[0]), _WIDTHS[1])
            sheet.set_column(place, place, width, self._format(num_format=code))
            formats.append(code)
        return formats

    def add_dictionary(self, dictionary: pl.DataFrame) -> None:
        """Add the sheet that says what each column means."""
        sheet = self._book.add_worksheet(_DICTIONARY)
        widths = (26, 30, 30, 10, 16, 16, 90, 40)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, self._wrapped)
        self._write_header(sheet, dictionary, [name.replace("_", " ").capitalize() for name in dictionary.columns])
        for row, values in enumerate(dictionary.iter_rows(), start=1):
            sheet.set_row(row, _height(*zip(map(str, values), widths, strict=True)))
            sheet.write_row(row, 0, values)

    def _write_contents(self) -> None:
        sheet = self._contents
        widths = (32, 12, 60, 100)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, self._wrapped)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, self._title, self._heading)
        sheet.write_string(1, 0, f"Release {self._release['release_id']}", self._format())
        sheet.write_row(3, 0, ("Sheet", "Rows", "One row is", "What it holds"), self._header)
        row = 4
        sheet.write_url(row, 0, f"internal:'{_NOTES}'!A1", self._link, _NOTES)
        sheet.write_string(row, 3, "How to read the figures, old or partial sources, sources and attribution")
        for name, rows, basis, table in self._sheets:
            row += 1
            grain = table.contract.grain.removeprefix("one row per ")
            holds = f"{basis} {table.contract.description}".strip()
            sheet.set_row(row, _height((grain, widths[2]), (holds, widths[3])))
            sheet.write_url(row, 0, f"internal:'{name}'!A1", self._link, name)
            sheet.write_number(row, 1, rows, self._format(num_format="#,##0", valign="top"))
            sheet.write_string(row, 2, grain)
            sheet.write_string(row, 3, holds)
        row += 1
        sheet.write_url(row, 0, f"internal:'{_DICTIONARY}'!A1", self._link, _DICTIONARY)
        sheet.write_string(row, 3, "Every column of every sheet: unit, meaning, allowed values")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write_contents()
        try:
            self._book.close()
        except XlsxWriterException as fault:
            if kind is None:
                raise OSError(f"the workbook could not be written: {fault}") from fault
