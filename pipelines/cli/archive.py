"""Fetch publishers' files, add them by hand, and look after those in the archive."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from pipelines.archive.find import find_files, left_over
from pipelines.archive.store import Archive
from pipelines.cli.console import DataDir, Json, downloads, listing, make_settings, out, print_json
from pipelines.errors import BadInputError, FetchError
from pipelines.intake.bundle import read_manifest
from pipelines.intake.by_hand import add_by_hand
from pipelines.intake.fetch import Outcome, look, refresh
from pipelines.settings import Settings
from pipelines.sources import declared_sources

#: What `lmi sources --json` has of a declaration.
_OF_SOURCE = {"publisher", "title", "url", "licence", "attribution", "calendar", "optional", "on_request"}

EMPTY = "The archive is empty. `lmi archive fetch` fills it from the publishers, `lmi archive add` by hand."

archive = typer.Typer(help=__doc__, no_args_is_help=True)


def fetch_newest(settings: Settings) -> list[Outcome]:
    """Look for the newest vintage of every source as a run does, with a progress bar for each download."""
    with downloads() as on_bytes:
        return refresh(settings, None, lambda at: on_bytes(f"{at.source}: {at.file}", at.done, at.total))


def show_outcomes(outcomes: list[Outcome]) -> None:
    """One line for each source that was looked for, and one for all."""
    styles = {"new": "green", "unchanged": "", "failed": "yellow"}
    for outcome in outcomes:
        attempt = outcome.attempt
        line = f"{outcome.source}: {attempt.outcome}" + (f": {attempt.message}" if attempt.message else "")
        out.print(Text(line, style=styles[attempt.outcome]), soft_wrap=True)
    counts = Counter(outcome.attempt.outcome for outcome in outcomes)
    failed = ", ".join(outcome.source for outcome in outcomes if outcome.attempt.outcome == "failed")
    summary = f"{counts['new']} new, {counts['unchanged']} unchanged, {counts['failed']} failed"
    out.print(f"{len(outcomes)} looked for: {summary}" + (f" ({failed})" if failed else ""), soft_wrap=True)


def _known_source(name: str) -> str:
    if name not in declared_sources():
        raise typer.BadParameter(f"{name} is not a source; known: {', '.join(declared_sources())}")
    return name


def sources(as_json: Json = False) -> None:
    """List the declared sources: publisher, files, address, and the bundled vintage."""
    bundled = {name: each.vintage for name, each in read_manifest().sources.items()}
    if as_json:
        print_json(
            [
                {"source": name, **source.model_dump(include=_OF_SOURCE), "files": source.file_names}
                | {"bundled": bundled[name].model_dump() if name in bundled else None}
                for name, source in declared_sources().items()
            ]
        )
        return
    table = listing("source", "publisher", "what", "bundled vintage", "files", "address")
    for name, source in declared_sources().items():
        if name in bundled:
            vintage = bundled[name].vintage + (
                "; the publisher has a newer one" if bundled[name].is_older_cycle else ""
            )
        elif source.on_request:
            vintage = f"not bundled; lmi archive fetch --source {name}"
        else:
            vintage = f"{source.vintages[0].vintage}, in reference/" if source.vintages else "not bundled"
        table.add_row(name, source.publisher, source.title, vintage, "\n".join(source.file_names), source.url)
    out.print(table)


@archive.command()
def fetch(
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source; may be given several times.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Look for the newest vintage of every source and fetch what changed. Publishes nothing.

    Ends with 8 when any source that was asked for failed.
    """
    chosen = tuple(dict.fromkeys(_known_source(name) for name in source)) if source else None
    settings = make_settings(data_dir)
    with downloads() as on_bytes:
        outcomes = look(settings, chosen, lambda at: on_bytes(f"{at.source}: {at.file}", at.done, at.total))
    show_outcomes(outcomes)
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(FetchError.exit_code)


@archive.command()
def add(
    files: Annotated[
        list[Path], typer.Argument(help="The files of one source, or a folder that holds them.", exists=True)
    ],
    source: Annotated[str, typer.Option(help="Name of the source; `lmi sources` lists them.")],
    vintage: Annotated[str, typer.Option(help="The publisher's name of the vintage, such as 'May 2025'.")],
    released_on: Annotated[
        str | None, typer.Option("--released-on", help="Day on which the publisher released it, such as 2026-05-15.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Add files that you downloaded yourself. They must pass the same tests as fetched ones."""
    try:
        released = date.fromisoformat(released_on) if released_on else None
    except ValueError as error:
        raise typer.BadParameter(f"--released-on {released_on} is not a day such as 2026-05-15") from error
    added = add_by_hand(make_settings(data_dir), _known_source(source), files, vintage, released)
    out.print(f"{source}: {added.vintage} ({added.reference_period}), {_files(len(added.files))}, is now the newest")
    for folder in (path for path in files if path.is_dir()):
        for name, reason in left_over(folder, {source: find_files(source, folder)}).items():
            out.print(f"Not taken: {name}: {reason}.", style="yellow", soft_wrap=True)


@archive.command("list")
def list_vintages(data_dir: DataDir = None) -> None:
    """Show the vintages in the archive, newest last."""
    manifest = _store(data_dir).manifest()
    if not manifest.vintages:
        out.print(EMPTY)
        return
    table = listing("source", "vintage", "period", "released", "accepted", "origin", "files", "MB")
    for source, vintages in sorted(manifest.vintages.items()):
        for vintage in vintages:
            table.add_row(
                source,
                vintage.vintage,
                vintage.reference_period,
                str(vintage.released_on or "not stated"),
                f"{vintage.accepted_at:%Y-%m-%d %H:%M}",
                vintage.origin.replace("_", " "),
                str(len(vintage.files)),
                f"{sum(file.bytes for file in vintage.files) / 1e6:,.1f}",
            )
    out.print(table)


@archive.command()
def verify(data_dir: DataDir = None) -> None:
    """Compare every archived file with its checksum. The next live run fetches a damaged one again."""
    store = _store(data_dir)
    faults = store.verify()
    for fault in faults:
        out.print(f"{fault.kind}: {fault.path}", soft_wrap=True)
    files = sum(len(vintage.files) for vintages in store.manifest().vintages.values() for vintage in vintages)
    damaged = [fault for fault in faults if fault.kind != "unused"]
    out.print(f"{_files(files)} in the archive, {len(damaged)} missing or damaged")
    if damaged:
        raise typer.Exit(BadInputError.exit_code)


@archive.command()
def prune(
    keep: Annotated[int, typer.Option(help="Vintages to keep of each source.", min=1)] = 2,
    data_dir: DataDir = None,
) -> None:
    """Remove older vintages, and files that belong to no vintage."""
    store = _store(data_dir)
    if not store.folder.is_dir():  # to hold it would make it
        out.print(EMPTY)
        return
    with store.hold():
        count, size = store.prune(keep)
    out.print(f"Removed {_files(count)}, {size / 1e6:,.1f} MB")


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _store(data_dir: Path | None) -> Archive:
    return Archive(make_settings(data_dir).archive)
