"""Publishers' files brought in by hand, for agencies whose network does not reach the publisher."""

import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.archive.distrust import check_download
from pipelines.archive.find import find_files
from pipelines.archive.store import Archive, Edition
from pipelines.errors import BadInputError
from pipelines.intake.accept import accept
from pipelines.intake.raw import RAW_SOURCES
from pipelines.settings import Settings
from pipelines.sources import declared_sources


def _named(source: str, given: Sequence[Path]) -> dict[str, Path]:
    """Given files and folders by declared name; the only file of a source may have another name."""
    declared = declared_sources()[source]
    is_one = len(declared.files) == 1 and not (declared.is_yearly or declared.is_by_state)
    found: dict[str, Path] = {}
    for path in given:
        if path.is_dir():
            found |= find_files(source, path)
        elif declared.file_of(path.name) is not None:
            found[path.name] = path
        elif is_one and len(given) == 1:
            found[declared.file_names[0]] = path
        else:
            problem = f"not a file of this source; it has {', '.join(declared.file_names)}"
            raise BadInputError(source=source, file=path.name, problem=problem)
    instead = {file.name for file in declared.instead}
    if found and (declared.is_yearly or declared.is_by_state or found.keys() == instead):
        return found
    if missing := [name for name in declared.file_names if name not in found]:
        problem = "missing; the files of one source belong together and are given in one command"
        raise BadInputError(source=source, file=missing[0], problem=problem)
    return found


def add_by_hand(
    settings: Settings, source: str, given: Sequence[Path], vintage: str, released_on: date | None
) -> Edition:
    """Test the files of a source as if they had been fetched, and make them its newest edition.

    Raises BadInputError naming file and fault, also when the files say that they are another vintage.
    """
    archive = Archive(settings.archive)
    now = datetime.now(UTC).replace(microsecond=0)
    found = _named(source, given)
    with archive.hold(), archive.temporary() as folder:
        copies = {}
        for name, path in found.items():
            copies[name] = folder / name
            copies[name].parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copies[name])
            file = declared_sources()[source].file_of(name)
            assert file is not None
            check_download(copies[name], file, source=source)
        accepted = accept(source, copies, as_of=now, archive=archive)
        if source in RAW_SOURCES and vintage != accepted.vintage:
            problem = f"the files are of {accepted.vintage}, not of the vintage given"
            raise BadInputError(source=source, file=", ".join(sorted(copies)), problem=problem, value=vintage)
        edition = Edition(
            source=source,
            vintage=vintage,
            reference_period=next(
                (known.reference_period for known in declared_sources()[source].vintages if known.vintage == vintage),
                accepted.reference_period,
            ),
            released_on=released_on or accepted.released_on,
            notes=None,
            origin="by_hand",
            accepted_at=now,
            files=tuple(
                archive.put(path, name, url=None, last_modified=None, retrieved_at=now) for name, path in copies.items()
            ),
        )
        archive.add(edition)
    return edition
