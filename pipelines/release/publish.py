"""Publishing: checked tables become a release folder, then the published database, each in one rename."""

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
from pipelines.files import file_sha256, sync
from pipelines.intake.staging import SOURCE_VINTAGE
from pipelines.overlays.staging import described_overlay
from pipelines.quality.validation import RELEASE, Validation, data_docs_path
from pipelines.release.catalogue import CATALOGUE, catalogue
from pipelines.release.dictionary import dictionary
from pipelines.release.diff import describe, diff
from pipelines.release.gate import pass_gate
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

_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Publication:
    """A release, and whether this run made it."""

    release: Release
    is_new: bool


def is_installed(settings: Settings, release: Release) -> bool:
    """Whether the published database is this release's."""
    path = settings.database
    return (
        path.is_file()
        and path.stat().st_size == release.manifest.database_bytes
        and file_sha256(path) == release.manifest.database_sha256
    )


def install(settings: Settings, release: Release) -> None:
    """Put a release's database in the published place, in one rename: readers have the old or the new one, whole.

    A copy, so that nobody who opens the published file for writing can touch the release.
    """
    temporary = settings.data_dir / f".{DATABASE}.{release.manifest.release_id}"
    shutil.copyfile(release.database, temporary)
    sync(temporary)
    temporary.replace(settings.database)
    sync(settings.data_dir)


def recover(settings: Settings) -> Release | None:
    """Clear away what a broken-off run left, and finish its publication if its release was complete.

    To be called while the data folder is held. Returns the newest release.
    """
    for leftover in [*settings.releases.glob(".building-*"), *settings.data_dir.glob(f".{DATABASE}.*")]:
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
    release = newest_release(settings)
    if release is not None and not is_installed(settings, release):
        install(settings, release)
    return release


def _release_id(now: datetime, input_sha256: str, previous: Release | None) -> tuple[str, datetime]:
    """An id that sorts after the release before, even when the clock went back."""
    if previous is not None and now <= previous.manifest.published_at:
        now = previous.manifest.published_at + timedelta(seconds=1)
    return f"{now.strftime(_TIME)}-{input_sha256[:8]}", now


def _sources(staging: Path) -> dict[str, ReleasedSource]:
    fields = set(ReleasedSource.model_fields)
    rows = pl.read_parquet(parquet_path(staging, SOURCE_VINTAGE)).with_columns(
        pl.col("released_on", "retrieved_on").cast(pl.String)
    )
    return {
        row["source"]: ReleasedSource(**{name: value for name, value in row.items() if name in fields})
        for row in rows.iter_rows(named=True)
    }


def _overlay(settings: Settings) -> ReleasedOverlay | None:
    described = described_overlay(settings)
    return None if described is None else ReleasedOverlay(**described)


def _write_release_table(staging: Path, release_id: str, published_at: datetime, validation: Validation) -> None:
    table = contracts()[RELEASE]
    periods = pl.read_parquet(parquet_path(staging, SOURCE_VINTAGE)).filter(pl.col("source") == "oews")
    row = {
        "release_id": release_id,
        "published_at": published_at.replace(tzinfo=None),
        "input_sha256": validation.input_sha256,
        "project_version": project_version(),
        "period": periods["reference_period"][0],
    }
    write_frame(table, pl.DataFrame([row], schema=polars_schema(table)), staging)


def _write_reports(
    folder: Path, manifest: Manifest, validation: Validation, previous: Release | None, memory_limit: str
) -> None:
    validation.write(folder / "validation.json")
    rows = {name: table.rows for name, table in manifest.tables.items()}
    (folder / "dictionary.md").write_text(dictionary(rows, manifest.release_id), encoding="utf-8")
    (folder / CATALOGUE).write_text(catalogue(rows, manifest.release_id, manifest.sources), encoding="utf-8")
    if previous is None:
        difference = diff(folder / DATABASE, None, None)
    else:
        before = previous.manifest.tables
        identical = {name for name, table in manifest.tables.items() if before.get(name) == table}
        difference = diff(folder / DATABASE, previous.database, previous.manifest.release_id, identical, memory_limit)
    (folder / "diff.json").write_text(json.dumps(difference, indent=1), encoding="utf-8")
    (folder / "diff.md").write_text(describe(difference), encoding="utf-8")


def publish(
    settings: Settings,
    input_sha256: str,
    *,
    force: bool = False,
    now: datetime | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Publication:
    """Publish the staged tables, or raise GateError and leave the last release as it is.

    Equal inputs are published once, unless `force`. The caller holds the data folder.
    """
    staging = settings.staging
    on_step("gate")
    validation = pass_gate(staging, input_sha256)
    previous = recover(settings)
    if previous is not None and previous.manifest.input_sha256 == input_sha256 and not force:
        return Publication(previous, is_new=False)

    release_id, published_at = _release_id(now or datetime.now(UTC).replace(microsecond=0), input_sha256, previous)
    building = settings.releases / f".building-{release_id}"
    building.mkdir(parents=True)
    _write_release_table(staging, release_id, published_at, validation)
    on_step("database")
    tables = published_tables()
    rows = assemble(building / DATABASE, tables.values(), staging, settings.memory_limit)
    passed = sum(result.passed for result in validation.results)
    manifest = Manifest(
        release_id=release_id,
        published_at=published_at,
        previous_release_id=previous.manifest.release_id if previous else None,
        input_sha256=input_sha256,
        project_version=project_version(),
        duckdb_version=duckdb.__version__,
        database_sha256=file_sha256(building / DATABASE),
        database_bytes=(building / DATABASE).stat().st_size,
        tables={
            str(name): ReleasedTable(rows=rows[str(name)], sha256=file_sha256(parquet_path(staging, name)))
            for name in tables
        },
        sources=_sources(staging),
        overlay=_overlay(settings),
        checks=len(validation.results),
        checks_passed=passed,
        warnings=tuple(f"{result.table} {result.check}: {result.description}" for result in validation.warnings),
    )
    on_step("reports")
    _write_reports(building, manifest, validation, previous, settings.memory_limit)
    if data_docs_path(staging).is_dir():
        shutil.copytree(data_docs_path(staging), building / "data_docs")
    (building / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    on_step("install")
    for path in (building / DATABASE, building / MANIFEST, building):
        sync(path)
    folder = settings.releases / release_id
    building.rename(folder)
    sync(settings.releases)
    release = read_release(folder)
    install(settings, release)
    return Publication(release, is_new=True)
