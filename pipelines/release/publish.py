"""Turns checked tables into a release folder, then into the published database, each in one rename."""

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts.enforce import polars_schema, write_frame
from pipelines.contracts.model import contracts, published_tables, views
from pipelines.errors import GateError
from pipelines.files import content_sha256, copy, file_sha256, leading_files, remove, sync
from pipelines.intake.staging import SOURCE_VINTAGE
from pipelines.overlays.overlay_tables import described_overlay
from pipelines.own_files import project_version
from pipelines.quality.data_docs import write_data_docs
from pipelines.quality.expectations import checked_tables
from pipelines.quality.result import Kind
from pipelines.quality.validation import RELEASE, Validation, data_docs_path
from pipelines.release.catalogue import CATALOGUE, catalogue
from pipelines.release.dictionary import dictionary
from pipelines.release.diff import describe, diff
from pipelines.release.gate import hold_to_run, pass_gate
from pipelines.release.install import BUILDING, install
from pipelines.release.manifest import (
    DATABASE,
    MANIFEST,
    Manifest,
    Release,
    ReleasedOverlay,
    ReleasedSource,
    ReleasedTable,
    read_release,
)
from pipelines.release.portals.about import LICENCE, about, citation, public_address
from pipelines.release.portals.schema_org import for_page, schema_org
from pipelines.release.portals.write import portal_files
from pipelines.release.record import newest_release, prune, record_release
from pipelines.settings import Settings
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.assemble import Before, assemble


@dataclass(frozen=True)
class Publication:
    """A release, and whether this run made it."""

    release: Release
    is_new: bool


