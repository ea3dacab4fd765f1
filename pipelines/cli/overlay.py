"""Check a state's own memberships, clusters, regions and policy."""

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from pipelines.cli.console import DataDir, listing, make_settings, out, plain_table
from pipelines.errors import BadInputError
from pipelines.overlays.model import FILE
from pipelines.overlays.read import known_areas, read_overlay
from pipelines.reports.overlay import LINK, OCCUPATION, describe

overlay = typer.Typer(help=__doc__, no_args_is_help=True)


@overlay.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with overlay.yml and its CSV files.")],
    data_dir: DataDir = None,
) -> None:
    """Check an overlay and show what it would change. Faults are named with file and line (exit code 3)."""
    inner = folder / "overlay"  # where `lmi init` puts it
    if not (folder / FILE).exists() and (inner / FILE).exists():
        problem = f"the file is not in {folder} but in its folder overlay: lmi overlay check {inner}"
        raise BadInputError(source="overlay", file=FILE, problem=problem)
    described = describe(read_overlay(folder, known_areas()), make_settings(data_dir))
    facts = plain_table()
    for fact in described.facts:
        facts.add_row(*fact)
    out.print(facts)
    changed = {"Occupations": (OCCUPATION, described.occupations), "Links of programs": (LINK, described.links)}
    for what, (columns, rows) in changed.items():
        if rows:
            out.print(f"\n{what} that change")
            table = listing(*columns)
            for row in rows:
                table.add_row(*row)
            out.print(table)
    for region, said in described.regions.items():
        out.print(f"\nRegion {region}", highlight=False)
        out.print("  " + "; ".join(f"{word}: {items}" for word, items in said), highlight=False)
    if described.remarks:
        out.print("\nTo mind", style="yellow")
        for remark in described.remarks:
            out.print(f"- {remark}")
    out.print("\nThe overlay has no faults. This makes a release with it:")
    out.print(f"  LMI_OVERLAY_DIR={quote(str(folder))} lmi run", soft_wrap=True, highlight=False)
    if described.commands:
        out.print("Then:")
    for command, shows in described.commands:
        out.print(f"  {command}", soft_wrap=True, highlight=False)
        out.print(f"      {shows}")
