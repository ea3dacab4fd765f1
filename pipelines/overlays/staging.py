"""Puts an overlay's tables into the staging folder, empty ones without an overlay."""

import hashlib
from typing import Any

import polars as pl

from pipelines.contracts.enforce import polars_schema
from pipelines.contracts.model import contracts
from pipelines.errors import GateError
from pipelines.overlays.read import CHANGE, Overlay, overlay_files, read_overlay
from pipelines.overlays.regions import LISTED, MEMBER, REGION
from pipelines.settings import Settings
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.staging import Staged, stage_frame

OVERLAY = TableName("reference", "overlay")
NODE = TableName("seed", "overlay_node")
MEMBERSHIP = TableName("seed", "overlay_membership")
#: What an overlay's folder makes.
OVERLAY_TABLES = (OVERLAY, NODE, CHANGE, MEMBERSHIP, REGION, LISTED, MEMBER)
#: What it is held against beside reference data.
AREAS = TableName("raw", "oews_area")


def overlay_lines(settings: Settings) -> list[str]:
    """What the overlay puts into a run: names and checksums of its files."""
    if settings.overlay_dir is None:
        return []
    return [f"{name} {sha256}" for name, sha256 in overlay_files(settings.overlay_dir).items()]


def overlay_sha256(files: dict[str, str]) -> str:
    """One checksum over the names and checksums of an overlay's files."""
    return hashlib.sha256("".join(f"{name} {sha256}\n" for name, sha256 in sorted(files.items())).encode()).hexdigest()


def current_overlay(settings: Settings) -> Overlay | None:
    """The run's overlay, held against the staged areas. Raises BadInputError naming file, line and fault."""
    if settings.overlay_dir is None:
        return None
    return read_overlay(settings.overlay_dir, pl.read_parquet(parquet_path(settings.staging, AREAS)))


def overlay_tables(overlay: Overlay | None) -> dict[TableName, pl.DataFrame]:
    """The frames of an overlay by table; all empty without one."""
    empty = {name: pl.DataFrame(schema=polars_schema(contracts()[name])) for name in OVERLAY_TABLES}
    if overlay is None:
        return empty
    file = overlay.file
    row = {
        "overlay_id": overlay.overlay_id,
        "state_id": file.state_id,
        "overlay_title": file.title,
        "overlay_source": file.source,
        "source_url": None if file.source_url is None else str(file.source_url),
        "as_of_year": file.as_of,
        "default_policy": file.default_policy,
        "changes_groups": overlay.changes_groups,
        "overlay_sha256": overlay_sha256(overlay.files),
    }
    return {
        OVERLAY: pl.DataFrame([row], schema=polars_schema(contracts()[OVERLAY])),
        NODE: overlay.nodes,
        CHANGE: overlay.changes,
        MEMBERSHIP: overlay.memberships,
        REGION: overlay.regions.regions,
        LISTED: overlay.regions.listed,
        MEMBER: overlay.regions.members,
    }


def stage_overlay(settings: Settings, input_sha256: str) -> dict[TableName, Staged]:
    """Stage the tables of the run's overlay. Raises BadInputError naming file, line and fault."""
    return {
        name: stage_frame(contracts()[name], frame, settings.staging, input_sha256)
        for name, frame in overlay_tables(current_overlay(settings)).items()
    }


def described_overlay(settings: Settings) -> dict[str, Any] | None:
    """What the manifest says of the staged overlay; None without one. Raises GateError when its files have changed."""
    if settings.overlay_dir is None:
        return None
    row = pl.read_parquet(parquet_path(settings.staging, OVERLAY)).row(0, named=True)
    files = overlay_files(settings.overlay_dir)
    if overlay_sha256(files) != row["overlay_sha256"]:
        raise GateError(f"the files of overlay {row['overlay_id']} changed during the run; run again")
    return {
        "overlay_id": row["overlay_id"],
        "state_id": row["state_id"],
        "title": row["overlay_title"],
        "source": row["overlay_source"],
        "as_of": row["as_of_year"],
        "sha256": row["overlay_sha256"],
        "files": files,
    }
