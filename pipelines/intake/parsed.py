"""Reads a source's files before the archive takes them, and keeps their raw tables so that a run need not read again.

The tables are in the archive as parsed/<source>/<key>/, a folder like the bundle. They can be made again at any time.
"""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.archive.store import Archive, ArchivedFile, ArchivedVintage
from pipelines.errors import BadInputError
from pipelines.intake.bundle import (
    BundledSource,
    Manifest,
    SourceFile,
    bundled_tables,
    copy_source,
    write_manifest,
    write_source,
)
from pipelines.intake.whole import refuse_partial
from pipelines.own_files import own_lines
from pipelines.paths import BUNDLE
from pipelines.publishers.common import Written
from pipelines.publishers.registry import raw_sources, read
from pipelines.sources import Vintage, declared_sources
from pipelines.tables import TableName

#: Reading these tables again should be fast, so they are compressed lightly.
COMPRESSION_LEVEL = 3


def accept(
    source: str,
    files: Mapping[str, Path],
    as_of: datetime,
    archive: Archive,
    checksums: Mapping[str, str],
    *,
    fetched: bool = False,
) -> Vintage:
    """Read the files of a source and name their vintage, by the month of `as_of` where they do not name one.

    The raw tables are kept, in place of those before. Raises as write_source, whose `checksums` these are, and for
    tables that hold less than the edition before.
    """
    newest = archive.newest(source)
    with archive.temporary() as folder:
        if source not in raw_sources():
            vintage, tables = read(source, files, folder)
            refuse_partial(source, files, _named(tables), _checked_before(archive, newest, folder))
            return vintage or declared_sources()[source].vintage_of(f"{as_of:%Y-%m}", f"{as_of:%B %Y}")
        bundled, kept = bundled_tables(source), {}
        if newest is not None:
            place = _folder(archive, source, newest.files)
            kept = {name: place / path.relative_to(BUNDLE) for name, path in bundled.items()}
            kept = {name: path for name, path in kept.items() if path.is_file()}
        described = write_source(
            source, files, folder, COMPRESSION_LEVEL, checksums, before=kept or bundled, fetched=fetched
        )
        if kept and declared_sources()[source].fixed:
            written = {name: pl.read_parquet(folder / path.relative_to(BUNDLE)) for name, path in bundled.items()}
            refuse_partial(source, files, written, bundled, fetched=fetched)
        write_manifest(Manifest(sources={source: described}), folder)
        target = _folder(archive, source, described.files)
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.replace(target)
        return described.vintage


def _checked_before(
    archive: Archive, newest: ArchivedVintage | None, folder: Path
) -> dict[str, pl.DataFrame | Written]:
    """The tables of the edition before of a source whose files are only checked; none if they cannot be read now."""
    if newest is None:
        return {}
    try:
        return _named(read(newest.source, archive.files(newest), folder)[1])
    except (BadInputError, OSError):
        return {}


def _named(tables: Mapping[TableName, pl.DataFrame | Written]) -> dict[str, pl.DataFrame | Written]:
    return {table.name: content for table, content in tables.items()}


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
