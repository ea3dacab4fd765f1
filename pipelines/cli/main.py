"""The entry point of `lmi`. The module of a command is imported only when the command is called."""

import ast
import atexit
import gc
import os
import re
import signal
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from pipelines.errors import LmiError, Stopped, chain, machine_error, printable

#: Each command or group, in the order of `lmi --help`, and the module that has a function or an app of its name.
COMMANDS = {
    "run": "run",
    "status": "release",
    "clusters": "clusters",
    "report": "report",
    "export": "export",
    "site": "site",
    "notebook": "notebook",
    "flags": "policies",
    "policies": "policies",
    "programs": "programs",
    "sources": "archive",
    "archive": "archive",
    "overlay": "overlay",
    "init": "init",
    "dictionary": "release",
    "catalogue": "release",
    "validate": "release",
    "releases": "releases",
    "bundle": "bundle",
    "dev": "run",
}


def _summary(name: str) -> str:
    """The first line of a command's docstring, or of its module's for a group, read without importing the module."""
    module = ast.parse(Path(__file__).with_name(f"{COMMANDS[name]}.py").read_text(encoding="utf-8"))
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    return (ast.get_docstring(functions.get(name, module)) or "").partition("\n")[0]


def _load(name: str) -> Any:
    command = getattr(import_module(f"pipelines.cli.{COMMANDS[name]}"), name)
    if isinstance(command, typer.Typer):
        return typer.main.get_group(command)
    single = typer.Typer(add_completion=False)
    single.command(name)(command)
    return typer.main.get_command(single)


#: What the library that reads options says of their values, and what is said instead.
_SAID = (
    (r"^Value error, ", ""),
    (r"^Input should be a valid integer.*", "a whole number is wanted, such as 2"),
    (r"^Input should be a valid number.*", "a number is wanted, such as 0.5"),
    (r"^Input should be (.*)", r"wanted: \1"),
)


def _plain(message: str) -> str:
    for pattern, said in _SAID:
        message = re.sub(pattern, said, message, flags=re.DOTALL)
    return message


class _LazyGroup(TyperGroup):
    """Lists its commands without importing them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name) for name in COMMANDS}

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A stand-in with the help text; `resolve_command` imports the command itself."""
        return TyperCommand(cmd_name, help=_summary(cmd_name)) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, found, rest = super().resolve_command(ctx, args)
        return name, _load(name) if name else found, rest

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what is wrong with its options is told in words of the project."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = _plain(error.message)
            raise


app = typer.Typer(
    cls=_LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they do not end when errors are each other's causes
)


def _version(asked: bool) -> None:
    if asked:
        from pipelines.own_files import project_version  # noqa: PLC0415

        typer.echo(f"lmi {project_version()}")
        raise typer.Exit


@app.callback()
def lmi(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Labor market indicators by Career Cluster: run the pipeline, and read what it published.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 bad input,
    4 a table broke its contract, 5 refused by the gate or a check,
    6 another run is at work, 7 no release, 8 a file could not be fetched,
    9 the machine has no space or memory left, or does not let us write,
    130 and 143 stopped by Ctrl-C or a signal,
    141 nobody reads the output on (| head). docs/service.md has them all.
    """


def _stop(by: int, _: object) -> NoReturn:
    """End the command as its own exception: libraries make other things of KeyboardInterrupt."""
    Stopped.by = by
    raise Stopped


def _quiet() -> None:
    """Let nothing follow what the command said: DuckDB's library lists objects that Python still holds at its end."""
    with suppress(OSError):  # a reader such as head may be gone
        sys.stdout.flush()
        sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _tell(error: BaseException) -> int:
    """Say in one message why the command ends, without a traceback but for a bug; returns the exit code."""
    from rich.text import Text  # noqa: PLC0415

    from pipelines.cli.console import err, published_now  # noqa: PLC0415
    from pipelines.cli.extras import missing_extra  # noqa: PLC0415

    if Stopped.by is not None:
        err.print(f"stopped; {published_now()}", soft_wrap=True)
        return 128 + Stopped.by
    told = error if isinstance(error, LmiError) else missing_extra(error) or machine_error(error)
    if told is None:
        err.print(printable("".join(traceback.format_exception(error))), soft_wrap=True, highlight=False)
        told = LmiError(
            "this is a bug of the project. Please report it as SECURITY.md says, with the command and the lines above; "
            "of a run, the folder failures in the data folder has a report, and `lmi dev` shows its log"
        )
    err.print(Text.assemble(("error:", "red"), f" {told}"), soft_wrap=True)
    return told.exit_code


#: New objects after which Python looks for unused ones, and how often it looks through older ones. Most objects of a
#: command are those of imports and stay; at Python's own numbers it looks through them for a fifth of a start.
_COLLECT = (10_000, 20, 50)


def _open_streams() -> None:
    """Let a stream that the caller closed (`>&-`) lead nowhere; else a file that is opened later takes its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # takes the lowest number that is free, which is the stream's own
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115


def main() -> None:
    """Run the command. An expected error is one message and an exit code, without a traceback."""
    gc.set_threshold(*_COLLECT)
    _open_streams()
    try:
        code = _run()
        sys.stdout.flush()
    except (SystemExit, BrokenPipeError) as ended:
        if not any(isinstance(each, BrokenPipeError) for each in chain(ended)):
            raise
        # nobody reads on, as after `| head`: what is left goes nowhere, and the code is that of a closed pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 128 + signal.SIGPIPE
    raise SystemExit(code)


def _run() -> int:
    """Run the command; returns its exit code. Raises SystemExit where a library ends it."""
    atexit.register(_quiet)
    Stopped.by = None
    before: dict[signal.Signals, Any] = {}
    try:
        for number in Stopped.heard():  # a signal can come between two of them
            before[number] = signal.signal(number, _stop)
        app()
        Stopped.again()
    except (Exception, Stopped) as error:
        for number in Stopped.SIGNALS:  # a second one would cut the message
            signal.signal(number, signal.SIG_IGN)
        code = _tell(error)
    else:
        code = 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    Stopped.by = None
    return code


if __name__ == "__main__":
    main()
