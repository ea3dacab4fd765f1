"""The releases in the data folder: list them, and remove old ones."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import DataDir, listing, make_settings, out
from pipelines.errors import LmiError

NO_RELEASE = "There is no release yet; `lmi run` makes one."

releases = typer.Typer(no_args_is_help=True, help=__doc__)


@releases.command("list")
def list_releases(data_dir: DataDir = None) -> None:
    """Show every release in the order of publication, newest last."""
    from pipelines.release.diff import NO_TREND  # noqa: PLC0415
    from pipelines.release.record import release_folders  # noqa: PLC0415

    folders = release_folders(make_settings(data_dir))
    if not folders:
        out.print(NO_RELEASE)
        return
    table = listing("release", "published", "OEWS", "MB", "checks")
    cells = [_release_cells(folder) for folder in folders]
    for folder, row in zip(folders, cells, strict=True):
        table.add_row(folder.name, *row)
    out.print(table)
    if len({oews for _, oews, *_ in cells if oews}) > 1:
        out.print(NO_TREND)


def _release_cells(folder: Path) -> tuple[str, str, str, str]:
    from pipelines.release.manifest import read_release  # noqa: PLC0415

    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    megabytes = f"{size / 1e6:,.1f}"
    try:
        manifest = read_release(folder).manifest
    except LmiError:
        return "its manifest cannot be read", "", megabytes, ""
    checks = f"{manifest.checks_passed:,} of {manifest.checks:,}"
    oews = manifest.sources.get("oews")
    return f"{manifest.published_at:%Y-%m-%d %H:%M}", oews.vintage if oews else "", megabytes, checks


@releases.command()
def prune(
    keep: Annotated[
        int | None, typer.Option(help="Releases to keep, the newest; LMI_KEEP_RELEASES by default.", min=1)
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Remove old releases. Each run that publishes does the same."""
    from pipelines.release.lock import hold  # noqa: PLC0415
    from pipelines.release.record import prune as remove  # noqa: PLC0415

    settings = make_settings(data_dir)
    if not settings.data_dir.is_dir():  # to hold it would make it
        out.print(NO_RELEASE)
        return
    with hold(settings.data_dir):
        removed = remove(settings, keep or settings.keep_releases)
    for name in removed:
        out.print(f"Removed {name}")
    out.print(f"{len(removed)} releases removed")
