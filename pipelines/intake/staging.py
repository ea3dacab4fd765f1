"""Puts a source's raw tables into the staging folder, and keeps what is known of where they came from."""

from datetime import date
from pathlib import Path

import polars as pl

from pipelines.archive.find import find_files
from pipelines.archive.store import Archive, Edition
from pipelines.contracts.enforce import polars_schema, read_csv
from pipelines.contracts.model import contracts
from pipelines.errors import LmiError
from pipelines.files import combined_sha256, file_sha256
from pipelines.intake.bundle import BundledSource, copy_source, read_manifest, write_source
from pipelines.intake.crosswalks import MEMBERSHIPS, memberships
from pipelines.intake.parsed import copy_kept
from pipelines.intake.raw import RAW_SOURCES, SourceFile
from pipelines.paths import REFERENCE
from pipelines.settings import Settings, Source
from pipelines.sources import Vintage, declared_sources
from pipelines.tables import TableName
from pipelines.warehouse.staging import Staged, stage_frame, stamp

SOURCE_VINTAGE = TableName("reference", "source_vintage")
SETTING = TableName("reference", "setting")
DOWNLOADED_MEMBERSHIPS = TableName("raw", "career_cluster_membership")


def record_path(staging: Path, source: str) -> Path:
    """Where the description of a staged source lies."""
    return staging / "sources" / f"{source}.json"


class StagedSource(BundledSource):
    """A staged source: where it comes from, how its edition was come by, and which tables it made."""

    retrieved_on: date | None = None
    status: str = "ok"


def newest_edition(source: str, settings: Settings) -> Edition:
    """The archive's newest edition of a source. Raises LmiError when it has none."""
    edition = Archive(settings.archive).newest(source)
    if edition is None:
        raise LmiError(f"{source}: the archive has no edition; `lmi archive fetch` or `lmi archive add` puts one there")
    return edition


def takes_bundled(source: str, settings: Settings) -> bool:
    """Whether a live run takes the bundled sample of a source that it can do without, for want of an edition."""
    return declared_sources()[source].optional and Archive(settings.archive).newest(source) is None


def _last_failure(source: str, settings: Settings) -> str | None:
    """Why the last look for a newer edition failed; None when it did not."""
    attempt = Archive(settings.archive).manifest().attempts.get(source)
    return attempt.message if attempt is not None and attempt.outcome == "failed" else None


def files_of(source: str, settings: Settings) -> dict[str, Path]:
    """The publisher's files a run takes for a source; empty when it takes the bundled tables."""
    if settings.source is Source.BUNDLED:
        return {}
    if settings.source is Source.LIVE:
        if takes_bundled(source, settings):
            return {}
        return Archive(settings.archive).files(newest_edition(source, settings))
    if settings.files_dir is None or not settings.files_dir.is_dir():
        raise LmiError(
            f"source `files` needs a folder with the publishers' files (LMI_FILES_DIR or --files); "
            f"{settings.files_dir or 'none'} is not one"
        )
    if not any(find_files(each, settings.files_dir) for each in RAW_SOURCES):
        names = "; ".join(f"{each}: {', '.join(declared_sources()[each].file_names)}" for each in RAW_SOURCES)
        raise LmiError(f"{settings.files_dir} holds none of the publishers' files. Expected: {names}")
    return find_files(source, settings.files_dir)


def input_lines(source: str, settings: Settings) -> list[str]:
    """What a source puts into a run: names and checksums of files or bundled tables, and whether they are stale."""
    if settings.source is Source.LIVE and not takes_bundled(source, settings):
        stale = ["stale"] if _last_failure(source, settings) is not None else []
        return [f"{file.name} {file.sha256}" for file in newest_edition(source, settings).files] + stale
    files = files_of(source, settings)
    if files:
        return [f"{name} {file_sha256(path)}" for name, path in sorted(files.items())]
    bundled = read_manifest().sources[source].tables
    return [f"{name} {table.sha256}" for name, table in sorted(bundled.items())]


def _edition_fields(source: str, settings: Settings) -> dict[str, object]:
    """How the edition that a live run takes was come by."""
    if settings.source is not Source.LIVE or takes_bundled(source, settings):
        return {}
    fields: dict[str, object] = {"retrieved_on": newest_edition(source, settings).accepted_at.date()}
    failure = _last_failure(source, settings)
    return fields if failure is None else fields | {"status": "stale"}


