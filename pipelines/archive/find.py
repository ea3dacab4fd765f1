"""Finds the files of sources in a folder of downloads."""

from collections.abc import Iterable
from pathlib import Path

from pipelines.errors import BadInputError
from pipelines.sources import FileDeclaration, declared_sources


def find_all(folder: Path, sources: Iterable[str]) -> dict[str, dict[str, Path]]:
    """The files of each source in a folder or below it, by name; no files for a source that has none there.

    The folder is listed once. Raises BadInputError when only some of a source's files are there, or one is there twice.
    """
    listed = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {source: _find(source, folder, listed) for source in sources}


def find_files(source: str, folder: Path) -> dict[str, Path]:
    """The files of one source, as find_all gives them."""
    return find_all(folder, [source])[source]


def _find(source: str, folder: Path, listed: list[Path]) -> dict[str, Path]:
    declared = declared_sources()[source]
    templates = [file for file in (*declared.files, *declared.instead) if file.is_template]
    # any number of files by year or state make a set; files with fixed names must all be there
    if found := _matching(source, templates, folder, listed):
        return found
    sets = [[file for file in files if not file.is_template] for files in (declared.files, declared.instead)]
    partial: tuple[str, str] | None = None
    for files in sets:
        found = _matching(source, files, folder, listed)
        missing = [file.name for file in files if not any(map(file.match, found))]
        if found and not missing:
            return found
        if found and partial is None:
            partial = missing[0], ", ".join(found)
    if partial is not None:
        problem = f"missing, while {partial[1]} is there; the files of one source belong together"
        raise BadInputError(source=source, file=partial[0], place=str(folder), problem=problem)
    return {}


def _matching(source: str, files: Iterable[FileDeclaration], folder: Path, listed: list[Path]) -> dict[str, Path]:
    """The listed files that declarations stand for. A name with folders is compared with the end of the path."""
    found: dict[str, Path] = {}
    for file in files:
        depth = file.name.count("/") + 1
        for path in listed:
            name = "/".join(path.parts[-depth:])
            if file.match(name) and found.setdefault(name, folder / path) != folder / path:
                places = f"{found[name].relative_to(folder).as_posix()}, {path.as_posix()}"
                raise BadInputError(source=source, file=name, problem="found more than once", value=places)
    return found
