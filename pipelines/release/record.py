"""The record of releases: `releases.json` in the data folder names each by its id and the checksum of its manifest.

Its order is the order of publication, whatever the clock said. A folder that it does not name is no release. A data
folder without a record has the releases whose folders are there, in the order of their ids; the next release begins it.
"""

import re
import shutil
from pathlib import Path

from pydantic import ValidationError

from pipelines.errors import NoReleaseError
from pipelines.files import atomic, file_sha256
from pipelines.models import Strict, why_unread
from pipelines.release.manifest import MANIFEST, Release, read_release
from pipelines.settings import Settings

_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
#: The folder of a release that is on its way out.
REMOVING = ".removing-"


class RecordedRelease(Strict):
    """A published release."""

    release_id: str
    manifest_sha256: str


class Record(Strict):
    """All published releases, oldest first."""

    releases: tuple[RecordedRelease, ...]


def record_path(settings: Settings) -> Path:
    """The file of the record."""
    return settings.data_dir / "releases.json"


def _recorded(settings: Settings) -> dict[str, str] | None:
    """The checksum of each release's manifest by id, oldest first; None without a record."""
    path = record_path(settings)
    try:
        record = Record.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise NoReleaseError(
            f"{path} cannot be read; restore it, or remove it to begin a new one: {why_unread(error)}"
        ) from error
    return {each.release_id: each.manifest_sha256 for each in record.releases}


def _write(settings: Settings, recorded: dict[str, str]) -> None:
    releases = tuple(RecordedRelease(release_id=name, manifest_sha256=each) for name, each in recorded.items())
    with atomic(record_path(settings), durable=True) as path:
        path.write_text(Record(releases=releases).model_dump_json(indent=1) + "\n", encoding="utf-8")


def release_folders(settings: Settings) -> list[Path]:
    """The folders of all releases, oldest first. Other folders, such as copies, are passed over."""
    if not settings.releases.is_dir():
        return []
    recorded = _recorded(settings)
    if recorded is None:
        found = sorted(path for path in settings.releases.iterdir() if _ID.fullmatch(path.name))
    else:
        found = [settings.releases / name for name in recorded if _ID.fullmatch(name)]
    return [path for path in found if path.is_dir()]


def recorded_release(settings: Settings, folder: Path) -> Release:
    """The release in one of these folders. Raises NoReleaseError when it is not as it was published."""
    release = read_release(folder)
    recorded = _recorded(settings)
    advice = f"restore {folder}, or remove it to go back to the release before"
    if release.manifest.release_id != folder.name:
        raise NoReleaseError(f"{folder} says that it is release {release.manifest.release_id}; {advice}")
    if recorded is not None and recorded.get(folder.name) != file_sha256(folder / MANIFEST):
        raise NoReleaseError(f"{folder / MANIFEST} is not the one that was published; {advice}")
    return release


def releases(settings: Settings) -> list[Release]:
    """All releases, oldest first. Raises NoReleaseError as recorded_release."""
    return [recorded_release(settings, folder) for folder in release_folders(settings)]


def newest_release(settings: Settings) -> Release | None:
    """The newest release, or None. Raises NoReleaseError when it is damaged."""
    folders = release_folders(settings)
    return recorded_release(settings, folders[-1]) if folders else None


def require_release(settings: Settings) -> Release:
    """The newest release. Raises NoReleaseError when there is none."""
    release = newest_release(settings)
    if release is None:
        raise NoReleaseError(f"no release in {settings.releases}; run `lmi run` first")
    return release


def record_release(settings: Settings, release_id: str, manifest: Path) -> None:
    """Name a new release and its manifest, before its folder is in place."""
    _write(settings, _kept(settings, release_folders(settings)) | {release_id: file_sha256(manifest)})


def _kept(settings: Settings, folders: list[Path]) -> dict[str, str]:
    """What the record says of these folders; of one that has none yet, its manifest as it is."""
    recorded = _recorded(settings)
    if recorded is None:
        manifests = [folder / MANIFEST for folder in folders]
        return {path.parent.name: file_sha256(path) for path in manifests if path.is_file()}
    return {folder.name: recorded[folder.name] for folder in folders}


def prune(settings: Settings, keep: int) -> list[str]:
    """Remove all but the newest `keep` releases and return their ids. The caller holds the data folder."""
    if keep < 1:
        raise ValueError("at least one release is kept")
    folders = release_folders(settings)
    old = folders[:-keep]
    # what a process killed halfway leaves is no release, and the next run removes it
    removing = [folder.rename(folder.with_name(f"{REMOVING}{folder.name}")) for folder in old]
    if old:
        _write(settings, _kept(settings, folders[-keep:]))
    for folder in removing:
        shutil.rmtree(folder)
    return [folder.name for folder in old]
