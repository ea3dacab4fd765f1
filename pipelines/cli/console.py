"""What the commands share: consoles, the option for the data folder, settings, progress bars."""

import errno
import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from pipelines.cli.targets import refuse_no_folder
from pipelines.errors import LmiError, SettingError
from pipelines.settings import Settings, Source, read_settings

if TYPE_CHECKING:
    from rich.table import Table

    from pipelines.cli.listing import Listing

# no markup and no emoji: messages quote values in brackets and between colons
out = Console(markup=False, emoji=False)
err = Console(stderr=True, markup=False, emoji=False)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder for staging, releases and the database (LMI_DATA_DIR).")
]


def make_settings(data_dir: Path | None = None, source: Source | None = None, files: Path | None = None) -> Settings:
    """Settings from the environment, which the command's options override. Raises LmiError for an invalid variable."""
    if data_dir is not None:
        refuse_no_folder(data_dir, "--data-dir")
        os.environ["LMI_DATA_DIR"] = str(data_dir.resolve())
    if source is not None:
        os.environ["LMI_SOURCE"] = source.value
    if files is not None:
        os.environ["LMI_FILES_DIR"] = str(files.resolve())
        os.environ["LMI_SOURCE"] = Source.FILES.value
    return read_settings()


def published_now() -> str:
    """Which release stays, for a command that was stopped; readers look at the newest folder of releases."""
    try:
        folders = sorted(path.name for path in read_settings().releases.iterdir() if (path / "manifest.json").is_file())
    except (LmiError, OSError):
        folders = []
    return f"release {folders[-1]} stays" if folders else "there is no release"


def require_free(port: int) -> None:
    """Raise SettingError when a port of this machine cannot be listened on."""
    if not 1 <= port <= 65_535:
        raise SettingError(f"{port} is no port; give one from 1 to 65535 with --port")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = "is in use by another program" if error.errno == errno.EADDRINUSE else "may not be used by this user"
            raise SettingError(f"port {port} of this machine {why}; give another with --port") from error


def serve(command: list[str]) -> NoReturn:
    """Run a server until it ends or this command is stopped, which ends the server and what it started."""
    # in a session of its own, so that Ctrl-C reaches this process and no server asks questions about it
    with subprocess.Popen(command, start_new_session=True) as server:
        try:
            # not `wait`, which Ctrl-C does not end: polars lets the system begin such calls again
            while (code := server.poll()) is None:
                sleep(0.2)
        finally:
            if server.poll() is None:
                server.terminate()
                with suppress(subprocess.TimeoutExpired):
                    server.wait(timeout=15)
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
    raise SystemExit(code if code >= 0 else 128 - code)


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
        disable=not err.is_terminal,  # a log gets what the command says, and no empty line
    ) as bar:
        task = bar.add_task(title, total=total)

        def on_step(name: str, done: bool) -> None:
            bar.update(task, description=name.replace("__", "."), advance=1 if done else 0)

        yield on_step


def listing(*headings: str, show_lines: bool = False) -> "Listing":
    """A table with these headings that breaks no words."""
    from pipelines.cli.listing import Listing  # noqa: PLC0415  (rich's tables are read only where one is shown)

    table = Listing(show_lines=show_lines)
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=number == 0, overflow="fold")
    return table


def plain_table() -> "Table":
    """A table of two columns without lines: what something is, and its value, of which nothing is cut."""
    from rich.table import Table  # noqa: PLC0415

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def print_json(content: object) -> None:
    """Print JSON on standard output; days and times as ISO text."""

    def plain(value: object) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    typer.echo(json.dumps(content, indent=1, ensure_ascii=False, default=plain))


def file_size(path: Path) -> str:
    """The size of a file in words, a small one in whole kilobytes."""
    size = path.stat().st_size
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{max(size / 1e3, 1):.0f} KB"


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
        disable=not err.is_terminal,  # a log gets what the command says, and no empty line
    ) as bar:
        tasks: dict[str, progress.TaskID] = {}

        def on_bytes(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=None)
            bar.update(tasks[name], completed=done, total=total, visible=total is None or done < total)

        yield on_bytes
