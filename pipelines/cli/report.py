"""`lmi report`: reports of states and areas as pages."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import DataDir, err, file_size, make_settings, out, steps
from pipelines.reports.pdf import Format, Paper


def report(  # noqa: PLR0917  (the options of the command)
    state: Annotated[
        str | None, typer.Option(help="Postal code or name of a state or territory (OH), or US for the nation.")
    ] = None,
    area: Annotated[
        str | None,
        typer.Option(help="Metro or nonmetro area or region of the state: its id, CBSA code, name or a part of it."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every state and territory and the nation, with an index page.")
    ] = False,
    policy: Annotated[
        str | None,
        typer.Option(
            help="Rules of high-wage, high-skill and in-demand; the state's own, or neutral ones where it has none."
        ),
    ] = None,
    basis: Annotated[
        str,
        typer.Option(
            help="How jobs are counted: unduplicated (each once), duplicated (in full in each of its clusters), or by "
            "a state's own clusters, such as unduplicated:ohio_pathways."
        ),
    ] = "unduplicated",
    form: Annotated[Format, typer.Option("--format", help="html, or pdf where Chromium is installed.")] = Format.HTML,
    paper: Annotated[Paper, typer.Option(help="Paper of a PDF: letter or a4.")] = Paper.LETTER,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder to write into; reports/ in the data folder by default.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Write a state's report by Career Cluster: one page that needs nothing but itself.

    It says first what a director asks: clusters by jobs, pay and outlook,
    occupations and programs. Then it shows the detail, the state's areas, the
    nation beside it, and where the figures are weak. It opens without a network,
    works with screen readers, and prints compactly, with a cover and contents.
    """
    if every == (state is not None) or (every and area is not None):
        raise typer.BadParameter("give --state OH, --state OH --area C18140, or --all")
    if area is not None and state is None:
        raise typer.BadParameter("--area needs the --state that it is in")
    settings = make_settings(data_dir)
    target = folder or settings.data_dir / "reports"
    from pipelines.reports.build import planned, write_all, write_report  # noqa: PLC0415

    if state is not None:
        with err.status("drawing"):
            path = write_report(
                settings.database, state, target, area=area, policy=policy, basis=basis, form=form, paper=paper
            )
        out.print(f"Wrote {path} ({file_size(path)})", soft_wrap=True, highlight=False)
        return
    with steps(planned(settings.database), "reading") as on_step:
        files, index = write_all(
            settings.database, target, policy=policy, basis=basis, form=form, paper=paper, on_step=on_step
        )
    out.print(f"Wrote {len(files)} reports into {target}", soft_wrap=True, highlight=False)
    out.print(f"Begin with {index}", soft_wrap=True, highlight=False)
