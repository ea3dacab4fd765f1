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
from pipelines.reports.export.notes import Notes
from pipelines.reports.export.tables import ExportedTable
from pipelines.reports.format import excel_format, figure, status_column

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


#: Rows of a sheet in Excel, header included.
SHEET_ROWS = 1_048_576
_CONTENTS, _NOTES, _DICTIONARY = "Contents", "Notes", "Dictionary"
_WIDTHS = (9, 48)
_NUMBERS = (ColumnType.INTEGER, ColumnType.DOUBLE)


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
        self._contents = self._book.add_worksheet(_CONTENTS)
        self._write_notes(self._book.add_worksheet(_NOTES), notes)
        self._sheets: list[tuple[str, int, ExportedTable]] = []

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
                sheet.write_string(row + offset, 0, paragraph, self._wrapped)
            row += len(paragraphs) + 2

    def add(self, table: ExportedTable, frame: pl.DataFrame) -> None:
        """Add the sheet of a table, or as many as its rows need."""
        room = self._sheet_rows - 1
        parts = max(1, -(-frame.height // room))
        for part in range(parts):
            name = table.name if parts == 1 else f"{table.name} ({part + 1})"
            piece = frame.slice(part * room, room)
            self._write_table(self._book.add_worksheet(name[:31]), table.contract.columns, piece)
            self._sheets.append((name[:31], piece.height, table))

    def _write_header(self, sheet: "Worksheet", frame: pl.DataFrame) -> None:
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, frame.height, frame.width - 1)
        sheet.write_row(0, 0, frame.columns, self._header)

    def _write_table(self, sheet: "Worksheet", columns: Sequence[Column], frame: pl.DataFrame) -> None:
        formats = self._set_columns(sheet, columns, frame)
        self._write_header(sheet, frame)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{frame.height + 1}"})
        names = frozenset(frame.columns)
        numbers = [place for place, column in enumerate(columns) if column.type in _NUMBERS]
        # where the status of each figure stands, by the figure's place
        told = {place: status_column(names, columns[place].name) for place in numbers}
        status_at = {place: frame.columns.index(status) for place, status in told.items() if status is not None}
        bounds = {place: self._format(num_format=f'">= "{formats[place]}', align="right") for place in numbers}
        word = self._format(align="right", italic=True, font_color="#595959")
        for row, values in enumerate(frame.iter_rows(), start=1):
            sheet.write_row(row, 0, values)
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
        for place, column in enumerate(columns):
            if column.type in _NUMBERS:
                code = excel_format(column.name, column.unit)
                width = 16
            else:
                code = "@" if column.type is ColumnType.TEXT else "General"
                longest = frame[column.name].cast(pl.String).str.len_chars().max()
                width = int(longest) + 2 if isinstance(longest, int) else _WIDTHS[0]
            # names of columns break at their underscores, if anywhere
            width = min(max(width, len(column.name) + 4 if len(column.name) < 18 else 20, _WIDTHS[0]), _WIDTHS[1])
            sheet.set_column(place, place, width, self._format(num_format=code))
            formats.append(code)
        return formats

    def add_dictionary(self, dictionary: pl.DataFrame) -> None:
        """Add the sheet that says what each column means."""
        sheet = self._book.add_worksheet(_DICTIONARY)
        for place, width in enumerate((26, 30, 10, 16, 16, 90, 40)):
            sheet.set_column(place, place, width, self._wrapped)
        self._write_header(sheet, dictionary)
        for row, values in enumerate(dictionary.iter_rows(), start=1):
            sheet.write_row(row, 0, values)

    def _write_contents(self) -> None:
        sheet = self._contents
        for place, width in enumerate((30, 12, 60, 100)):
            sheet.set_column(place, place, width, self._wrapped)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, self._title, self._heading)
        sheet.write_string(1, 0, f"Release {self._release['release_id']}", self._format())
        sheet.write_row(3, 0, ("sheet", "rows", "one row is", "what it holds"), self._header)
        row = 4
        sheet.write_url(row, 0, f"internal:'{_NOTES}'!A1", self._link, _NOTES)
        sheet.write_string(row, 3, "How to read the figures, old or partial sources, sources and attribution")
        for name, rows, table in self._sheets:
            row += 1
            sheet.write_url(row, 0, f"internal:'{name}'!A1", self._link, name)
            sheet.write_number(row, 1, rows, self._format(num_format="#,##0", valign="top"))
            sheet.write_string(row, 2, table.contract.grain.removeprefix("one row per "))
            sheet.write_string(row, 3, table.contract.description)
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
