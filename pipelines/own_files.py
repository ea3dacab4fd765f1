"""The project's own files that decide the figures: code, SQL, contracts and reference data; and its version."""

from importlib.metadata import version

from pipelines.files import file_sha256
from pipelines.paths import PACKAGE, PROJECT, REFERENCE, RESOURCES, SQL

_OWN_FILES = (
    (PROJECT, REFERENCE, "*.csv"),
    (PROJECT, REFERENCE, "*.yml"),
    (PROJECT, SQL, "*.sql"),
    (PROJECT, SQL, "*.yml"),
    (PACKAGE.parent, PACKAGE, "*.py"),
    (PACKAGE.parent, PACKAGE, "*.j2"),
)


def project_version() -> str:
    """The installed version of this project."""
    return version("career-cluster-lmi")


def own_lines() -> list[str]:
    """One line for each file, `path checksum`, sorted; the same in a checkout and in an installed wheel of it."""
    files = [(path, root) for root, folder, pattern in _OWN_FILES for path in folder.rglob(pattern)]
    return [
        f"version {project_version()}",
        *sorted(
            f"{path.relative_to(root).as_posix()} {file_sha256(path)}"
            for path, root in files
            if root == PROJECT or RESOURCES not in path.parents
        ),
    ]
