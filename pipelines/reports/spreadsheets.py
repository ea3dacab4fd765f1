"""Tables as CSV and Parquet for people: no text of a CSV runs in a spreadsheet, no flag is a boolean."""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipelines.contracts.model import Table
from pipelines.texts import FORMULA

#: How a CSV says a flag. Readers turn `true` and `yes` into booleans, and then fail at `unknown`.
FLAG_WORDS = {"true": "met", "false": "not met", "unknown": "unknown", "no_list": "no list"}
#: How a CSV and a workbook say that a policy does not define a flag, or makes no list: nobody reads a blank as no.
_NOT_THERE = {"listed": "no list"}
_VERDICTS = {"true", "false", "unknown"}
#: What a reader of a CSV has to know of it.
CODES_ARE_TEXT = (
    "Codes are text. A spreadsheet that opens a CSV by itself takes them for numbers and dates: 01001 loses its zero, "
    "11-2021 becomes a month. The workbook of `lmi export` is safe; in a CSV give columns of codes the type Text (in "
    "Excel: Data, From Text/CSV, Transform Data)."
)


def flag_columns(contract: Table) -> list[str]:
    """The columns of flags, which a CSV says in other words."""
    return [column.name for column in contract.columns if _VERDICTS.issubset(column.values or ())]


def not_there(flag: str) -> str:
    """The words where a flag is empty because the policy does not define it."""
    return _NOT_THERE.get(flag, "not defined")


def write_csv(frame: pl.DataFrame, path: Path, flags: Collection[str] = ()) -> None:
    """Write a table as CSV; a text that begins as a formula gets an apostrophe, columns of `flags` the words above.

    Raises OSError with its number and reason.
    """
    changed = [pl.col(name).replace(FLAG_WORDS).fill_null(not_there(name)) for name in flags]
    for name in (name for name, kind in frame.schema.items() if kind == pl.String and name not in flags):
        text = pl.col(name)
        changed.append(pl.when(text.str.contains(FORMULA)).then("'" + text).otherwise(text).alias(name))
    safe = frame.with_columns(changed)
    with _numbered_errors(path):
        safe.write_csv(path)


def write_parquet(frame: pl.DataFrame, path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write a table as Parquet, as it is. Raises OSError with its number and reason."""
    with _numbered_errors(path):
        frame.write_parquet(path, metadata=dict(metadata or {}))


@contextmanager
def _numbered_errors(path: Path) -> Iterator[None]:
    """Errors of writing as the system numbers them: Polars tells the number in its text only."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        if (number := re.search(r"\(os error (\d+)\)", str(error))) is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1])), str(path)) from error
