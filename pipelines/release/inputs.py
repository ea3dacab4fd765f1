"""The fingerprint of everything a release is made from: publishers' bytes, settings of method, reference
data, a state's overlay, SQL, contracts and code."""

import hashlib
from pathlib import Path

from pipelines.archive.raw import RAW_SOURCES, file_sha256
from pipelines.archive.staging import input_lines
from pipelines.overlays.staging import overlay_lines
from pipelines.paths import PROJECT, REFERENCE, SQL
from pipelines.settings import Settings

_OWN_FILES = (
    (REFERENCE, "*.csv"),
    (REFERENCE, "*.yml"),
    (SQL, "*.sql"),
    (PROJECT / "pipelines", "*.py"),
    (PROJECT / "pipelines", "*.j2"),
)


def _project_files() -> list[Path]:
    paths = [path for folder, pattern in _OWN_FILES for path in folder.rglob(pattern)]
    return sorted([*paths, PROJECT / "pyproject.toml"])


def input_fingerprint(settings: Settings) -> str:
    """One SHA-256 over all inputs: equal inputs make equal releases, and are not published twice."""
    digest = hashlib.sha256()
    for source in RAW_SOURCES:
        for line in input_lines(source, settings):
            digest.update(f"{source} {line}\n".encode())
    for setting, value in sorted(settings.method.items()):
        digest.update(f"setting {setting} {value}\n".encode())
    for line in overlay_lines(settings):
        digest.update(f"overlay {line}\n".encode())
    for path in _project_files():
        digest.update(f"{path.relative_to(PROJECT).as_posix()} {file_sha256(path)}\n".encode())
    return digest.hexdigest()