def publish(
    settings: Settings,
    input_sha256: str,
    *,
    force: bool = False,
    verdict: Validation | None = None,
    made: Mapping[str, str] | None = None,
    now: datetime | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Publication:
    """Publish the staged tables, unchanged ones with `force` only. Raises GateError; the last release then stays.

    With `made`, the checksum of each table that the caller's run made, and its `verdict`, nothing else is published.
    """
    on_step("gate")
    validation = pass_gate(settings.staging, input_sha256)
    if made is not None:
        hold_to_run(validation, verdict, made)
    previous = newest_release(settings)
    if previous is not None and previous.manifest.input_sha256 == input_sha256 and not force:
        return Publication(previous, is_new=False)

    release_id, published_at = _release_id(settings, now or datetime.now(UTC).replace(microsecond=0), input_sha256)
    building = settings.releases / f"{BUILDING}{release_id}"
    try:
        on_step("database")
        manifest, held = _assemble(
            settings, building, release_id, published_at, validation, previous=previous, from_files=force
        )
        on_step("reports")
        _write_reports(building, manifest, validation, previous, settings, held=held)
    except BaseException:
        with suppress(OSError):  # what went wrong first is told
            remove(building)  # on a full disk it takes the place that is missing
        raise
    on_step("install")
    for path in (building / DATABASE, building / MANIFEST, building):
        sync(path)
    folder = settings.releases / release_id
    record_release(settings, release_id, building / MANIFEST)
    building.rename(folder)
    sync(settings.releases)
    release = read_release(folder)
    install(settings, release)
    prune(settings, settings.keep_releases)
    return Publication(release, is_new=True)


def _assemble(
    settings: Settings,
    building: Path,
    release_id: str,
    published_at: datetime,
    validation: Validation,
    *,
    previous: Release | None,
    from_files: bool,
) -> tuple[Manifest, frozenset[str]]:
    """Make the database of a release from copies of the checked tables, and describe it.

    Unless it is made `from_files` alone, the rows of files that the release before has are taken of its database. Also
    gives the names of tables that have its files, alone or before others.
    """
    tables = building / "tables"
    tables.mkdir(parents=True)
    checksums = _take_tables(settings.staging, tables, validation)
    checksums |= _write_release_table(tables, release_id, published_at, validation)
    before = None if from_files or previous is None else _before(previous, tables, checksums)
    rows = assemble(
        building / DATABASE,
        [*published_tables().values()],
        tables,
        settings.memory_limit,
        views().values(),
        before=before,
    )
    described = Manifest(
        release_id=release_id,
        published_at=published_at,
        previous_release_id=previous.manifest.release_id if previous else None,
        input_sha256=validation.input_sha256,
        project_version=project_version(),
        duckdb_version=duckdb.__version__,
        database_sha256=file_sha256(building / DATABASE),
        database_bytes=(building / DATABASE).stat().st_size,
        tables={name: ReleasedTable(rows=rows[name], sha256=checksum) for name, checksum in checksums.items()},
        sources=_sources(tables),
        overlay=_overlay(settings),
        checks=len(validation.results),
        checks_passed=sum(result.passed for result in validation.results),
        licence=LICENCE,
        citation=citation(settings.publisher, release_id, published_at.year, public_address(settings, release_id)),
        warnings=tuple(result.told for result in validation.warnings),
        accepted_changes=tuple(
            f"{result.check}: {result.observed}" for result in validation.warnings if result.kind is Kind.COMPARISON
        ),
    )
    shutil.rmtree(tables)
    return described, frozenset() if before is None else frozenset(before.files)


def _before(previous: Release, folder: Path, checksums: Mapping[str, str]) -> Before | None:
    """The database before and the files in `folder` that its tables hold; None unless it is the one of its manifest."""
    manifest = previous.manifest
    if manifest.duckdb_version != duckdb.__version__ or file_sha256(previous.database) != manifest.database_sha256:
        return None
    files = {
        name: leading_files(parquet_path(folder, TableName.parse(name)), table.sha256)
        for name, table in manifest.tables.items()
        if name in checksums
    }
    return Before(previous.database, {name: held for name, held in files.items() if held})


def _release_id(settings: Settings, now: datetime, input_sha256: str) -> tuple[str, datetime]:
    """An id that no folder has; the order of releases is that of the record, not of their ids."""
    while (settings.releases / (release_id := f"{now:%Y%m%dT%H%M%SZ}-{input_sha256[:8]}")).exists():
        now += timedelta(seconds=1)
    return release_id, now


def _take_tables(staging: Path, folder: Path, validation: Validation) -> dict[str, str]:
    """Copy the published tables and return the copies' checksums: what is hashed is what is assembled.

    Raises GateError when a copy is not the file that the gate let through.
    """
    checksums = {}
    for name in published_tables():
        if name != RELEASE:
            taken = parquet_path(folder, name)
            copy(parquet_path(staging, name), taken)
            checksums[str(name)] = content_sha256(taken)
    if changed := [name for name, found in checksums.items() if validation.tables.get(name, found) != found]:
        raise GateError(f"nothing published: {', '.join(sorted(changed))} changed while the database was made")
    return checksums


def _write_release_table(
    folder: Path, release_id: str, published_at: datetime, validation: Validation
) -> dict[str, str]:
    """Write the table about the release itself and return its checksum by name."""
    table = contracts()[RELEASE]
    periods = pl.read_parquet(parquet_path(folder, SOURCE_VINTAGE), glob=False).filter(pl.col("source") == "oews")
    row = {
        "release_id": release_id,
        "published_at": published_at.replace(tzinfo=None),
        "input_sha256": validation.input_sha256,
        "project_version": project_version(),
        "period": periods["reference_period"][0],
    }
    return {str(RELEASE): file_sha256(write_frame(table, pl.DataFrame([row], schema=polars_schema(table)), folder))}


def _sources(folder: Path) -> dict[str, ReleasedSource]:
    rows = pl.read_parquet(parquet_path(folder, SOURCE_VINTAGE), glob=False).with_columns(
        pl.col("released_on", "retrieved_on").cast(pl.String)
    )
    fields = rows.select(*ReleasedSource.model_fields).iter_rows(named=True)
    return {source: ReleasedSource(**row) for source, row in zip(rows["source"], fields, strict=True)}


def _overlay(settings: Settings) -> ReleasedOverlay | None:
    described = described_overlay(settings)
    return None if described is None else ReleasedOverlay(**described)


def _write_reports(
    folder: Path,
    manifest: Manifest,
    validation: Validation,
    previous: Release | None,
    settings: Settings,
    *,
    held: frozenset[str],
) -> None:
    """Write what stands beside the database: checks, documents, descriptions for portals, manifest, and Data Docs."""
    validation.write(folder / "validation.json")
    rows = {name: table.rows for name, table in manifest.tables.items()}
    described = about(manifest, settings)
    if previous is None:
        difference = diff(folder / DATABASE, None, None)
    else:
        before = previous.manifest.tables
        identical = {name for name, table in manifest.tables.items() if before.get(name) == table}
        difference = diff(
            folder / DATABASE,
            previous.database,
            previous.manifest.release_id,
            identical,
            settings.memory_limit,
            extended=held - identical,
        )
    for name, text in (
        ("dictionary.md", dictionary(rows, manifest.release_id)),
        (CATALOGUE, catalogue(rows, manifest.release_id, manifest.sources, for_page(schema_org(described)))),
        ("diff.json", json.dumps(difference, indent=1)),
        ("diff.md", describe(difference)),
        *portal_files(described).items(),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    files = {path.name: file_sha256(path) for path in sorted(folder.iterdir()) if path.name != DATABASE}
    manifest = manifest.model_copy(update={"files": files})
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    if data_docs_path(settings.staging).is_dir():
        # of the verdict, whatever happened to the pages in staging
        write_data_docs(folder / "data_docs", checked_tables(), validation.results)
