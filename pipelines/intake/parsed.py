"""The raw tables that a source's files made when they were accepted, kept so that a run need not parse them again.

They lie in the archive as parsed/<source>/<key>/, a folder like the bundle, and can be made again at any time.
"""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipelines.archive.store import Archive, ArchivedFile, Edition
from pipelines.errors import BadInputError
from pipelines.intake.bundle import BundledSource, Manifest, copy_source, write_manifest, write_source
from pipelines.intake.raw import SourceFile
from pipelines.own_files import own_lines
from pipelines.sources import Vintage

#: They are copied into the staging folder as they are.
COMPRESSION_LEVEL = 3


def _folder(archive: Archive, source: str, files: Iterable[SourceFile | ArchivedFile]) -> Path:
    """Where the tables of such files lie; other files, code or contracts have another place."""
    lines = [*sorted(f"{file.name} {file.sha256}" for file in files), *own_lines()]
    key = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return archive.folder / "parsed" / source / key


def parse_and_keep(archive: Archive, source: str, files: Mapping[str, Path]) -> Vintage:
    """Parse a source's files, hold their tables to the contracts, and keep them in place of those of before.

    Raises BadInputError and ContractError as write_source does.
    """
    with archive.temporary() as folder:
        described = write_source(source, dict(files), folder, COMPRESSION_LEVEL)
        write_manifest(Manifest(sources={source: described}), folder)
        target = _folder(archive, source, described.files)
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.replace(target)
    return described.vintage


def copy_kept(archive: Archive, edition: Edition, staging: Path) -> BundledSource | None:
    """Copy the tables of an edition's files into the staging folder; None where they are not kept, or not whole."""
    try:
        return copy_source(edition.source, staging, _folder(archive, edition.source, edition.files))
    except (BadInputError, OSError):
        return None
