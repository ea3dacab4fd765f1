"""What the commands share: consoles, the data folder's option, settings with options over them, progress bars."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)

from pipelines.settings import Settings, Source, read_settings

# messages carry patterns and values in brackets, which markup would swallow
out = Console(markup=False)
err = Console(stderr=True, markup=False)

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder for staging, releases and the database (LMI_DATA_DIR).")
]


def make_settings(data_dir: Path | None = None, source: Source | None = None, files: Path | None = None) -> Settings:
    """Settings of the environment with the command's options over them, for this process and its children.

    Raises LmiError naming a variable of the environment that is not valid.
    """
    if data_dir is not None:
        os.environ["LMI_DATA_DIR"] = str(data_dir.resolve())
    if source is not None:
        os.environ["LMI_SOURCE"] = source.value
    if files is not None:
        os.environ["LMI_FILES_DIR"] = str(files.resolve())
        os.environ["LMI_SOURCE"] = Source.FILES.value
    return read_settings()


@contextmanager
def steps(total: int | None, title: str) -> Iterator[Callable[[str, bool], None]]:
    """A progress bar that hears of steps as they begin and end; `total` is None where it is not known beforehand."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(title, total=total)

        def on_step(name: str, done: bool) -> None:
            progress.update(task, description=name.replace("__", "."), advance=1 if done else 0)

        yield on_step


def file_size(path: Path) -> str:
    """The size of a file in words."""
    return f"{path.stat().st_size / 1e6:,.1f} MB"


@contextmanager
def downloads() -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar for each file under way, that hears of its name, its bytes so far and its size."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def on_bytes(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=None)
            progress.update(tasks[name], completed=done, total=total, visible=total is None or done < total)

        yield on_bytes
