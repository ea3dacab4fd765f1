"""Finds the files of sources in a folder of downloads."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from pipelines.errors import BadInputError
from pipelines.files import is_litter
from pipelines.sources import FileDeclaration, SourceDeclaration, declared_sources


def find_all(folder: Path, sources: Iterable[str]) -> dict[str, dict[str, Path]]:
    """The files of each source in a folder or below it, by name; no files for a source that has none there.

    Names may differ in case, and by the number that a browser adds to a second download. The folder is listed once.
    Raises BadInputError when only some of a source's files are there, or one is there twice.
    """
    listed = _listed(folder)
    return {source: _find(source, folder, listed) for source in sources}


def find_files(source: str, folder: Path) -> dict[str, Path]:
    """The files of one source, as find_all gives them."""
    return find_all(folder, [source])[source]


def left_over(folder: Path, found: Mapping[str, Mapping[str, Path]]) -> dict[str, str]:
    """The files of a folder that no source took, by their path in it, each with the reason."""
    taken = {path for files in found.values() for path in files.values()}
    return {path.as_posix(): _why(path, found) for path in _listed(folder) if folder / path not in taken}


def accepted_names(sources: Iterable[str]) -> str:
    """The names of the files that sources accept and where they are got, a line for each source."""
    lines = []
    for source in sources:
        declared = declared_sources()[source]
        whole = " and ".join(declared.file_names)
        others = [
            f"{file.name} in place of {file.replaces}" if file.replaces else file.name for file in declared.instead
        ]
        beside = "".join(f", beside it {file.name}" for file in declared.beside)
        lines.append(f"  {source}: {', or '.join([whole, *others])}{beside}; from {declared.url}")
    return "\n".join(lines)


def _listed(folder: Path) -> list[Path]:
    """The files below a folder, without those that computers add by themselves."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in paths if not is_litter(path.as_posix()))


def _why(path: Path, found: Mapping[str, Mapping[str, Path]]) -> str:
    """Why no source took a file."""
    for source, files in found.items():
        if files and _declaration(declared_sources()[source], path) is not None:
            names = sorted(files)
            shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
            return f"{source} took {shown} instead"
    for source, declared in declared_sources().items():
        if source not in found and _declaration(declared, path) is not None:
            return f"a run makes no table of {source}; `lmi archive add --source {source}` keeps its files"
    names_of = {file.name: source for source in declared_sources() for file in declared_sources()[source].all_files}
    close = get_close_matches(path.name, names_of, n=1, cutoff=0.7)
    hint = f"; {names_of[close[0]]} has {close[0]}" if close else ""
    return f"no source has a file of this name{hint}"


def _find(source: str, folder: Path, listed: list[Path]) -> dict[str, Path]:
    declared = declared_sources()[source]
    # in the order of the declaration
    by_file: dict[FileDeclaration, list[Path]] = {file: [] for file in declared.all_files}
    for path in listed:
        if (file := _declaration(declared, path)) is not None:
            by_file[file].append(path)
    matched = {file: paths for file, paths in by_file.items() if paths}
    beside = _by_name(source, folder, {file: matched.pop(file) for file in declared.beside if file in matched})
    found = _alone(source, folder, matched)
    if beside and not found:
        problem = f"it adds to the source's files, and none of them is there; they are\n{accepted_names([source])}"
        raise BadInputError(source=source, file=", ".join(beside), place=str(folder), problem=problem)
    return found | beside


def _alone(source: str, folder: Path, matched: Mapping[FileDeclaration, list[Path]]) -> dict[str, Path]:
    """The files of a source without those beside them: a set by year or state, all with fixed names, or one of all."""
    declared = declared_sources()[source]
    # any number of files by year or state make a set; files with fixed names must all be there
    if found := _by_name(source, folder, {file: paths for file, paths in matched.items() if file.is_template}):
        return found
    alone = {file: paths for file, paths in matched.items() if file in declared.instead and not file.replaces}
    together = {file: paths for file, paths in matched.items() if file not in alone}
    found = _by_name(source, folder, together)
    _refuse_two_for_one(declared, source, folder, found)
    missing = declared.missing(found)
    if not missing:
        return found
    if other := _by_name(source, folder, alone):
        if len(other) > 1:
            problem = "one file holds all of this source, and there are several"
            raise BadInputError(source=source, file=", ".join(other), place=str(folder), problem=problem)
        return other
    if found:
        problem = (
            f"missing, while {', '.join(found)} is there; the files of one source belong together, from {declared.url}"
        )
        raise BadInputError(source=source, file=missing[0], place=str(folder), problem=problem)
    return {}


def _refuse_two_for_one(declared: SourceDeclaration, source: str, folder: Path, found: Mapping[str, Path]) -> None:
    """Refuse two files of which each stands for the same declared file, as workbooks of two editions."""
    for name in declared.file_names:
        same = [file for file in found if declared.stands_for(file) == name]
        if len(same) > 1:
            problem = f"each of them is {name}, and a run takes one: leave out the others"
            raise BadInputError(source=source, file=", ".join(same), place=str(folder), problem=problem)


def _declaration(declared: SourceDeclaration, path: Path) -> FileDeclaration | None:
    """The declaration that stands for a file, by the end of its path; the first that does."""
    return next((file for file in declared.all_files if file.match(path.as_posix())), None)


def _by_name(source: str, folder: Path, matched: Mapping[FileDeclaration, list[Path]]) -> dict[str, Path]:
    """The files by the names that their source knows. Slices that lie in several folders keep the folders."""
    found: dict[str, Path] = {}
    for file, paths in matched.items():
        names = [file.name_of(path.as_posix()) for path in paths]
        for name, path in zip(names, paths, strict=True):
            key = path.as_posix() if file.is_slice and names.count(name) > 1 else name
            if found.setdefault(key, folder / path) != folder / path:
                places = f"{found[key].relative_to(folder).as_posix()}, {path.as_posix()}"
                raise BadInputError(source=source, file=key, problem="found more than once", value=places)
    return found
