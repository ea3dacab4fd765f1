"""Reads a source's files before the archive takes them, and keeps their raw tables so that a run need not read again.

The tables are in the archive as parsed/<source>/<key>/, a folder like the bundle. They can be made again at any time.
"""

import hashlib
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
from pipelines.intake.years import TABLE, kept_years
from pipelines.own_files import code_version, reference_lines
from pipelines.paths import BUNDLE
from pipelines.publishers import qcew
from pipelines.publishers.common import Written
from pipelines.publishers.registry import raw_sources, read
from pipelines.sources import Vintage, declared_sources
from pipelines.tables import TableName, parquet_path

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
        place = None if newest is None else archive.kept_tables(source, _key(source, newest.files))
        if place is not None:
            kept = {name: place / path.relative_to(BUNDLE) for name, path in bundled.items()}
        with archive.temporary() as parts:
            made = None
            if source == qcew.SOURCE and newest is not None and place is not None:
                made = kept_years(checksums, newest, parquet_path(place, TABLE), parts)
            described = write_source(
                source, files, folder, COMPRESSION_LEVEL, checksums, before=kept or bundled, fetched=fetched, years=made
            )
        if kept and declared_sources()[source].fixed:
            written = {
                name: pl.read_parquet(folder / path.relative_to(BUNDLE), glob=False) for name, path in bundled.items()
            }
            refuse_partial(source, files, written, bundled, fetched=fetched)
        write_manifest(Manifest(sources={source: described}), folder)
        archive.keep_tables(source, _key(source, described.files), folder)
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


def _key(source: str, files: Iterable[SourceFile | ArchivedFile]) -> str:
    """The key of the tables of such files; it changes with the files, the code that reads them and reference data."""
    code = code_version(__name__, f"pipelines.publishers.{source}")
    lines = [*sorted(f"{file.name} {file.sha256}" for file in files), code, *reference_lines()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_kept(archive: Archive, vintage: ArchivedVintage) -> bool:
    """Whether a vintage's tables were kept and are as they were."""
    return archive.kept_tables(vintage.source, _key(vintage.source, vintage.files)) is not None


def copy_kept(archive: Archive, vintage: ArchivedVintage, staging: Path) -> BundledSource | None:
    """Copy the tables kept of a vintage into the staging folder; None when they are missing or damaged."""
    kept = archive.kept_tables(vintage.source, _key(vintage.source, vintage.files))
    if kept is None:
        return None
    try:
        return copy_source(vintage.source, staging, kept)
    except (BadInputError, OSError):
        return None
