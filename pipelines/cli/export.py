"""`lmi export`: a state's tables as files."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as RichTable

from pipelines.cli.console import DataDir, file_size, make_settings, out, steps
from pipelines.cli.place import StateOption, StatePlace, one_place
from pipelines.cli.targets import refuse_no_folder
from pipelines.reports.spreadsheets import CODES_ARE_TEXT


def export(
    place: StatePlace = None,
    *,
    state: StateOption = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder to write into; exports/ in the data folder by default.")
    ] = None,
    shared_metros: Annotated[
        bool, typer.Option("--shared-metros", help="Also metro areas of other states that reach into this one.")
    ] = False,
    basis: Annotated[
        str | None,
        typer.Option(help="Rows of one basis only, such as unduplicated; of every basis the state has by default."),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Write a state's tables as CSV, Parquet and one Excel workbook, each with its dictionary."""
    from pipelines.reports.export.write import export_state  # noqa: PLC0415

    asked = one_place("lmi export OH", place, state)
    refuse_no_folder(folder)
    settings = make_settings(data_dir)
    folder = folder or settings.data_dir / "exports"
    with steps(None, "reading") as on_step:
        files, rows_of = export_state(
            settings.database, asked, folder, shared=shared_metros, basis=basis, on_step=on_step
        )
    table = RichTable("table", "rows")
    for name, rows in rows_of.items():
        table.add_row(name, f"{rows:,}")
    out.print(table)
    out.print(f"Wrote {len(files)} files into {folder}:", soft_wrap=True)
    for path in files:
        if path.parent == folder:
            out.print(f"  {path} ({file_size(path)})", soft_wrap=True, highlight=False)
    out.print(f"  {folder / 'csv'} and {folder / 'parquet'}: each table, and the dictionary", soft_wrap=True)
    out.print(CODES_ARE_TEXT)
