"""Sheets of .xlsx workbooks as tables of text."""

from functools import partial
from pathlib import Path

import polars as pl

from pipelines.errors import BadInputError
from pipelines.files import require_workbook


def read_sheets(path: Path, source: str, sheet: str | None = None, rows: int | None = None) -> dict[str, pl.DataFrame]:
    """All sheets of a workbook, or one, as text without header: one row per sheet row, columns column_0, column_1, ...

    `rows` limits the rows of each sheet. Raises BadInputError for a file that is not a complete workbook, and for a
    sheet that it lacks.
    """
    import fastexcel  # noqa: PLC0415  (slow to load)

    fault = partial(BadInputError, source=source, file=path.name)
    require_workbook(path, source)
    try:
        names = fastexcel.read_excel(path).sheet_names
        if sheet is not None and sheet not in names:
            problem = f"no such sheet; the workbook has {', '.join(map(repr, names))}"
            raise fault(place=f"sheet {sheet!r}", problem=problem)
        return pl.read_excel(
            path,
            sheet_name=names if sheet is None else [sheet],
            engine="calamine",
            has_header=False,
            # skip_rows=0 keeps blank rows at the top, so that row numbers are the sheet's own
            read_options={"header_row": None, "skip_rows": 0, "dtypes": "string", "n_rows": rows},
            drop_empty_rows=False,
            drop_empty_cols=False,
            raise_if_empty=False,
        )
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
        raise fault(problem=f"the workbook cannot be read: {error}") from error


def collapse(column: pl.Expr) -> pl.Expr:
    """Trim, turn every run of white space (also no-break spaces) into one space, and blanks into nulls."""
    text = column.str.replace_all(r"[\s\u{a0}]+", " ").str.strip_chars()
    return pl.when(text != "").then(text)
