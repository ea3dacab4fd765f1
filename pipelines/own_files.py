"""The project's own files that decide the figures: code, SQL, contracts and reference data; and its version."""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipelines.files import file_sha256
from pipelines.paths import PACKAGE, POLICIES, PROJECT, REFERENCE, RESOURCES, SQL

_OWN_FILES = (
    (REFERENCE, "*.csv"),
    (REFERENCE, "*.yml"),
    (SQL, "*.sql"),
    (SQL, "*.yml"),
    (PACKAGE, "*.py"),
    (PACKAGE, "*.j2"),
)
#: Libraries that compute figures and write tables.
_LIBRARIES = ("duckdb", "numpy", "polars", "pyarrow")


def project_version() -> str:
    """The installed version of this project."""
    return version("career-cluster-lmi")


def own_lines() -> list[str]:
    """One line for each file, `path checksum`, sorted; the same in a checkout and in an installed wheel of it."""
    return [f"version {project_version()}", *_lines(_own_files())]


def reference_lines(*, policies: bool = False) -> list[str]:
    """The lines of the reference data, without the policies unless they are asked for."""
    paths = [path for path in _own_files() if REFERENCE in path.parents]
    return _lines(path for path in paths if policies or POLICIES not in path.parents)


def _own_files() -> list[Path]:
    """All of them; a wheel holds the other folders below the package's, where they are not counted twice."""
    found = [(path, folder) for folder, pattern in _OWN_FILES for path in folder.rglob(pattern)]
    return [path for path, folder in found if folder != PACKAGE or RESOURCES not in path.parents]


def _lines(paths: Iterable[Path]) -> list[str]:
    return sorted(map(_line, paths))


def _line(path: Path) -> str:
    return f"{_place(path)} {file_sha256(path)}"


def _place(path: Path) -> str:
    """The path of a file in a checkout, also for an installed one."""
    root = PROJECT if PROJECT in path.parents else PACKAGE.parent
    return path.relative_to(root).as_posix()


@cache
def code_version(*modules: str) -> str:
    """One checksum of modules, of all that they import of the project, and of the libraries' versions."""
    found: set[Path] = set()
    waiting = [path for module in modules for path in _files(module)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imported(path)
    lines = [*sorted(map(_module_line, found)), *(f"{name} {version(name)}" for name in _LIBRARIES)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@cache
def _module_line(path: Path) -> str:
    """The line of a module, which many others import; a process runs the code that it read when it began."""
    return _line(path)


@cache
def _imported(path: Path) -> frozenset[Path]:
    """The files of the project that a module imports, at its head or inside its functions."""
    names = (name for node in _statements(ast.parse(path.read_bytes()).body) for name in _names(node))
    return frozenset(file for name in names for file in _files(name))


def _statements(block: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Statements with those inside them; expressions, which are most of the tree, hold no import."""
    for node in block:
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from _statements(getattr(node, part, ()))


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files(module: str) -> list[Path]:
    """The file of a module of the project; none for anything else that is imported."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    places = (path.with_suffix(".py"), path / "__init__.py") if module.startswith("pipelines") else ()
    return [file for file in places if file.is_file()]
