"""What the commands share: consoles, the option for the data folder, settings, progress bars."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipelines.settings import Settings, Source, read_settings

if TYPE_CHECKING:
    from rich.table import Table as RichTable

# no markup and no emoji: messages quote values in brackets and between colons
out = Console(markup=False, emoji=False)
err = Console(stderr=True, markup=False, emoji=False)

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder for staging, releases and the database (LMI_DATA_DIR).")
]


def make_settings(data_dir: Path | None = None, source: Source | None = None, files: Path | None = None) -> Settings:
    """Settings from the environment, which the command's options override. Raises LmiError for an invalid variable."""
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
    """A progress bar, told of each step when it begins (False) and ends (True); `total` is None when not known."""
    from rich import progress  # noqa: PLC0415

    with progress.Progress(
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        console=err,
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=total)

        def on_step(name: str, done: bool) -> None:
            bar.update(task, description=name.replace("__", "."), advance=1 if done else 0)

        yield on_step


def listing(*headings: str, show_lines: bool = False) -> "RichTable":
    """A table that cuts nothing: names in its first column stay whole to be copied, longer words elsewhere break."""
    from rich.table import Table as RichTable  # noqa: PLC0415

    table = RichTable(show_lines=show_lines)
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=number == 0, overflow="fold")
    return table


def file_size(path: Path) -> str:
    """The size of a file in words."""
    return f"{path.stat().st_size / 1e6:,.1f} MB"


@contextmanager
def downloads() -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar for each download, told of its name, its bytes so far and its size (None if not known)."""
    from rich import progress  # noqa: PLC0415

    with progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeElapsedColumn(),
        console=err,
        transient=True,
    ) as bar:
        tasks: dict[str, progress.TaskID] = {}

        def on_bytes(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=None)
            bar.update(tasks[name], completed=done, total=total, visible=total is None or done < total)

        yield on_bytes
