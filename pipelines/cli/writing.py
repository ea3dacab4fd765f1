"""Files that a command writes where its user asks for them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from pipelines.cli.console import out
from pipelines.errors import cannot_write
from pipelines.files import atomic
from pipelines.reports.spreadsheets import CODES_ARE_TEXT, write_csv, write_parquet


def write_files(
    rows: pl.DataFrame, flags: Sequence[str], csv: Path | None, parquet: Path | None, *, quiet: bool = False
) -> None:
    """Write the files that are asked for, each whole or not at all; `flags` are columns. Raises MachineError."""
    if csv is not None:
        write_rows(csv, rows, lambda path: write_csv(rows, path, flags), quiet=quiet)
        if not quiet:
            out.print(CODES_ARE_TEXT)
    if parquet is not None:
        write_rows(parquet, rows, lambda path: write_parquet(rows, path), quiet=quiet)


def write_rows(target: Path, rows: pl.DataFrame, write: Callable[[Path], None], *, quiet: bool = False) -> None:
    """Write a file of these rows whole or not at all, and say so unless `quiet`. Raises MachineError."""
    try:
        with atomic(target) as temporary:
            write(temporary)
    except OSError as error:
        raise cannot_write(target, error) from error
    if not quiet:
        out.print(f"Wrote {rows.height:,} rows into {target}", soft_wrap=True, highlight=False)
