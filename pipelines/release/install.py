"""Puts a release's database in the published place, and clears away what an interrupted run left."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from pipelines.errors import GateError
from pipelines.files import atomic, file_sha256
from pipelines.release.manifest import DATABASE, Release
from pipelines.release.record import REMOVING, newest_release, record_path
from pipelines.settings import Settings

#: The folder of a release that is not complete.
BUILDING = ".building-"
#: What unfinished work in staging is called; every table there has its own name.
_UNFINISHED = (".*", "*.sorted")


def is_installed(settings: Settings, release: Release) -> bool:
    """Whether the published database is this release's, byte for byte."""
    path = settings.database
    return (
        path.is_file()
        and path.stat().st_size == release.manifest.database_bytes
        and file_sha256(path) == release.manifest.database_sha256
    )


def install(settings: Settings, release: Release) -> None:
    """Copy a release's database to the published place. Readers see the old or the new one, whole.

    It is a copy, so that writing to the published file cannot change the release.
    """
    with atomic(settings.database, durable=True) as temporary:
        shutil.copyfile(release.database, temporary)


def _left_overs(settings: Settings) -> Iterator[Path]:
    for beginning in (BUILDING, REMOVING):
        yield from settings.releases.glob(f"{beginning}*")
    for name in (DATABASE, record_path(settings).name):
        yield from settings.data_dir.glob(f".{name}.*")
    for pattern in _UNFINISHED:
        yield from settings.staging.rglob(pattern)
    yield from settings.failures.glob(".*.tmp")


def recover(settings: Settings) -> Release | None:
    """Remove what an interrupted run left; install and return the newest release. The caller holds the data folder.

    Raises GateError rather than install a release that is not as its own verdict says.
    """
    for path in list(_left_overs(settings)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    release = newest_release(settings)
    if release is not None and not is_installed(settings, release):
        from pipelines.release.verify import faults  # noqa: PLC0415  (an engine, which `lmi status` does without)

        if found := faults(release):
            advice = f"restore or remove {release.folder}, then run again"
            raise GateError(f"release {release.manifest.release_id} is not installed: {found[0]}; {advice}")
        install(settings, release)
    return release
