"""The place that a command is about: one argument, or the options --state and --area that do the same."""

from typing import Annotated

import typer

from pipelines.reports.areas import ACCEPTED

Place = Annotated[str | None, typer.Argument(metavar="PLACE", show_default=False, help=f"{ACCEPTED}.")]
StateOption = Annotated[str | None, typer.Option("--state", help="The same as PLACE.", show_default=False)]
StatePlace = Annotated[
    str | None,
    typer.Argument(metavar="STATE", show_default=False, help="State or territory by postal code or name: OH, Ohio."),
]


def one_place(example: str, place: str | None, state: str | None) -> str:
    """The place that is asked for; `example` is the command with one. Raises typer.BadParameter without or with two."""
    if place is not None and state is not None:
        raise typer.BadParameter(f"give one place, {place} or --state {state}")
    asked = place if state is None else state
    if asked is None:
        raise typer.BadParameter(f"give a place, as in `{example}`: {ACCEPTED}")
    return asked
