"""The project's own files that decide the figures: code, SQL, contracts and reference data."""

from pipelines.files import file_sha256
from pipelines.paths import PROJECT, REFERENCE, SQL

_OWN_FILES = (
    (REFERENCE, "*.csv"),
    (REFERENCE, "*.yml"),
    (SQL, "*.sql"),
    (SQL, "*.yml"),
    (PROJECT / "pipelines", "*.py"),
    (PROJECT / "pipelines", "*.j2"),
)


def own_lines() -> list[str]:
    """One line for each file, `path checksum`, sorted by path."""
    paths = [path for folder, pattern in _OWN_FILES for path in folder.rglob(pattern)]
    ordered = sorted([*paths, PROJECT / "pyproject.toml"])
    return [f"{path.relative_to(PROJECT).as_posix()} {file_sha256(path)}" for path in ordered]