def _kept(source: str, settings: Settings) -> BundledSource | None:
    """What the files of a live run made when they were accepted, copied; None where they are to be parsed."""
    if settings.source is not Source.LIVE:
        return None
    return copy_kept(Archive(settings.archive), newest_edition(source, settings), settings.staging)


def stage_source(source: str, settings: Settings, input_sha256: str) -> dict[TableName, Staged]:
    """Stage a source's raw tables: those of its files where the run has them, else copied from the bundle."""
    files = files_of(source, settings)
    if files:
        staged = _kept(source, settings) or write_source(source, files, settings.staging, compression_level=3)
    else:
        staged = copy_source(source, settings.staging)
    record = StagedSource.model_validate(staged.model_dump() | _edition_fields(source, settings))
    path = record_path(settings.staging, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(record.model_dump_json(indent=2), encoding="utf-8")
    tables = [TableName.parse(name) for name in staged.tables]
    return {table: stamp(settings.staging, table, input_sha256) for table in tables}


def _downloaded_memberships(settings: Settings) -> Edition | None:
    return Archive(settings.archive).newest("career_clusters") if settings.source is Source.LIVE else None


def membership_lines(settings: Settings) -> list[str]:
    """Names and checksums of the downloaded workbooks that a live run holds the carried memberships against."""
    edition = _downloaded_memberships(settings)
    return [] if edition is None else [f"{file.name} {file.sha256}" for file in edition.files]


def stage_memberships(settings: Settings, input_sha256: str) -> Staged:
    """Stage the publisher's memberships of occupations: as downloaded in a live run that has them, else as carried."""
    table = contracts()[DOWNLOADED_MEMBERSHIPS]
    edition = _downloaded_memberships(settings)
    if edition is None:
        frame = read_csv(contracts()[MEMBERSHIPS], REFERENCE)
    else:
        workbook = Archive(settings.archive).files(edition)[declared_sources()["career_clusters"].file_names[0]]
        frame = memberships(workbook)
    return stage_frame(table, frame, settings.staging, input_sha256)


def stage_settings(settings: Settings, input_sha256: str) -> Staged:
    """Stage the settings of the run that change figures."""
    table = contracts()[SETTING]
    frame = pl.DataFrame(sorted(settings.method.items()), schema=polars_schema(table), orient="row")
    return stage_frame(table, frame, settings.staging, input_sha256)


def _vintage_row(
    source: str,
    vintage: Vintage,
    files: tuple[SourceFile, ...],
    rows: int,
    *,
    retrieved_on: date | None = None,
    status: str = "ok",
) -> dict[str, object]:
    declared = declared_sources()[source]
    return {
        "source": source,
        "publisher": declared.publisher,
        "title": declared.title,
        "url": declared.url,
        "vintage": vintage.vintage,
        "reference_period": vintage.reference_period,
        "released_on": vintage.released_on,
        "retrieved_on": retrieved_on,
        "files": len(files),
        "bytes": sum(file.bytes for file in files),
        "rows": rows,
        "sha256": combined_sha256({file.name: file.sha256 for file in files}),
        "status": "sample" if vintage.is_sample else "older_cycle" if vintage.is_older_cycle else status,
        "licence": declared.licence,
        "attribution": declared.attribution,
        "notes": vintage.notes,
    }


def source_vintage(staging: Path) -> pl.DataFrame:
    """The table `reference.source_vintage`: one row for each source of the staged tables."""
    rows = []
    for source in RAW_SOURCES:
        staged = StagedSource.model_validate_json(record_path(staging, source).read_bytes())
        table_rows = sum(table.rows for table in staged.tables.values())
        rows.append(
            _vintage_row(
                source,
                staged.vintage,
                staged.files,
                table_rows,
                retrieved_on=staged.retrieved_on,
                status=staged.status,
            )
        )
    carried_table = contracts()[MEMBERSHIPS]
    path = REFERENCE / str(carried_table.csv)
    carried = SourceFile(path.name, file_sha256(path), path.stat().st_size)
    edition = declared_sources()["career_clusters"].vintages[0]
    rows.append(_vintage_row("career_clusters", edition, (carried,), read_csv(carried_table, REFERENCE).height))
    return pl.DataFrame(rows, schema=polars_schema(contracts()[SOURCE_VINTAGE])).sort("source")
