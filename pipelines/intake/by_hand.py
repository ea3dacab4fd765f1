"""Adds publishers' files that were downloaded by hand, for agencies whose network does not reach the publisher."""

import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path

from pipelines.archive.distrust import check_download
from pipelines.archive.find import accepted_names, find_files
from pipelines.archive.store import Archive, ArchivedVintage, described
from pipelines.errors import BadInputError
from pipelines.intake.parsed import accept
from pipelines.publishers.registry import raw_sources
from pipelines.settings import Settings
from pipelines.sources import Vintage, declared_sources

#: Files that a message names where all are at fault, those nearest to the vintage given.
NEAREST = 5


def _named(source: str, given: Sequence[Path]) -> dict[str, Path]:
    """The given files and folders by declared name. The only file of a source may have any name."""
    declared = declared_sources()[source]
    is_one = len(declared.files) == 1 and not declared.files[0].is_template
    found: dict[str, Path] = {}
    for path in given:
        if path.is_dir():
            found |= find_files(source, path)
        elif (name := declared.name_of(path.name)) is not None:
            found[name] = path
        elif is_one and len(given) == 1:
            found[declared.file_names[0]] = path
        else:
            problem = f"not a file of this source; it accepts\n{accepted_names([source])}"
            raise BadInputError(source=source, file=path.name, problem=problem)
    if found and (declared.is_yearly or declared.is_by_state):
        return found
    if missing := declared.missing(found):
        problem = "missing; the files of one source belong together and are given in one command"
        raise BadInputError(source=source, file=missing[0], problem=problem)
    return found


def add_by_hand(
    settings: Settings, source: str, given: Sequence[Path], vintage: str, released_on: date | None
) -> ArchivedVintage:
    """Make files the newest vintage, checked like fetched ones. Raises BadInputError, also for another vintage."""
    archive = Archive(settings.archive)
    declared = declared_sources()[source]
    now = datetime.now(UTC).replace(microsecond=0)
    found = _named(source, given)
    with archive.hold(), archive.temporary() as folder:
        copies = {}
        for name, path in found.items():
            copies[name] = folder / name
            copies[name].parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copies[name])
            declaration = declared.file_of(name)
            assert declaration is not None
            check_download(copies[name], declaration, source=source)
        files = [described(path, name, now) for name, path in copies.items()]
        accepted = accept(source, copies, now, archive, {file.name: file.sha256 for file in files})
        # which areas the files of a year hold, they say themselves
        says_year = declared.is_yearly and accepted.reference_period in vintage
        if source in raw_sources() and vintage != accepted.vintage and not says_year:
            problem = f"the files are of {accepted.vintage}, not of the vintage given"
            near = get_close_matches(vintage, sorted(copies), n=NEAREST, cutoff=0.0)
            shown = ", ".join(near) + (f" and {len(copies) - NEAREST} more" if len(copies) > NEAREST else "")
            raise BadInputError(source=source, file=shown, problem=problem, value=vintage)
        known = (each.reference_period for each in declared.vintages if each.vintage == vintage)
        named = Vintage(
            vintage=accepted.vintage if says_year else vintage,
            reference_period=next(known, accepted.reference_period),
            released_on=released_on or accepted.released_on,
        )
        for file in files:
            archive.put(copies[file.name], file)
        added = ArchivedVintage.of(source, named, "by_hand", now, files)
        archive.add(added)
    return added
