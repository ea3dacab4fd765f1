"""Files that a command writes where its user asks for them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from pipelines.cli.console import out
from pipelines.errors import LmiError, cannot_write
from pipelines.files import atomic
from pipelines.reports.spreadsheets import CODES_ARE_TEXT, write_csv, write_parquet


def refuse_no_place(*targets: Path | None) -> None:
    """Notice before the work a file that cannot be written where it is asked for. Raises LmiError."""
    asked = [target.absolute() for target in targets if target is not None]
    for target in asked:
        if target.is_dir():
            raise LmiError(f"{target} cannot be written: it is a folder; give the name of a file")
        if not target.parent.is_dir():
            raise LmiError(f"{target} cannot be written: there is no folder {target.parent}")
    if len(set(asked)) < len(asked):
        raise LmiError(f"{asked[0]} is asked for twice; give each file a name of its own")


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
