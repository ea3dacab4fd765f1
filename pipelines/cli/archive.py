"""`lmi archive`: publishers' files as fetched, or brought in by hand."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table as RichTable
from rich.text import Text

from pipelines.cli.console import DataDir, downloads, make_settings, out
from pipelines.errors import BadInputError
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.intake.fetch import Outcome

archive_app = typer.Typer(help="Publishers' files: fetched, or brought in by hand.", no_args_is_help=True)


def fetch_newest(settings: Settings, sources: tuple[str, ...] | None = None) -> "list[Outcome]":
    """Look for the newest edition of every source, with a bar for each download."""
    from pipelines.intake.fetch import refresh  # noqa: PLC0415

    with downloads() as on_bytes:
        return refresh(settings, sources, lambda at: on_bytes(f"{at.source}: {at.file}", at.done, at.total))


def show_outcomes(outcomes: "list[Outcome]") -> None:
    """One line for each source that was looked for."""
    styles = {"new": "green", "unchanged": "", "failed": "yellow"}
    for outcome in outcomes:
        attempt = outcome.attempt
        line = f"{outcome.source}: {attempt.outcome}" + (f": {attempt.message}" if attempt.message else "")
        out.print(Text(line, style=styles[attempt.outcome]), soft_wrap=True)


def _known_source(name: str) -> str:
    from pipelines.sources import declared_sources  # noqa: PLC0415

    if name not in declared_sources():
        raise typer.BadParameter(f"{name} is not a source; known: {', '.join(declared_sources())}")
    return name


@archive_app.command()
def fetch(
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source; may be given several times.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Look for the newest edition of every source and fetch what changed; publishes nothing."""
    settings = make_settings(data_dir)
    chosen = tuple(_known_source(name) for name in source) if source else None
    show_outcomes(fetch_newest(settings, chosen))


@archive_app.command()
def add(
    files: Annotated[
        list[Path], typer.Argument(help="The files of one source, or a folder that holds them.", exists=True)
    ],
    source: Annotated[str, typer.Option(help="Name of the source; `lmi sources` lists them.")],
    vintage: Annotated[str, typer.Option(help="What the publisher calls the edition, such as 'May 2025'.")],
    released_on: Annotated[
        str | None, typer.Option("--released-on", help="Day the publisher released it, such as 2026-05-15.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Bring in files that were downloaded by hand; they are held to the same tests as fetched ones."""
    settings = make_settings(data_dir)
    from pipelines.intake.by_hand import add_by_hand  # noqa: PLC0415

    try:
        released = date.fromisoformat(released_on) if released_on else None
    except ValueError as error:
        raise typer.BadParameter(f"--released-on {released_on} is not a day such as 2026-05-15") from error
    edition = add_by_hand(settings, _known_source(source), files, vintage, released)
    out.print(
        f"{source}: {edition.vintage} ({edition.reference_period}), {len(edition.files)} files, is the newest now"
    )


@archive_app.command("list")
def list_editions(data_dir: DataDir = None) -> None:
    """Show the editions in the archive, newest last."""
    from pipelines.archive.store import Archive  # noqa: PLC0415

    manifest = Archive(make_settings(data_dir).archive).manifest()
    if not manifest.vintages:
        out.print("The archive is empty. `lmi archive fetch` fills it from the publishers, `lmi archive add` by hand.")
        return
    table = RichTable("source", "vintage", "period", "released", "accepted", "origin", "files", "MB")
    for source, editions in sorted(manifest.vintages.items()):
        for edition in editions:
            table.add_row(
                source,
                edition.vintage,
                edition.reference_period,
                str(edition.released_on or "not stated"),
                f"{edition.accepted_at:%Y-%m-%d %H:%M}",
                edition.origin.replace("_", " "),
                str(len(edition.files)),
                f"{sum(file.bytes for file in edition.files) / 1e6:,.1f}",
            )
    out.print(table)


@archive_app.command()
def verify(data_dir: DataDir = None) -> None:
    """Check every archived file against its checksum; a damaged one is fetched again by the next live run."""
    from pipelines.archive.store import Archive  # noqa: PLC0415

    archive = Archive(make_settings(data_dir).archive)
    faults = archive.verify()
    for fault in faults:
        out.print(f"{fault.kind}: {fault.path}", soft_wrap=True)
    files = sum(len(edition.files) for editions in archive.manifest().vintages.values() for edition in editions)
    damaged = [fault for fault in faults if fault.kind != "unused"]
    out.print(f"{files} files in the archive, {len(damaged)} missing or damaged")
    if damaged:
        raise typer.Exit(BadInputError.exit_code)


@archive_app.command()
def prune(
    keep: Annotated[int, typer.Option(help="Editions to keep of every source.", min=1)] = 2,
    data_dir: DataDir = None,
) -> None:
    """Remove older editions, and files that no edition has."""
    from pipelines.archive.store import Archive  # noqa: PLC0415

    archive = Archive(make_settings(data_dir).archive)
    with archive.hold():
        pruned = archive.prune(keep)
    out.print(f"Removed {pruned.count} files, {pruned.bytes / 1e6:,.1f} MB")
