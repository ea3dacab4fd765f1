"""`lmi notebook`: the notebooks on the published database."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import DataDir, make_settings, require_free, serve
from pipelines.cli.extras import require
from pipelines.errors import UnknownNameError
from pipelines.paths import NOTEBOOKS


def require_published(database: Path) -> None:
    """Raise NoReleaseError before a server starts that has nothing to show."""
    from pipelines.reports.release import open_release  # noqa: PLC0415

    with open_release(database):
        pass


def notebook(
    name: Annotated[str, typer.Argument(help="state_report, or explore: the tour of the database.")] = "state_report",
    edit: Annotated[bool, typer.Option("--edit", help="Open it for changes, code and all.")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="Open no browser.")] = False,
    port: Annotated[int, typer.Option(help="Port of the page.")] = 2718,
    data_dir: DataDir = None,
) -> None:
    """Open a notebook on the published database as a page of this machine.

    The address has a token, which is another one each time: nobody else on the machine can open the page without it.
    """
    require("marimo")
    settings = make_settings(data_dir)
    path = NOTEBOOKS / f"{name}.py"
    known = sorted(other.stem for other in NOTEBOOKS.glob("*.py"))
    if name not in known:
        raise UnknownNameError(f"{name} is no notebook of this project; known: {', '.join(known)}")
    require_published(settings.database)
    require_free(port)
    # marimo asks the package index for a newer version of itself when a notebook is edited
    os.environ["MARIMO_SKIP_UPDATE_CHECK"] = "1"
    os.environ["PYTHONHASHSEED"] = "random"  # marimo makes its token with it
    command = [sys.executable, "-m", "pipelines.cli.notebook_server", "edit" if edit else "run", str(path)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--token", *(["--headless"] if headless else [])]
    command += ["--allow-origins", f"http://127.0.0.1:{port}"]
    serve(command)
