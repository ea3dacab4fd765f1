"""The command `lmi`. Exit codes: 0 done, 1 failed, 2 wrong use, 3 bad input, 4 a table broke its contract,
5 refused by the gate or a check, 6 another run is at work, 7 no release, 8 a publisher's file could not be fetched.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table as RichTable
from rich.text import Text

from pipelines.cli.archive import archive_app, fetch_newest, show_outcomes
from pipelines.cli.console import DataDir, err, file_size, make_settings, out, steps
from pipelines.cli.overlay import overlay_app
from pipelines.cli.policies import flags, policies
from pipelines.cli.report import report
from pipelines.errors import GateError, LmiError, UnknownNameError
from pipelines.release.failures import failure_report
from pipelines.settings import Settings, Source

if TYPE_CHECKING:
    from pipelines.release.manifest import Release

app = typer.Typer(
    help="Labor market indicators by Career Cluster: run the pipeline, look at what is published.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they never end on errors that stand behind each other
)
bundle_app = typer.Typer(help="The bundled vintage in reference/bundle/.", no_args_is_help=True)
app.add_typer(bundle_app, name="bundle")
app.add_typer(archive_app, name="archive")
app.command()(policies)
app.command()(flags)
app.add_typer(overlay_app, name="overlay")
app.command()(report)


def _show_summary(settings: Settings, release: "Release") -> None:
    from pipelines.reports.summary import summarise  # noqa: PLC0415

    manifest = release.manifest
    summary = summarise(settings.database)
    table = RichTable(show_header=False, box=None, pad_edge=False)
    table.add_row("Figures of", f"{summary.period} (OEWS), {summary.areas:,} areas")
    table.add_row("Clusters", f"{summary.clusters} clusters, {summary.sub_clusters} sub-clusters, on two bases")
    jobs = f"{summary.unduplicated_employment:,} in clusters, each counted once"
    table.add_row("Jobs in the nation", f"{jobs}; {summary.national_employment:,} published in all")
    table.add_row("Checks", f"{manifest.checks_passed:,} of {manifest.checks:,} passed")
    for warning in manifest.warnings:
        table.add_row("", Text(warning, style="yellow"))
    grades = ", ".join(f"{grade} {count:,}" for grade, count in summary.reliability.items())
    table.add_row("Reliability", f"{grades} (cluster figures over all areas)")
    weakest = "; ".join(f"{area}, {cluster}: {rse:.1f} %" for area, cluster, rse in summary.weakest_state_clusters)
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


@app.command()
def run(
    source: Annotated[
        Source | None,
        typer.Option(
            help="bundled: the vintage in the repository; files: a folder of downloads; live: fetched from publishers."
        ),
    ] = None,
    files: Annotated[
        Path | None, typer.Option(help="Folder with the publishers' files (LMI_FILES_DIR); implies --source files.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Publish a new release even from unchanged inputs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Run the whole pipeline and publish a release when every check passes."""
    settings = make_settings(data_dir, source, files)
    with failure_report(settings):
        _run(settings, force=force)


def _run(settings: Settings, *, force: bool) -> None:
    from pipelines.overlays.policies import policies_at_hand  # noqa: PLC0415
    from pipelines.overlays.read import look_over  # noqa: PLC0415

    # a broken one is found now rather than after minutes of work
    policies_at_hand(settings)
    if settings.overlay_dir is not None:
        look_over(settings.overlay_dir)
    if settings.source is Source.LIVE:
        show_outcomes(fetch_newest(settings))
    from pipelines.release.inputs import input_fingerprint  # noqa: PLC0415
    from pipelines.release.lock import hold  # noqa: PLC0415
    from pipelines.release.publish import recover  # noqa: PLC0415

    with hold(settings.data_dir):
        current = recover(settings)
        unchanged = current is not None and current.manifest.input_sha256 == input_fingerprint(settings)
    if current is not None and unchanged and not force:
        out.print(f"Nothing changed since release {current.manifest.release_id}: nothing new is published.")
        out.print("`lmi run --force` publishes again.")
        _show_summary(settings, current)
        return

    from pipelines.orchestration.execute import execute, step_names  # noqa: PLC0415
    from pipelines.release.manifest import require_release  # noqa: PLC0415

    with steps(len(step_names()), "starting") as on_step:
        execute(settings, force=force, on_step=on_step)
    release = require_release(settings)
    out.print(f"Published release {release.manifest.release_id}.", style="green")
    _show_summary(settings, release)


