"""Publishers' files brought in by hand, for agencies whose network does not reach the publisher."""

import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.archive.accept import accept
from pipelines.archive.distrust import check_download
from pipelines.archive.raw import RAW_SOURCES, find_files
from pipelines.archive.sources import declared_sources
from pipelines.archive.store import Archive, Edition
from pipelines.errors import BadInputError
from pipelines.settings import Settings


def _named(source: str, given: Sequence[Path]) -> dict[str, Path]:
    """Given files and folders by declared name; the only file of a source may have another name."""
    declared = declared_sources()[source].file_names
    if len(declared) == 1 and len(given) == 1 and given[0].is_file():
        return {declared[0]: given[0]}
    found: dict[str, Path] = {}
    for path in given:
        if path.is_dir():
            found |= find_files(source, path)
        elif path.name in declared:
            found[path.name] = path
        else:
            problem = f"not a file of this source; it has {', '.join(declared)}"
            raise BadInputError(source=source, file=path.name, problem=problem)
    if missing := [name for name in declared if name not in found]:
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
        for file in declared_sources()[source].files:
            copies[file.name] = folder / file.name
            shutil.copyfile(found[file.name], copies[file.name])
            check_download(copies[file.name], file, source=source)
        accepted = accept(source, copies, as_of=now)
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
