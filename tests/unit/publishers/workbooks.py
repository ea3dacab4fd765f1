"""Small workbooks for tests, and where the publishers' own files lie when they are at hand."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data"


def write_workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    """Write sheets of rows, the first value of a row in column A."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column, value)
    book.save(path)
    return path


def sample(name: str) -> Path:
    """The publisher's own file; the test is skipped where it is not at hand."""
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"the publisher's file ../shared/data/{name} is not here")
    return path
