"""Reads a source's files before the archive takes them, and keeps their raw tables so that a run need not read again.

The tables are in the archive as parsed/<source>/<key>/, a folder like the bundle. They can be made again at any time.
"""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from pipelines.archive.store import Archive, ArchivedFile, ArchivedVintage
from pipelines.errors import BadInputError
from pipelines.intake.bundle import BundledSource, Manifest, SourceFile, copy_source, write_manifest, write_source
from pipelines.own_files import own_lines
from pipelines.publishers.registry import raw_sources, read
from pipelines.sources import Vintage, declared_sources

#: Reading these tables again should be fast, so they are compressed lightly.
COMPRESSION_LEVEL = 3


def accept(
    source: str, files: Mapping[str, Path], as_of: datetime, archive: Archive, checksums: Mapping[str, str]
) -> Vintage:
    """Read the files of a source and name their vintage, by the month of `as_of` where they do not name one.

    The raw tables are kept, in place of those before. Raises as write_source, whose `checksums` these are.
    """
    with archive.temporary() as folder:
        if source not in raw_sources():
            vintage, _ = read(source, files, folder)
            return vintage or declared_sources()[source].vintage_of(f"{as_of:%Y-%m}", f"{as_of:%B %Y}")
        described = write_source(source, files, folder, COMPRESSION_LEVEL, checksums)
        write_manifest(Manifest(sources={source: described}), folder)
        target = _folder(archive, source, described.files)
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.replace(target)
        return described.vintage


def _folder(archive: Archive, source: str, files: Iterable[SourceFile | ArchivedFile]) -> Path:
    """The place of the tables of such files; it changes with the files, the code and the contracts."""
    lines = [*sorted(f"{file.name} {file.sha256}" for file in files), *own_lines()]
    key = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return archive.folder / "parsed" / source / key


def copy_kept(archive: Archive, vintage: ArchivedVintage, staging: Path) -> BundledSource | None:
    """Copy the tables kept of a vintage into the staging folder; None when they are missing or damaged."""
    try:
        return copy_source(vintage.source, staging, _folder(archive, vintage.source, vintage.files))
    except (BadInputError, OSError):
        return None
