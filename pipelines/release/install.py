"""Puts a release's database in the published place, and finishes what an interrupted run left."""

import shutil

from pipelines.files import atomic, file_sha256
from pipelines.release.manifest import DATABASE, Release, newest_release
from pipelines.settings import Settings


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


def recover(settings: Settings) -> Release | None:
    """Remove what an interrupted run left; install and return the newest release. The caller holds the data folder."""
    for unfinished in settings.releases.glob(".building-*"):
        shutil.rmtree(unfinished)
    for partial in settings.data_dir.glob(f".{DATABASE}.*"):
        partial.unlink()
    release = newest_release(settings)
    if release is not None and not is_installed(settings, release):
        install(settings, release)
    return release
