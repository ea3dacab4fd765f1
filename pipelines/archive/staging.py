"""Puts a source's raw tables into the staging folder, and keeps what is known of where they came from."""

import hashlib
from pathlib import Path

import polars as pl

from pipelines.archive.bundle import BundledSource, copy_source, write_source
from pipelines.archive.raw import RAW_SOURCES, SourceFile, file_sha256, find_files, parse_source
from pipelines.archive.sources import Vintage, declared_sources
from pipelines.contracts.enforce import polars_schema, read_csv
from pipelines.contracts.model import contracts
from pipelines.errors import LmiError
from pipelines.paths import REFERENCE
from pipelines.settings import Settings, Source
from pipelines.warehouse.sql_tables import TableName
from pipelines.warehouse.staging import Staged, stamp

SOURCE_VINTAGE = TableName("reference", "source_vintage")


def record_path(staging: Path, source: str) -> Path:
    """Where the description of a staged source lies."""
    return staging / "sources" / f"{source}.json"


def files_of(source: str, settings: Settings) -> dict[str, Path]:
    """The publisher's files a run takes for a source; empty when it takes the bundled tables."""
    if settings.source is Source.BUNDLED:
        return {}
    if settings.files_dir is None or not settings.files_dir.is_dir():
        raise LmiError(
            f"source `files` needs a folder with the publishers' files (LMI_FILES_DIR or --files); "
            f"{settings.files_dir or 'none'} is not one"
        )
    if not any(find_files(each, settings.files_dir) for each in RAW_SOURCES):
        names = "; ".join(f"{each}: {', '.join(declared_sources()[each].file_names)}" for each in RAW_SOURCES)
        raise LmiError(f"{settings.files_dir} holds none of the publishers' files. Expected: {names}")
    return find_files(source, settings.files_dir)


def stage_source(source: str, settings: Settings, input_sha256: str) -> dict[TableName, Staged]:
    """Stage a source's raw tables: parsed from its files where the run has them, else copied from the bundle."""
    files = files_of(source, settings)
    if files:
        staged = write_source(parse_source(source, files), settings.staging, compression_level=3)
    else:
        staged = copy_source(source, settings.staging)
    path = record_path(settings.staging, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(staged.model_dump_json(indent=2), encoding="utf-8")
    tables = [TableName.parse(name) for name in staged.tables]
    return {table: stamp(settings.staging, table, input_sha256) for table in tables}


def combined_sha256(files: tuple[SourceFile, ...]) -> str:
    """The checksum of a file, or of the list of names and checksums when a source has several."""
    if len(files) == 1:
        return files[0].sha256
    listing = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(files, key=lambda file: file.name))
    return hashlib.sha256(listing.encode()).hexdigest()


def _vintage_row(source: str, vintage: Vintage, files: tuple[SourceFile, ...], rows: int) -> dict[str, object]:
    declared = declared_sources()[source]
    return {
        "source": source,
        "publisher": declared.publisher,
        "title": declared.title,
        "url": declared.url,
        "vintage": vintage.vintage,
        "reference_period": vintage.reference_period,
        "released_on": vintage.released_on,
        "retrieved_on": None,
        "files": len(files),
        "bytes": sum(file.bytes for file in files),
        "rows": rows,
        "sha256": combined_sha256(files),
        "status": "ok",
        "licence": declared.licence,
        "attribution": declared.attribution,
        "notes": vintage.notes,
    }


def source_vintage(staging: Path) -> pl.DataFrame:
    """The table `reference.source_vintage`: one row for each source of the staged tables."""
    rows = []
    for source in RAW_SOURCES:
        staged = BundledSource.model_validate_json(record_path(staging, source).read_bytes())
        table_rows = sum(table.rows for table in staged.tables.values())
        rows.append(_vintage_row(source, staged.vintage, staged.files, table_rows))
    memberships = contracts()[TableName("seed", "soc_sub_cluster")]
    path = REFERENCE / str(memberships.csv)
    carried = SourceFile(path.name, file_sha256(path), path.stat().st_size)
    edition = declared_sources()["career_clusters"].vintages[0]
    rows.append(_vintage_row("career_clusters", edition, (carried,), read_csv(memberships, REFERENCE).height))
    return pl.DataFrame(rows, schema=polars_schema(contracts()[SOURCE_VINTAGE])).sort("source")
