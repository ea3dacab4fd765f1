"""The tables of an overlay in the staging folder; empty ones without an overlay."""

import hashlib
from typing import Any

import polars as pl

from pipelines.contracts.enforce import polars_schema
from pipelines.contracts.model import contracts
from pipelines.errors import GateError
from pipelines.overlays.memberships import CHANGE
from pipelines.overlays.programs import LINK_CHANGE, PAIRS, SECONDARY
from pipelines.overlays.read import NODE, Overlay, overlay_files, read_overlay
from pipelines.overlays.regions import LISTED, MEMBER, REGION
from pipelines.settings import Settings
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.staging import Staged, stage_frame

OVERLAY = TableName("reference", "overlay")
MEMBERSHIP = TableName("seed", "overlay_membership")
#: Tables made from an overlay's folder.
OVERLAY_TABLES = (OVERLAY, NODE, CHANGE, MEMBERSHIP, REGION, LISTED, MEMBER, LINK_CHANGE, SECONDARY)
#: The tables of a run that an overlay is compared with: its areas, and pairs of programs and occupations.
COMPARED = (TableName("raw", "oews_area"), PAIRS)


def overlay_lines(settings: Settings) -> list[str]:
    """Names and checksums of the overlay's files, for the fingerprint of a run."""
    if settings.overlay_dir is None:
        return []
    return [f"{name} {sha256}" for name, sha256 in overlay_files(settings.overlay_dir).items()]


def overlay_sha256(files: dict[str, str]) -> str:
    """One checksum of the names and checksums of an overlay's files."""
    return hashlib.sha256("".join(f"{name} {sha256}\n" for name, sha256 in sorted(files.items())).encode()).hexdigest()


def current_overlay(settings: Settings) -> Overlay | None:
    """The run's overlay, compared with the staged tables. Raises BadInputError with file, line and problem."""
    if settings.overlay_dir is None:
        return None
    staged = (pl.read_parquet(parquet_path(settings.staging, name), glob=False) for name in COMPARED)
    return read_overlay(settings.overlay_dir, *staged)


def overlay_tables(overlay: Overlay | None) -> dict[TableName, pl.DataFrame]:
    """The tables of an overlay; all empty without one."""
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
        LINK_CHANGE: overlay.programs.links,
        SECONDARY: overlay.programs.secondary,
    }


def stage_overlay(settings: Settings, input_sha256: str) -> dict[TableName, Staged]:
    """Stage the tables of the run's overlay. Raises BadInputError with file, line and problem."""
    return {
        name: stage_frame(contracts()[name], frame, settings.staging, input_sha256)
        for name, frame in overlay_tables(current_overlay(settings)).items()
    }


def described_overlay(settings: Settings) -> dict[str, Any] | None:
    """The staged overlay for the manifest; None without one. Raises GateError when its files changed during the run."""
    if settings.overlay_dir is None:
        return None
    row = pl.read_parquet(parquet_path(settings.staging, OVERLAY), glob=False).row(0, named=True)
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
