"""`lmi report`: reports of states and areas as pages."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import DataDir, err, file_size, make_settings, out, steps
from pipelines.cli.place import Place, StateOption, one_place
from pipelines.cli.targets import refuse_no_folder
from pipelines.reports.pdf import Format, Paper

AreaWithin = Annotated[str | None, typer.Option(help="Look for the area in the state only: Columbus of OH, not of GA.")]
Every = Annotated[bool, typer.Option("--all", help="Every state and territory and the nation, with an index page.")]
Metros = Annotated[bool, typer.Option("--metros", help="With --all: every metro and nonmetro area and region, too.")]
Policy = Annotated[
    str | None,
    typer.Option(
        help="Rules of high-wage, high-skill and in-demand; the state's own, or neutral ones where it has none."
    ),
]
Basis = Annotated[
    str,
    typer.Option(
        help="How jobs are counted: unduplicated (each once), duplicated (in full in each of its clusters), or by "
        "a state's own clusters, such as unduplicated:ohio_pathways."
    ),
]
Form = Annotated[Format, typer.Option("--format", help="html, or pdf where Chromium is installed.")]
PdfPaper = Annotated[Paper, typer.Option(help="Paper of a PDF: letter or a4.")]
Charts = Annotated[
    bool, typer.Option("--charts", help="Write each chart as PNG, and its data as CSV, into a folder beside the page.")
]
Folder = Annotated[
    Path | None, typer.Option("--out", help="Folder to write into; reports/ in the data folder by default.")
]


def report(
    place: Place = None,
    *,
    state: StateOption = None,
    area: AreaWithin = None,
    every: Every = False,
    metros: Metros = False,
    policy: Policy = None,
    basis: Basis = "unduplicated",
    form: Form = Format.HTML,
    paper: PdfPaper = Paper.LETTER,
    charts: Charts = False,
    folder: Folder = None,
    data_dir: DataDir = None,
) -> None:
    """Write a state's report by Career Cluster: one page that needs nothing but itself.

    It says first what a director asks: clusters by jobs, pay and outlook,
    occupations and programs. Then it shows the detail, the state's areas, the
    nation beside it, and where the figures are weak. It opens without a network,
    works with screen readers, and prints compactly, with a cover and contents.
    """
    if every and (place, state, area) != (None, None, None):
        raise typer.BadParameter("give a place, as in `lmi report OH`, or --all")
    if metros and not every:
        raise typer.BadParameter("--metros goes with --all")
    asked = None if every else one_place("lmi report OH", place, state)
    refuse_no_folder(folder)
    settings = make_settings(data_dir)
    target = folder or settings.data_dir / "reports"
    from pipelines.reports.build import Output, planned, write_all, write_report  # noqa: PLC0415

    output, database = Output(form, paper, charts), settings.database
    if asked is not None:
        with err.status("drawing"):
            path = write_report(database, asked, target, area=area, policy=policy, basis=basis, output=output)
        out.print(f"Wrote {path} ({file_size(path)})", soft_wrap=True, highlight=False)
        return
    with steps(planned(database, metros), "reading") as on_step:
        files, index = write_all(
            database, target, metros=metros, policy=policy, basis=basis, output=output, on_step=on_step
        )
    out.print(f"Wrote {len(files)} reports into {target}", soft_wrap=True, highlight=False)
    out.print(f"Begin with {index}", soft_wrap=True, highlight=False)
