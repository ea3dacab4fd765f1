"""Rebuild the bundled vintage in reference/bundle/ and the crosswalks, for maintainers."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.archive.find import find_files
from pipelines.cli.console import err, out
from pipelines.cli.targets import refuse_no_folder
from pipelines.errors import LmiError
from pipelines.intake.bundle import build as build_bundle
from pipelines.intake.crosswalks import LEGACY_LIST, write_legacy_memberships, write_memberships
from pipelines.paths import BUNDLE, IS_INSTALLED
from pipelines.publishers.career_clusters import listing_disagreements

bundle = typer.Typer(help=__doc__, no_args_is_help=True)


@bundle.callback()
def _in_a_checkout() -> None:
    if IS_INSTALLED:
        raise LmiError("bundle and crosswalks are part of the installed package; rebuild them in a checkout")


@bundle.command()
def build(
    files: Annotated[Path, typer.Argument(help="Folder with the publishers' files.", exists=True, file_okay=False)],
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source; may be given several times.")
    ] = None,
    target: Annotated[Path | None, typer.Option("--out", help="Folder to write; reference/bundle by default.")] = None,
) -> None:
    """Rebuild the bundle from the publishers' files. The same files give the same bytes."""
    refuse_no_folder(target)
    with err.status("parsing"):
        manifest = build_bundle(files, target or BUNDLE, source)
    for name, built in manifest.sources.items():
        rows = sum(table.rows for table in built.tables.values())
        out.print(f"{name}: {built.vintage.vintage}, {len(built.tables)} tables, {rows:,} rows")


@bundle.command()
def crosswalks(
    files: Annotated[
        Path,
        typer.Argument(
            help="Folder with Advance CTE's workbooks, and O*NET OnLine's list of 2023 by the legacy clusters.",
            exists=True,
            file_okay=False,
        ),
    ],
) -> None:
    """Write occupations' memberships from the published lists, and compare industries' homes with the listing."""
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
    out.print("naics_sub_cluster.csv: every advance_cte_agrees matches the workbook")
