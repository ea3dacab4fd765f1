"""`lmi init`: the folder that a state begins with."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import out
from pipelines.cli.targets import refuse_no_folder
from pipelines.overlays.starting_folder import starting_files, state_named, write_starting_folder

#: The state of a folder that nobody named one for.
_EXAMPLE = "OH"


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder to write.")],
    state: Annotated[
        str | None, typer.Option(help=f"Postal code or name of the state; {_EXAMPLE} as an example by default.")
    ] = None,
) -> None:
    """Write a state's starting folder: overlay, policy, settings and a page that explains them."""
    refuse_no_folder(folder, "lmi init")
    state_id, name = state_named(state or _EXAMPLE)
    files = starting_files(state_id, name, datetime.now(UTC).year)
    write_starting_folder(folder, files)
    for path in files:
        out.print(f"Wrote {folder / path}", soft_wrap=True, highlight=False)
    if state is None:
        example = f"The files are {name}'s, as an example: for another state, write a new folder with --state."
        out.print(example, style="yellow", soft_wrap=True)
    out.print(f"Begin with {folder / 'README.md'}", soft_wrap=True, highlight=False)
