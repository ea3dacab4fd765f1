"""Turns checked tables into a release folder, then into the published database, each in one rename."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts.enforce import polars_schema, write_frame
from pipelines.contracts.model import contracts, published_tables
from pipelines.errors import GateError
from pipelines.files import file_sha256, sync
from pipelines.intake.staging import SOURCE_VINTAGE
from pipelines.overlays.overlay_tables import described_overlay
from pipelines.quality.validation import RELEASE, Validation, data_docs_path
from pipelines.release.catalogue import CATALOGUE, catalogue
from pipelines.release.dictionary import dictionary
from pipelines.release.diff import describe, diff
from pipelines.release.gate import pass_gate
from pipelines.release.install import install
from pipelines.release.manifest import (
    DATABASE,
    MANIFEST,
    Manifest,
    Release,
    ReleasedOverlay,
    ReleasedSource,
    ReleasedTable,
    newest_release,
    project_version,
    read_release,
)
from pipelines.settings import Settings
from pipelines.tables import parquet_path
from pipelines.warehouse.assemble import assemble


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
    now: datetime | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Publication:
    """Publish the staged tables, unchanged ones with `force` only. Raises GateError; the last release then stays."""
    on_step("gate")
    validation = pass_gate(settings.staging, input_sha256)
    previous = newest_release(settings)
    if previous is not None and previous.manifest.input_sha256 == input_sha256 and not force:
        return Publication(previous, is_new=False)

    release_id, published_at = _release_id(now or datetime.now(UTC).replace(microsecond=0), input_sha256, previous)
    building = settings.releases / f".building-{release_id}"
    building.mkdir(parents=True)
    _write_release_table(settings.staging, release_id, published_at, validation)
    on_step("database")
    rows = assemble(building / DATABASE, published_tables().values(), settings.staging, settings.memory_limit)
    manifest = Manifest(
        release_id=release_id,
        published_at=published_at,
        previous_release_id=previous.manifest.release_id if previous else None,
        input_sha256=input_sha256,
        project_version=project_version(),
        duckdb_version=duckdb.__version__,
        database_sha256=file_sha256(building / DATABASE),
        database_bytes=(building / DATABASE).stat().st_size,
        tables=_tables(settings.staging, rows, validation),
        sources=_sources(settings.staging),
        overlay=_overlay(settings),
        checks=len(validation.results),
        checks_passed=sum(result.passed for result in validation.results),
        warnings=tuple(f"{result.table} {result.check}: {result.description}" for result in validation.warnings),
    )
    on_step("reports")
    _write_reports(building, manifest, validation, previous, settings)
    on_step("install")
    for path in (building / DATABASE, building / MANIFEST, building):
        sync(path)
    folder = settings.releases / release_id
    building.rename(folder)
    sync(settings.releases)
    release = read_release(folder)
    install(settings, release)
    return Publication(release, is_new=True)


def _release_id(now: datetime, input_sha256: str, previous: Release | None) -> tuple[str, datetime]:
    """An id that sorts after that of the release before, even when the clock went back."""
    if previous is not None and now <= previous.manifest.published_at:
        now = previous.manifest.published_at + timedelta(seconds=1)
    return f"{now:%Y%m%dT%H%M%SZ}-{input_sha256[:8]}", now


def _write_release_table(staging: Path, release_id: str, published_at: datetime, validation: Validation) -> None:
    table = contracts()[RELEASE]
    periods = pl.read_parquet(parquet_path(staging, SOURCE_VINTAGE), glob=False).filter(pl.col("source") == "oews")
    row = {
        "release_id": release_id,
        "published_at": published_at.replace(tzinfo=None),
        "input_sha256": validation.input_sha256,
        "project_version": project_version(),
        "period": periods["reference_period"][0],
    }
    write_frame(table, pl.DataFrame([row], schema=polars_schema(table)), staging)


def _tables(staging: Path, rows: dict[str, int], validation: Validation) -> dict[str, ReleasedTable]:
    """The tables in the database. Raises GateError when a file is no longer the one that the gate let through."""
    tables = {
        str(name): ReleasedTable(rows=rows[str(name)], sha256=file_sha256(parquet_path(staging, name)))
        for name in published_tables()
    }
    if changed := [name for name, table in tables.items() if validation.tables.get(name, table.sha256) != table.sha256]:
        raise GateError(f"nothing published: {', '.join(sorted(changed))} changed while the database was made")
    return tables


def _sources(staging: Path) -> dict[str, ReleasedSource]:
    rows = pl.read_parquet(parquet_path(staging, SOURCE_VINTAGE), glob=False).with_columns(
        pl.col("released_on", "retrieved_on").cast(pl.String)
    )
    fields = rows.select(*ReleasedSource.model_fields).iter_rows(named=True)
    return {source: ReleasedSource(**row) for source, row in zip(rows["source"], fields, strict=True)}


def _overlay(settings: Settings) -> ReleasedOverlay | None:
    described = described_overlay(settings)
    return None if described is None else ReleasedOverlay(**described)


def _write_reports(
    folder: Path, manifest: Manifest, validation: Validation, previous: Release | None, settings: Settings
) -> None:
    """Write what stands beside the database: checks, dictionary, catalogue, diff, Data Docs, and the manifest last."""
    validation.write(folder / "validation.json")
    rows = {name: table.rows for name, table in manifest.tables.items()}
    if previous is None:
        difference = diff(folder / DATABASE, None, None)
    else:
        before = previous.manifest.tables
        identical = {name for name, table in manifest.tables.items() if before.get(name) == table}
        difference = diff(
            folder / DATABASE, previous.database, previous.manifest.release_id, identical, settings.memory_limit
        )
    for name, text in (
        ("dictionary.md", dictionary(rows, manifest.release_id)),
        (CATALOGUE, catalogue(rows, manifest.release_id, manifest.sources)),
        ("diff.json", json.dumps(difference, indent=1)),
        ("diff.md", describe(difference)),
        (MANIFEST, manifest.model_dump_json(indent=1)),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    if data_docs_path(settings.staging).is_dir():
        shutil.copytree(data_docs_path(settings.staging), folder / "data_docs")
