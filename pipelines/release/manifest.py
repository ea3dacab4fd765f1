"""What is known of a release, and where the releases are."""

from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.errors import NoReleaseError
from pipelines.settings import Settings

MANIFEST = "manifest.json"
DATABASE = "lmi.duckdb"


def project_version() -> str:
    """The installed version of this project."""
    return version("career-cluster-lmi")


class ReleasedTable(BaseModel):
    """A table of a release."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    rows: int
    sha256: str


class ReleasedSource(BaseModel):
    """A source of a release, as `reference.source_vintage` has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    publisher: str
    title: str
    url: str
    vintage: str
    reference_period: str
    released_on: str | None
    retrieved_on: str | None = None
    sha256: str
    status: str
    attribution: str


class ReleasedOverlay(BaseModel):
    """The state overlay of a release, and the checksums of its files."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    overlay_id: str
    state_id: str
    title: str
    source: str
    as_of: int
    sha256: str
    files: dict[str, str]


class Manifest(BaseModel):
    """A release: what it was made from, what it holds, and how the checks went."""

    model_config = ConfigDict(extra="forbid", frozen=True)
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


class Release(BaseModel):
    """A release folder and its manifest."""

    model_config = ConfigDict(frozen=True)
    folder: Path
    manifest: Manifest

    @property
    def database(self) -> Path:
        """The release's DuckDB file."""
        return self.folder / DATABASE


def read_release(folder: Path) -> Release:
    """A release from its folder. Raises NoReleaseError when the folder holds none."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise NoReleaseError(f"{folder} is not a release: {error}") from error
    return Release(folder=folder, manifest=manifest)


def releases(settings: Settings) -> list[Release]:
    """All complete releases, oldest first; folders of broken-off builds begin with a dot and do not count."""
    if not settings.releases.is_dir():
        return []
    folders = sorted(path for path in settings.releases.iterdir() if path.is_dir() and not path.name.startswith("."))
    return [read_release(folder) for folder in folders]


def newest_release(settings: Settings) -> Release | None:
    """The newest complete release, or None."""
    found = releases(settings)
    return found[-1] if found else None


def require_release(settings: Settings) -> Release:
    """The newest complete release. Raises NoReleaseError that says what to do when there is none."""
    release = newest_release(settings)
    if release is None:
        raise NoReleaseError(f"no release in {settings.releases}; run `lmi run` first")
    return release
