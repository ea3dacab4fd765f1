"""Finds the module of each source in `reference/sources.yml`: it has the source's name, and is imported when needed."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import polars as pl

from pipelines.contracts.model import Table, contracts
from pipelines.errors import ContractError
from pipelines.publishers.common import Read, Written
from pipelines.sources import SourceDeclaration, Vintage, declared_sources
from pipelines.tables import TableName


class Publisher(Protocol):
    """What a source's module has."""

    #: Names of the raw tables, in order; none when the files are only checked.
    TABLES: tuple[str, ...]

    def read(self, source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
        """Read the files (by declared name) into the vintage and the finished raw tables.

        A table too large for memory is written to the folder `scratch`. Raises BadInputError that names source, file,
        place and value.
        """


def publisher(source: str) -> Publisher:
    """The module of a declared source. Raises ContractError when there is none, or it lacks what such a module has."""
    name = f"{__package__}.{source}"
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ContractError(
            f"sources.yml declares {source}, but there is no pipelines/publishers/{source}.py"
        ) from error
    if missing := [part for part in ("TABLES", "read") if not hasattr(module, part)]:
        raise ContractError(f"pipelines/publishers/{source}.py has no {' and no '.join(missing)}")
    return cast(Publisher, module)


@cache
def tables_of(source: str) -> tuple[Table, ...]:
    """The contracts of a source's raw tables, in order. Raises ContractError for a table without a contract."""
    names = [TableName("raw", name) for name in publisher(source).TABLES]
    for name in names:
        if name not in contracts():
            raise ContractError(f"{name}: pipelines/publishers/{source}.py makes this table, and it has no contract")
    return tuple(contracts()[name] for name in names)


@cache
def raw_sources() -> tuple[str, ...]:
    """The declared sources that make raw tables, in the order of their declaration."""
    return tuple(source for source in declared_sources() if publisher(source).TABLES)


def checked_tables(source: str) -> tuple[str, ...]:
    """Names of the tables of a source whose files are only checked, for comparison with its edition before."""
    names: tuple[str, ...] = vars(publisher(source)).get("CHECKED", ())
    return names


def refuse_parts(source: str, tables: Mapping[str, pl.DataFrame | Written], files: Iterable[str]) -> None:
    """Hold tables against the totals inside them, if the module of the source has the function for it."""
    refuse: Callable[..., None] = vars(publisher(source)).get("refuse_parts", lambda *_: None)
    refuse(tables, files)


def page_count(source: str, first: Path) -> int:
    """The number of pages of a list, from its first page; the module of a source with paged files has the function."""
    count: Callable[[Path], int] = vars(publisher(source))["page_count"]
    return count(first)


def read(
    source: str, files: Mapping[str, Path], scratch: Path, made: Mapping[str, Path] | None = None
) -> tuple[Vintage | None, dict[TableName, pl.DataFrame | Written]]:
    """Read a source's files with its module; `made` are the rows of some of its years, read before.

    Raises as the module's `read`, and ContractError for other tables than TABLES.
    """
    module = publisher(source)
    names = (*module.TABLES, *checked_tables(source))
    vintage, tables = module.read(declared_sources()[source], files, scratch, **({"made": made} if made else {}))
    if set(tables) != set(names):
        found, declared = ", ".join(tables), ", ".join(names)
        raise ContractError(f"pipelines/publishers/{source}.py made the tables {found}; its TABLES are {declared}")
    if module.TABLES and vintage is None:
        raise ContractError(f"pipelines/publishers/{source}.py makes raw tables and names no vintage")
    return vintage, {TableName("raw", name): tables[name] for name in names}
