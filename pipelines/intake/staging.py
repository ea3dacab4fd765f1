"""Stages the raw tables of each source, and records where they come from."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.archive.store import Archive, ArchivedVintage
from pipelines.contracts.enforce import polars_schema, read_csv, write_frame
from pipelines.contracts.model import contracts
from pipelines.files import atomic, combined_sha256, file_sha256
from pipelines.intake.bundle import BundledSource, SourceFile, bundled_tables, copy_source, write_source
from pipelines.intake.parsed import copy_kept
from pipelines.intake.select import SourceInput
from pipelines.paths import REFERENCE
from pipelines.publishers import career_clusters
from pipelines.publishers.career_clusters import MEMBERSHIPS, memberships
from pipelines.publishers.registry import raw_sources, tables_of
from pipelines.settings import Settings
from pipelines.sources import Vintage, declared_sources
from pipelines.tables import TableName
from pipelines.warehouse.staging import Staged, stage_frame, stamp

SOURCE_VINTAGE = TableName("reference", "source_vintage")
SETTING = TableName("reference", "setting")
DOWNLOADED_MEMBERSHIPS = TableName("raw", "career_cluster_membership")


class StagedSource(BundledSource):
    """A staged source: where it comes from, when it was retrieved, and the raw tables."""

    retrieved_on: date | None = None


def record_path(staging: Path, source: str) -> Path:
    """The path of a staged source's record."""
    return staging / "sources" / f"{source}.json"


def record_lines(taken: SourceInput, staging: Path) -> list[str]:
    """What a staged source's record is made from, and the record that is there."""
    record = record_path(staging, taken.source)
    there = file_sha256(record) if record.is_file() else None
    return [f"{taken.source} {taken.archived} {taken.bundled} {there}"]


def stage_source(
    taken: SourceInput, settings: Settings, input_sha256: str, years: Mapping[str, Path] | None = None
) -> dict[TableName, Staged]:
    """Stage a source's raw tables; empty ones without a record when the run takes nothing of the source.

    `years` are the rows of years that were read before.
    """
    source, staging = taken.source, settings.staging
    record = record_path(staging, source)
    made = _make_tables(taken, settings, years)
    if made is None:
        record.unlink(missing_ok=True)
        for table in tables_of(source):
            write_frame(table, pl.DataFrame(schema=polars_schema(table)), staging)
    else:
        retrieved_on = None if taken.archived is None else taken.archived.accepted_at.date()
        staged = StagedSource.model_validate(made.model_dump() | {"retrieved_on": retrieved_on})
        with atomic(record) as path:
            path.write_text(staged.model_dump_json(indent=2), encoding="utf-8")
    return {table.table: stamp(staging, table.table, input_sha256) for table in tables_of(source)}


def _make_tables(taken: SourceInput, settings: Settings, years: Mapping[str, Path] | None) -> BundledSource | None:
    """Write the raw tables: kept from when the files were accepted, read from the files, or bundled."""
    if taken.archived is not None:
        archive = Archive(settings.archive)
        if (kept := copy_kept(archive, taken.archived, settings.staging)) is not None:
            return kept
        checksums = {file.name: file.sha256 for file in taken.archived.files}
        return write_source(taken.source, archive.files(taken.archived), settings.staging, 3, checksums, years=years)
    if taken.files:
        before = bundled_tables(taken.source)
        return write_source(taken.source, taken.files, settings.staging, 3, taken.checksums, before=before, years=years)
    return None if taken.bundled is None else copy_source(taken.source, settings.staging)


def stage_memberships(downloaded: ArchivedVintage | None, settings: Settings, input_sha256: str) -> Staged:
    """Stage the publisher's memberships of occupations: as downloaded, else as carried in `reference/`."""
    if downloaded is None:
        frame = read_csv(contracts()[MEMBERSHIPS], REFERENCE)
    else:
        workbook = declared_sources()[career_clusters.SOURCE].file_names[0]
        frame = memberships(Archive(settings.archive).files(downloaded)[workbook])
    return stage_frame(contracts()[DOWNLOADED_MEMBERSHIPS], frame, settings.staging, input_sha256)


def stage_settings(settings: Settings, input_sha256: str) -> Staged:
    """Stage the settings of the run that change figures."""
    table = contracts()[SETTING]
    frame = pl.DataFrame(sorted(settings.method.items()), schema=polars_schema(table), orient="row")
    return stage_frame(table, frame, settings.staging, input_sha256)


def _vintage_row(source: str, vintage: Vintage, files: Sequence[SourceFile], rows: int) -> dict[str, object]:
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
        "sha256": combined_sha256({file.name: file.sha256 for file in files}),
        "status": "sample" if vintage.is_sample else "older_cycle" if vintage.is_older_cycle else "ok",
        "licence": declared.licence,
        "attribution": declared.attribution,
        "notes": vintage.notes,
    }


def source_vintage(staging: Path) -> pl.DataFrame:
    """The table `reference.source_vintage`: one row for each source of which the run has a vintage."""
    rows = []
    for record in (record_path(staging, source) for source in raw_sources()):
        if record.exists():
            staged = StagedSource.model_validate_json(record.read_bytes())
            height = sum(table.rows for table in staged.tables.values())
            row = _vintage_row(record.stem, staged.vintage, staged.files, height)
            row["retrieved_on"] = staged.retrieved_on
            rows.append(row)
    table = contracts()[MEMBERSHIPS]
    path = REFERENCE / str(table.csv)
    carried = SourceFile(path.name, file_sha256(path), path.stat().st_size)
    vintage = declared_sources()[career_clusters.SOURCE].vintages[0]
    rows.append(_vintage_row(career_clusters.SOURCE, vintage, [carried], read_csv(table, REFERENCE).height))
    return pl.DataFrame(rows, schema=polars_schema(contracts()[SOURCE_VINTAGE])).sort("source")
