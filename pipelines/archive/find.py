"""Finds the files of a source in a folder."""

from functools import reduce
from pathlib import Path

from pipelines.errors import BadInputError
from pipelines.sources import NAME_PARTS, SourceDeclaration, declared_sources


def find_files(source: str, folder: Path) -> dict[str, Path]:
    """The files of a source in a folder or below it; empty when there is none.

    Raises BadInputError when only some of them are there, or one is there twice: they must belong together.
    """
    declared = declared_sources()[source]
    sets = [tuple(file.name for file in declared.instead if not _is_templated(file.name))]
    if declared.is_yearly or declared.is_by_state:
        found = _find_templated(source, declared, folder)
        if found:
            return found
    else:
        sets.insert(0, declared.file_names)
    partial: list[tuple[dict[str, Path], list[str]]] = []
    for names in sets:
        found = _find(source, names, folder)
        missing = [name for name in names if name not in found]
        if found and not missing:
            return found
        if found:
            partial.append((found, missing))
    for found, missing in partial[:1]:
        raise BadInputError(
            source=source,
            file=missing[0],
            place=str(folder),
            problem=f"missing, though {', '.join(found)} is there; the files of one source belong together",
        )
    return {}


def _is_templated(name: str) -> bool:
    return any(part in name for part in NAME_PARTS)


def _find_templated(source: str, declared: SourceDeclaration, folder: Path) -> dict[str, Path]:
    """Files of any year or state; one that is named by its folders keeps them, for others may have its name."""
    found: dict[str, Path] = {}
    for file in (file for file in (*declared.files, *declared.instead) if _is_templated(file.name)):
        pattern = reduce(lambda text, each: text.replace(*each), NAME_PARTS.items(), file.name)
        paths = set(folder.rglob(pattern))
        if file.is_paged:
            paths |= set(folder.rglob(Path(pattern).stem + "_page_*" + Path(pattern).suffix))
        for path in sorted(path for path in paths if path.is_file()):
            key = "/".join(path.parts[-len(Path(file.name).parts) :])
            if found.setdefault(key, path) != path:
                places = ", ".join(each.relative_to(folder).as_posix() for each in (found[key], path))
                raise BadInputError(source=source, file=key, problem="found more than once", value=places)
    return found


def _find(source: str, names: tuple[str, ...], folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for name in names:
        paths = sorted(path for path in folder.rglob(name) if path.is_file())
        if len(paths) > 1:
            places = ", ".join(path.relative_to(folder).as_posix() for path in paths)
            raise BadInputError(source=source, file=name, problem="found more than once", value=places)
        if paths:
            found[name] = paths[0]
    return found
