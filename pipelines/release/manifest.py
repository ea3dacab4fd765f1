"""The manifest of a release, and the folder that it describes."""

from datetime import datetime
from pathlib import Path

from pydantic import Field, ValidationError

from pipelines.errors import NoReleaseError
from pipelines.models import Strict, why_unread

MANIFEST = "manifest.json"
DATABASE = "lmi.duckdb"


class ReleasedTable(Strict):
    """A table of a release."""

    rows: int
    sha256: str


class ReleasedSource(Strict):
    """A source of a release, from `reference.source_vintage`."""

    publisher: str
    title: str
    url: str
    vintage: str
    reference_period: str
    released_on: str | None
    retrieved_on: str | None = None
    sha256: str
    status: str
    licence: str = ""
    attribution: str


class ReleasedOverlay(Strict):
    """The state overlay of a release, and the checksums of its files."""

    overlay_id: str
    state_id: str
    title: str
    source: str
    as_of: int
    sha256: str
    files: dict[str, str]


class Manifest(Strict):
    """What a release was made from, what it holds, and how its checks went."""

    release_id: str
    published_at: datetime
    previous_release_id: str | None
    input_sha256: str
    project_version: str
    duckdb_version: str
    database_sha256: str
    database_bytes: int
    tables: dict[str, ReleasedTable]
    sources: dict[str, ReleasedSource]
    overlay: ReleasedOverlay | None = None
    checks: int
    checks_passed: int
    warnings: tuple[str, ...]
    #: Comparisons with the release before that failed and were accepted.
    accepted_changes: tuple[str, ...] = ()
    licence: str = ""
    citation: str = ""
    #: The checksum of each other file of the folder by its name; early releases name none.
    files: dict[str, str] = Field(default_factory=dict)


class Release(Strict):
    """A release folder and its manifest."""

    folder: Path
    manifest: Manifest

    @property
    def database(self) -> Path:
        """The release's DuckDB file."""
        return self.folder / DATABASE


def read_release(folder: Path) -> Release:
    """The release in a folder. Raises NoReleaseError when there is none."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise NoReleaseError(f"{folder} is not a release: {MANIFEST}: {why_unread(error)}") from error
    return Release(folder=folder, manifest=manifest)
