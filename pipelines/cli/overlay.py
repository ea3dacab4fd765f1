"""Check a state's own memberships, clusters, regions and policy."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as RichTable

from pipelines.cli.console import DataDir, make_settings, out
from pipelines.overlays.read import known_areas, read_overlay
from pipelines.reports.overlay import describe

overlay = typer.Typer(help=__doc__, no_args_is_help=True)


@overlay.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with overlay.yml and its CSV files.")],
    data_dir: DataDir = None,
) -> None:
    """Check an overlay and show what it would change. A fault is named with file and line (exit code 3)."""
    described = describe(read_overlay(folder, known_areas()), make_settings(data_dir))
    facts = RichTable(show_header=False, box=None, pad_edge=False)
    for fact in described.facts:
        facts.add_row(*fact)
    out.print(facts)
    for title, columns, rows in described.tables:
        if rows:
            out.print(f"\n{title}")
            table = RichTable()
            for column in columns:
                table.add_column(column, overflow="fold")
            for row in rows:
                table.add_row(*row)
            out.print(table)
    out.print("\nThe overlay has no faults. `LMI_OVERLAY_DIR=DIR lmi run` makes a release with it.")
