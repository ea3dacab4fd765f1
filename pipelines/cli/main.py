"""The entry point of `lmi`. The module of a command is imported only when the command is called."""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from pipelines.errors import LmiError

#: Each command or group, in the order of `lmi --help`, and the module that has a function or an app of its name.
COMMANDS = {
    "run": "run",
    "status": "release",
    "report": "report",
    "export": "export",
    "notebook": "notebook",
    "flags": "policies",
    "policies": "policies",
    "programs": "programs",
    "sources": "archive",
    "archive": "archive",
    "overlay": "overlay",
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


app = typer.Typer(
    cls=_LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they do not end when errors are each other's causes
)


@app.callback()
def lmi() -> None:
    """Labor market indicators by Career Cluster: run the pipeline, and read what it published.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 bad input,
    4 a table broke its contract, 5 refused by the gate or a check,
    6 another run is at work, 7 no release, 8 a file could not be fetched.
    """


def main() -> None:
    """Run the command. An expected error is one message and an exit code, without a traceback."""
    try:
        app()
    except LmiError as error:
        from rich.text import Text  # noqa: PLC0415

        from pipelines.cli.console import err  # noqa: PLC0415

        err.print(Text.assemble(("error:", "red"), f" {error}"), soft_wrap=True)
        raise SystemExit(error.exit_code) from None


if __name__ == "__main__":
    main()