@app.command()
def status(data_dir: DataDir = None) -> None:
    """Show the published release, the vintages in it with their age, and how its checks went."""
    settings = make_settings(data_dir)
    from pipelines.release.freshness import source_states  # noqa: PLC0415
    from pipelines.release.manifest import require_release  # noqa: PLC0415
    from pipelines.release.publish import is_installed  # noqa: PLC0415

    release = require_release(settings)
    manifest = release.manifest
    out.print(f"Release {manifest.release_id}, published {manifest.published_at:%Y-%m-%d %H:%M} UTC")
    if is_installed(settings, release):
        out.print(f"Database {settings.database} ({file_size(settings.database)}) is this release.")
    else:
        out.print(
            f"{settings.database} is not this release's database; the next `lmi run` puts it right.", style="yellow"
        )
    passed = f"{manifest.checks_passed:,} of {manifest.checks:,} checks passed"
    out.print(passed if not manifest.warnings else f"{passed}; warnings:")
    for warning in manifest.warnings:
        out.print(f"  {warning}", style="yellow")
    table = RichTable(
        "source", "vintage", "period", "released", "retrieved", "age, months", "status", "next expected", "last look"
    )
    for row in source_states(settings, manifest, datetime.now(UTC).date()):
        table.add_row(
            row.source,
            row.vintage,
            row.reference_period,
            row.released_on or "not stated",
            row.retrieved_on or "bundled",
            "" if row.age_months is None else str(row.age_months),
            Text(row.status, style="" if row.status == "ok" else "yellow"),
            Text(row.next_expected or "not foreseen", style="yellow" if row.is_overdue else ""),
            row.last_look or "never looked",
        )
    out.print(table)


