"""`lmi status`, `validate`, `dictionary` and `catalogue`: the published release and its documents."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipelines.cli.console import DataDir, Json, file_size, listing, make_settings, out, print_json, steps
from pipelines.cli.targets import STANDARD_OUTPUT, refuse_taken
from pipelines.errors import GateError, cannot_write
from pipelines.files import atomic, made_folder

if TYPE_CHECKING:
    from pipelines.release.freshness import SourceState

#: Of a published database that is not its release's.
REPAIRS = "is not this release's database; the next `lmi run` repairs it"

#: What `lmi status --json` has of the manifest.
_OF_RELEASE = {
    "release_id", "published_at", "previous_release_id", "input_sha256", "project_version", "database_sha256",
    "database_bytes", "overlay", "checks", "checks_passed", "warnings", "accepted_changes",
}  # fmt: skip

Target = Annotated[Path | None, typer.Option("--out", help="File to write; standard output (-) by default.")]


def status(as_json: Json = False, data_dir: DataDir = None) -> None:
    """Show the published release, the vintages in it with their age, and how its checks went."""
    from pipelines.release.freshness import source_states  # noqa: PLC0415
    from pipelines.release.install import is_installed  # noqa: PLC0415
    from pipelines.release.record import require_release  # noqa: PLC0415
    from pipelines.reports.format import STATUS_WORDS  # noqa: PLC0415

    settings = make_settings(data_dir)
    release = require_release(settings)
    manifest = release.manifest
    states = source_states(settings, manifest, datetime.now(UTC).date())
    if as_json:
        print_json(
            {
                **manifest.model_dump(include=_OF_RELEASE),
                "is_installed": is_installed(settings, release),
                "sources": [asdict(state) for state in states],
            }
        )
        return
    out.print(f"Release {manifest.release_id}, published {manifest.published_at:%Y-%m-%d %H:%M} UTC")
    if manifest.published_at > datetime.now(UTC):
        out.print("This date is in the future: the clock was ahead when it was published.", style="yellow")
    if is_installed(settings, release):
        out.print(f"Database {settings.database} ({file_size(settings.database)}) is this release.")
    else:
        out.print(f"{settings.database} {REPAIRS}.", style="yellow")
    passed = f"{manifest.checks_passed:,} of {manifest.checks:,} checks passed"
    out.print(passed if not manifest.warnings else f"{passed}; warnings:")
    for warning in manifest.warnings:
        out.print(f"  {warning}", style="yellow")
    for change in manifest.accepted_changes:
        out.print(f"Accepted change: {change}", style="yellow")
    table = listing("source", "vintage", "age, months", "status", "next expected", "last look")
    for row in states:
        table.add_row(
            row.source,
            _vintage(row),
            "" if row.age_months is None else str(row.age_months),
            Text(STATUS_WORDS.get(row.status, row.status), style="" if row.status == "ok" else "yellow"),
            Text(_expected(row), style="yellow" if row.is_overdue else ""),
            row.last_look or "never looked",
        )
    out.print(table)


def _expected(row: "SourceState") -> str:
    """The month in which the next vintage is expected, and whether it has passed."""
    if row.next_expected is None:
        return "not foreseen"
    return f"{row.next_expected}, overdue" if row.is_overdue else row.next_expected


def _vintage(row: "SourceState") -> str:
    """The vintage of a source; below it what its name does not say: its period, and when it came out and came in."""
    lines = [
        row.vintage,
        "" if row.reference_period in row.vintage else f"of {row.reference_period}",
        f"released {row.released_on}" if row.released_on else "",
        f"retrieved {row.retrieved_on}" if row.retrieved_on else "bundled",
    ]
    return "\n".join(filter(None, lines))


def validate(
    database: Annotated[
        Path | None, typer.Argument(help="A release's DuckDB file; the published one by default.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Check a release file again: that it is as published, and every contract and reconciliation on its tables."""
    from pipelines.contracts.model import published_tables  # noqa: PLC0415
    from pipelines.release.install import is_installed  # noqa: PLC0415
    from pipelines.release.recheck import as_published, not_repeated, recheck  # noqa: PLC0415
    from pipelines.release.record import require_release  # noqa: PLC0415

    settings = make_settings(data_dir)
    path = database or require_release(settings).database
    is_damaged = database is None and not is_installed(settings, require_release(settings))
    with steps(len(published_tables()), "reading") as on_step:
        results = recheck(path, on_table=lambda table: on_step(str(table), True))
    faults, said = as_published(path, results)
    if is_damaged:
        faults.append(f"{settings.database} {REPAIRS}")
    for fault in faults:
        out.print(Text.assemble(("not as published: ", "red"), fault))
    failed = [result for result in results if not result.passed]
    for result in failed:
        severity = (str(result.severity), "red" if result.blocks else "yellow")
        out.print(Text.assemble(severity, f" {result.table} {result.check}: {result.description}"))
        out.print(f"  failing rows: {result.failing_rows}, observed: {result.observed}, expected: {result.expected}")
    out.print(f"{path}: {len(results) - len(failed):,} of {len(results):,} checks passed")
    out.print(said)
    out.print(not_repeated())
    if faults or any(result.blocks for result in failed):
        raise typer.Exit(GateError.exit_code)


def dictionary(target: Target = None) -> None:
    """Write the data dictionary: every published table and column, with units and warnings, as Markdown."""
    from pipelines.release.dictionary import dictionary as render  # noqa: PLC0415

    _write(render, target)


def catalogue(target: Target = None) -> None:
    """Write the data catalogue: the dictionary as one web page with a search."""
    from pipelines.release.catalogue import catalogue as render  # noqa: PLC0415

    _write(render, target)


def _write(render: Callable[[], str], target: Path | None) -> None:
    if target is None or target == STANDARD_OUTPUT:
        typer.echo(render())
        return
    refuse_taken(target)
    text = render()
    try:
        with made_folder(target.absolute().parent), atomic(target) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise cannot_write(target, error) from error
    out.print(f"Wrote {target}", soft_wrap=True)
