"""`lmi site`: a release as a website of plain files."""

import re
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from pipelines.cli.console import DataDir, make_settings, out, steps
from pipelines.cli.extras import require
from pipelines.cli.targets import refuse_no_folder


def site(
    folder: Annotated[
        Path, typer.Option("--out", help="Folder of the site; a new one, an empty one, or that of an earlier site.")
    ],
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="A state with all its areas (OH), or one area with its state (C18140, Columbus); may be given "
            "several times. Without it all."
        ),
    ] = None,
    exports: Annotated[bool, typer.Option(help="Also each state's tables as Excel, CSV and Parquet.")] = True,
    address: Annotated[
        str | None,
        typer.Option(
            help="Where the site will be on the web (https://lmi.example.gov/clusters); the descriptions for "
            "portals then name each file by its full address."
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Write the newest release as a website: files that a folder or any web server holds.

    It has a front page with a search, the report of every state, metro and
    nonmetro area, a page to print for each cluster in each state, the
    comparison of any two areas, catalogue, methodology, and downloads with
    checksums. Its pages ask no other server for anything.
    """
    for module in ("vl_convert", "xlsxwriter", "markdown_it"):
        require(module)
    if address is not None and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", address):
        raise typer.BadParameter(f"--address {address} is not a web address such as https://lmi.example.gov/clusters")
    refuse_no_folder(folder)
    base = None if address is None else f"{address.rstrip('/')}/"
    settings = make_settings(data_dir)
    from pipelines.release.record import require_release  # noqa: PLC0415
    from pipelines.reports.site.build import build_site, planned, refuse_foreign  # noqa: PLC0415
    from pipelines.reports.site.downloads import in_words  # noqa: PLC0415

    begun = monotonic()
    refuse_foreign(folder)
    published, asked = require_release(settings), only or []
    with steps(planned(published, asked, exports), "reading") as on_step:
        made = build_site(published, folder, asked, exports=exports, address=base, on_step=on_step)
    out.print(
        f"Wrote the site of release {published.manifest.release_id} into {made.folder}: {made.areas} areas, "
        f"{made.files:,} files, {in_words(made.size)}, in {monotonic() - begun:,.0f} s",
        soft_wrap=True,
        highlight=False,
    )
    out.print(f"Begin with {made.folder / 'index.html'}", soft_wrap=True, highlight=False)