@app.command()
def validate(
    database: Annotated[
        Path | None, typer.Argument(help="A release's DuckDB file; the published one by default.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Check a release file again: every contract and every reconciliation on the tables as they are in it."""
    settings = make_settings(data_dir)
    from pipelines.contracts.model import published_tables  # noqa: PLC0415
    from pipelines.release.manifest import require_release  # noqa: PLC0415
    from pipelines.release.recheck import recheck  # noqa: PLC0415

    path = database or require_release(settings).database
    with steps(len(published_tables()), "reading") as on_step:
        results = recheck(path, on_table=lambda table: on_step(str(table), True))
    failed = [result for result in results if not result.passed]
    for result in failed:
        severity = (str(result.severity), "red" if result.blocks else "yellow")
        out.print(Text.assemble(severity, f" {result.table} {result.check}: {result.description}"))
        out.print(f"  failing rows: {result.failing_rows}, observed: {result.observed}, expected: {result.expected}")
    out.print(f"{path}: {len(results) - len(failed):,} of {len(results):,} checks passed")
    if any(result.blocks for result in failed):
        raise typer.Exit(GateError.exit_code)


@app.command()
def sources() -> None:
    """List the declared sources: publisher, files, address, and the bundled vintage."""
    from pipelines.intake.bundle import read_manifest  # noqa: PLC0415
    from pipelines.sources import declared_sources  # noqa: PLC0415

    bundled = read_manifest().sources
    table = RichTable("source", "publisher", "what", "bundled vintage", "files", "address")
    for name, source in declared_sources().items():
        if name in bundled:
            vintage = bundled[name].vintage.vintage
        elif source.on_request:
            vintage = f"not bundled; lmi archive fetch --source {name}"
        else:
            vintage = f"{source.vintages[0].vintage}, in reference/" if source.vintages else "not bundled"
        table.add_row(name, source.publisher, source.title, vintage, "\n".join(source.file_names), source.url)
    out.print(table)


def _write_text(text: str, target: Path | None) -> None:
    if target is None:
        typer.echo(text)
        return
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LmiError(f"{target} cannot be written: {error.strerror}") from error
    out.print(f"Wrote {target}", soft_wrap=True)


@app.command()
def dictionary(
    target: Annotated[Path | None, typer.Option("--out", help="File to write; standard output by default.")] = None,
) -> None:
    """Write the data dictionary: every published table and column, with units and warnings, as Markdown."""
    from pipelines.release.dictionary import dictionary as render  # noqa: PLC0415

    _write_text(render(), target)


@app.command()
def catalogue(
    target: Annotated[Path | None, typer.Option("--out", help="File to write; standard output by default.")] = None,
) -> None:
    """Write the data catalogue: the dictionary as one page with a search, to be opened in a browser."""
    from pipelines.release.catalogue import catalogue as render  # noqa: PLC0415

    _write_text(render(), target)


@app.command()
def export(
    state: Annotated[str, typer.Option(help="Postal code or name of a state or territory, such as OH.")],
    folder: Annotated[Path, typer.Option("--out", help="Folder to write into; made where it is missing.")],
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
    settings = make_settings(data_dir)
    from pipelines.reports.export.write import export_state  # noqa: PLC0415

    with steps(None, "reading") as on_step:
        written = export_state(settings.database, state, folder, shared=shared_metros, basis=basis, on_step=on_step)
    table = RichTable("table", "rows")
    for name, rows in written.rows.items():
        table.add_row(name, f"{rows:,}")
    out.print(table)
    out.print(f"Wrote {len(written.files)} files into {folder}:", soft_wrap=True)
    for path in written.files:
        if path.parent == folder:
            out.print(f"  {path} ({file_size(path)})", soft_wrap=True, highlight=False)
    out.print(f"  {folder / 'csv'} and {folder / 'parquet'}: each table, and the dictionary", soft_wrap=True)


@app.command()
def dev(port: Annotated[int, typer.Option(help="Port of the web interface.")] = 3000, data_dir: DataDir = None) -> None:
    """Start Dagster's web interface and daemon on this machine, on the same instance as `lmi run`."""
    settings = make_settings(data_dir)
    import sys  # noqa: PLC0415

    from pipelines.orchestration.home import prepare_home  # noqa: PLC0415

    prepare_home(settings)
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "-m",
        "pipelines.orchestration.definitions",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    os.execv(sys.executable, command)


@app.command()
def notebook(
    name: Annotated[str, typer.Argument(help="state_report, or explore: the tour of the database.")] = "state_report",
    edit: Annotated[bool, typer.Option("--edit", help="Open it for changes, code and all.")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="Open no browser.")] = False,
    port: Annotated[int, typer.Option(help="Port of the page.")] = 2718,
    data_dir: DataDir = None,
) -> None:
    """Open a notebook on the published database as a page of this machine."""
    make_settings(data_dir)
    import sys  # noqa: PLC0415

    from pipelines.paths import NOTEBOOKS  # noqa: PLC0415

    path = NOTEBOOKS / f"{name}.py"
    known = sorted(other.stem for other in NOTEBOOKS.glob("*.py"))
    if name not in known:
        raise UnknownNameError(f"{name} is no notebook of this project; known: {', '.join(known)}")
    # marimo asks the package index for a newer version of itself when a notebook is edited
    os.environ["MARIMO_SKIP_UPDATE_CHECK"] = "1"
    command = [sys.executable, "-m", "marimo", "edit" if edit else "run", str(path)]
    command += ["--host", "127.0.0.1", "--port", str(port), *(["--headless"] if headless else [])]
    os.execv(sys.executable, command)


@bundle_app.command("build")
def bundle_build(
    files: Annotated[Path, typer.Argument(help="Folder with the publishers' files.", exists=True, file_okay=False)],
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source; may be given several times.")
    ] = None,
    target: Annotated[Path | None, typer.Option("--out", help="Folder to write; reference/bundle by default.")] = None,
) -> None:
    """Rebuild the bundle from publishers' files: the same bytes from the same files."""
    from pipelines.intake.bundle import build  # noqa: PLC0415
    from pipelines.paths import BUNDLE  # noqa: PLC0415

    with err.status("parsing"):
        manifest = build(files, target or BUNDLE, source)
    for name, built in manifest.sources.items():
        rows = sum(table.rows for table in built.tables.values())
        out.print(f"{name}: {built.vintage.vintage}, {len(built.tables)} tables, {rows:,} rows")


@bundle_app.command("crosswalks")
def bundle_crosswalks(
    files: Annotated[
        Path,
        typer.Argument(
            help="Folder with Advance CTE's workbooks, and O*NET OnLine's list of 2023 by legacy clusters.",
            exists=True,
            file_okay=False,
        ),
    ],
) -> None:
    """Take occupations' memberships over from the published lists, and hold industry homes against the listing."""
    from pipelines.archive.find import find_files  # noqa: PLC0415
    from pipelines.intake.crosswalks import LEGACY_LIST, write_legacy_memberships, write_memberships  # noqa: PLC0415
    from pipelines.publishers.career_clusters import listing_disagreements  # noqa: PLC0415

    found = find_files("career_clusters", files)
    if not found:
        raise LmiError(f"{files} holds none of Advance CTE's workbooks; `lmi sources` names them")
    soc_workbook, naics_workbook = found.values()
    out.print(f"soc_sub_cluster.csv: {write_memberships(soc_workbook):,} memberships")
    for listing in sorted(files.rglob(LEGACY_LIST)):
        out.print(f"onet_legacy_cluster.csv: {write_legacy_memberships(listing):,} memberships")
    wrong = listing_disagreements(naics_workbook)
    for row in wrong.iter_rows(named=True):
        out.print(f"naics_sub_cluster.csv: {row['naics_code']}: advance_cte_agrees should be {row['should_be']}")
    if not wrong.is_empty():
        raise typer.Exit(1)
    out.print("naics_sub_cluster.csv: every advance_cte_agrees is as the workbook has it")


def main() -> None:
    """Run the command; expected errors are one message and an exit code, without a traceback."""
    try:
        app()
    except LmiError as error:
        err.print(Text.assemble(("error:", "red"), f" {error}"), soft_wrap=True)
        raise SystemExit(error.exit_code) from None


if __name__ == "__main__":
    main()
