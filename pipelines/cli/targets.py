"""Where a command is asked to write: what is wrong with a name is told before any work."""

import re
from pathlib import Path
from tempfile import TemporaryFile

from pipelines.errors import SettingError, cannot_write
from pipelines.files import place_of

#: How names of files end, of those that commands write and of others that people keep beside them.
_OF_FILES = re.compile(
    r"\.(html?|pdf|xlsx?|ods|csv|tsv|parquet|zip|gz|tar|json|md|txt|ya?ml|png|svg|docx?|pptx?|duckdb|db)$",
    re.IGNORECASE,
)
#: What many programs take for standard output.
STANDARD_OUTPUT = Path("-")


def refuse_no_file(*targets: Path | None) -> None:
    """Notice files that cannot be written where they are asked for.

    Raises SettingError for a name that is wrong, MachineError where the machine lets no file be made.
    """
    given = [target for target in targets if target is not None]
    for target in given:
        if target == STANDARD_OUTPUT:
            raise SettingError("- is no name of a file; give one (--json prints on standard output)")
        folder = target.absolute().parent
        if not folder.is_dir():
            raise SettingError(f"{target.absolute()} cannot be written: there is no folder {folder}")
        refuse_taken(target)
    asked = [target.absolute() for target in given]
    if len(set(asked)) < len(asked):
        raise SettingError(f"{asked[0]} is asked for twice; give each file a name of its own")


def refuse_taken(target: Path) -> None:
    """Notice that a folder or a device has the name of a file to be written, or that its folder takes no file.

    A folder that is not there is made later. Raises as `refuse_no_file`.
    """
    if target.is_dir():
        raise SettingError(f"{target.absolute()} cannot be written: it is a folder; give the name of a file")
    try:
        folder = place_of(target.absolute()).parent
    except OSError as error:
        raise SettingError(f"{target} cannot be written: it is a device or a pipe; give the name of a file") from error
    if folder.is_dir():
        try:
            with TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise cannot_write(target, error) from error


def refuse_no_folder(given: Path | None, option: str = "--out") -> None:
    """Notice a name that is a file's where a folder is wanted. Raises SettingError.

    A folder that is there may be called anything. `option` is what stands before the name in the command.
    """
    if given is None or given.is_dir():
        return
    ending = _OF_FILES.search(given.name)
    if given.exists():
        problem = "is a file"
    elif given == STANDARD_OUTPUT:
        problem = "is no name of a folder"
    elif ending is not None:
        problem = "is the name of a file"
    else:
        return
    stem = given.name.removesuffix(ending[0]) if ending else ""
    folder = given.with_name(stem or "lmi")
    raise SettingError(f"{given} {problem}, and a folder is wanted; write {option} {folder}")
