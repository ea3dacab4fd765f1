"""`lmi run` and `lmi dev`: the pipeline from the command line, and in Dagster's web interface."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipelines.cli.console import DataDir, file_size, make_settings, out, plain_table, require_free, serve, steps
from pipelines.cli.extras import require
from pipelines.settings import Settings, Source

if TYPE_CHECKING:
    from pipelines.release.manifest import Release


def run(
    source: Annotated[
        Source | None,
        typer.Option(
            help="bundled: the vintage that comes with the project; files: a folder of publishers' files; live: the "
            "newest vintages, fetched from the publishers."
        ),
    ] = None,
    files: Annotated[
        Path | None, typer.Option(help="Folder with the publishers' files (LMI_FILES_DIR); implies --source files.")
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Make every table again, and publish a new release even if no input changed."),
    ] = False,
    accept_change: Annotated[
        str,
        typer.Option(
            metavar="NAME[,NAME]",
            help="Publish although these figures changed beyond their bounds; the refused run names them.",
        ),
    ] = "",
    data_dir: DataDir = None,
) -> None:
    """Run the whole pipeline and publish a release if every blocking check passes."""
    from pipelines.release.failures import failure_report  # noqa: PLC0415

    settings = make_settings(data_dir, source, files)
    with failure_report(settings):
        _run(settings, force=force, accept_change=accept_change)


def _run(settings: Settings, *, force: bool, accept_change: str) -> None:
    from pipelines.intake.select import not_taken, origins  # noqa: PLC0415
    from pipelines.overlays.applied_policies import applied_policies  # noqa: PLC0415
    from pipelines.overlays.read import look_over  # noqa: PLC0415
    from pipelines.quality.comparison import accepted_names  # noqa: PLC0415
    from pipelines.release.record import require_release  # noqa: PLC0415
    from pipelines.release.run import begin  # noqa: PLC0415

    # find a broken policy or overlay, or a wrong name, before minutes of work
    accepted = accepted_names(accept_change)
    applied_policies(settings)
    if settings.overlay_dir is not None:
        look_over(settings.overlay_dir)
    if settings.source is Source.LIVE:
        from pipelines.cli.archive import fetch_newest, show_outcomes  # noqa: PLC0415

        show_outcomes(fetch_newest(settings))
    with begin(settings) as begun:
        begun.accepted, begun.force = accepted, force
        if is_new := force or not begun.is_published:
            from pipelines.orchestration.execute import execute, step_names  # noqa: PLC0415

            with steps(len(step_names()), "starting") as on_step:
                execute(begun, on_step=on_step)
    release = require_release(settings)
    release_id = release.manifest.release_id
    if is_new:
        out.print(f"Published release {release_id}.", style="green")
        kept = len(begun.kept)
        out.print(f"{len(begun.made) - kept} tables were made; {kept} did not change and were kept.")
    else:
        out.print(f"Nothing changed since release {release_id}: nothing new is published.")
        out.print("`lmi run --force` publishes again.")
    _show_summary(settings, release)
    if settings.source is Source.FILES:
        for origin, names in origins(begun.inputs).items():
            out.print(f"{origin}: {', '.join(names)}", soft_wrap=True, highlight=False)
    for name, reason in not_taken(settings, begun.inputs).items():
        out.print(f"Not taken: {name}: {reason}.", style="yellow", soft_wrap=True)


def _in_short(warnings: Sequence[str]) -> str:
    """How many warnings there are, which checks gave them, and where the rest is read."""
    checks = ", ".join(warning.partition(":")[0].rpartition(" ")[2] for warning in warnings)
    return f"{len(warnings)}: {checks}; `lmi status` and the check pages say what was found"


def _show_summary(settings: Settings, release: "Release") -> None:
    from pipelines.reports.format import percent  # noqa: PLC0415
    from pipelines.reports.summary import summarise  # noqa: PLC0415

    manifest = release.manifest
    summary = summarise(settings.database)
    table = plain_table()
    table.add_row("Figures of", f"{summary.period} (OEWS), of {summary.areas:,} areas")
    table.add_row("Clusters", f"{summary.clusters} clusters, {summary.sub_clusters} sub-clusters, on two bases")
    jobs = f"{summary.unduplicated_employment:,} in clusters, each counted once"
    table.add_row("Jobs in the nation", f"{jobs}; {summary.national_employment:,} published in all")
    table.add_row("Checks", f"{manifest.checks_passed:,} of {manifest.checks:,} passed")
    for change in manifest.accepted_changes:
        table.add_row("Accepted change", Text(change, style="yellow"))
    if manifest.warnings:
        table.add_row("Warnings", Text(_in_short(manifest.warnings), style="yellow"))
    grades = ", ".join(f"{grade} {count:,}" for grade, count in summary.reliability.items())
    table.add_row("Reliability", f"{grades} (cluster figures over all areas)")
    weakest = "; ".join(f"{area}, {cluster}: {percent(rse)}" for area, cluster, rse in summary.weakest_state_clusters)
    table.add_row("Weakest in states", weakest)
    out.print(table)
    for name, path in (
        ("Database", f"{settings.database} ({file_size(settings.database)})"),
        ("Release", release.folder),
        ("Dictionary", release.folder / "dictionary.md"),
        ("Catalogue", release.folder / "catalogue.html"),
        ("Check pages", release.folder / "data_docs" / "index.html"),
    ):
        out.print(f"{name:<18}  {path}", soft_wrap=True, highlight=False)


def dev(port: Annotated[int, typer.Option(help="Port of the web interface.")] = 3000, data_dir: DataDir = None) -> None:
    """Start Dagster's web interface and daemon on this machine; it shows the runs of `lmi run`, too."""
    from pipelines.orchestration.home import prepare_home  # noqa: PLC0415

    require("dagster_webserver")
    settings = make_settings(data_dir)
    require_free(port)
    prepare_home(settings)
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipelines.orchestration.definitions"]
    serve([*command, "-h", "127.0.0.1", "-p", str(port)])
