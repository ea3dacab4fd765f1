"""Checks a release file again: its tables, and whether it is what was published."""

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from pipelines.contracts.enforce import check_columns
from pipelines.errors import LmiError, NoReleaseError, machine_error, why_unreadable
from pipelines.files import scratch
from pipelines.quality.comparison import comparisons
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import all_checks, release_checks
from pipelines.quality.result import CheckResult
from pipelines.quality.suites import Attached, Suites, run_by_table
from pipelines.quality.validation import Validation
from pipelines.release.install import is_installed
from pipelines.release.manifest import MANIFEST, Release, read_release
from pipelines.release.record import newest_release, recorded_release, release_folders
from pipelines.release.verify import VERDICT, content_faults, faults
from pipelines.settings import Settings
from pipelines.tables import TableName, quote
from pipelines.warehouse.engine import connect

#: The name under which the database is attached while it is checked.
_CATALOG = "checked_release"


def not_repeated() -> str:
    """Why a release is checked by fewer checks than the run that made it."""
    others = len(all_checks()) + len(comparisons()) - len(release_checks())
    return (
        f"Not repeated: {others} checks that read the publishers' own tables or the release before, which a release "
        "does not hold; `lmi status` counts them, too. Estimates cannot be computed again from a release: their bounds "
        "and sums are checked, not their values."
    )


def recheck(database: Path, on_table: Callable[[TableName], None] | None = None) -> list[CheckResult]:
    """The results of every check on a DuckDB file, opened read only. Raises NoReleaseError when it cannot be read."""
    if not database.is_file():
        problem = "does not exist; run `lmi run` first"
        if database.exists():
            kind = (
                "a folder; give the DuckDB file in it"
                if database.is_dir()
                else "a device or a pipe; give a DuckDB file"
            )
            problem = f"is {kind}"
        raise NoReleaseError(f"{database} {problem}")
    with scratch() as spill, connect(spill, ()) as connection:
        try:
            connection.execute(f"attach {quote(database)} as {_CATALOG} (read_only)")
            for table in checked_tables():
                check_columns(table, list(connection.sql(f"select * from {_CATALOG}.{table.table}").columns))
        except duckdb.Error as error:
            unreadable = NoReleaseError(f"{database} is not a readable release: {why_unreadable(error)}")
            raise machine_error(error) or unreadable from error
        results = run_by_table(Suites(Attached(connection, _CATALOG), connection), release_checks(), on_table)
        connection.execute(f"detach {_CATALOG}")
    return results


def as_published(database: Path, results: Sequence[CheckResult]) -> tuple[list[str], str]:
    """What in a database is not as it was published, and a sentence on what it was held against.

    Its place says what it is: beside a manifest the database of a release, beside the folder of releases the published
    one. `results` are those of `recheck`.
    """
    folder = database.resolve().parent
    is_release = (folder / MANIFEST).is_file()
    settings = Settings(data_dir=folder.parent.parent if is_release else folder)
    try:
        release = read_release(folder) if is_release else newest_release(settings)
        found = [] if release is None else _release_faults(settings, release)
        verdict = None if release is None else Validation.read(release.folder / VERDICT)
    except LmiError as error:
        return [str(error), *content_faults(database, None, results)], "It was held against itself alone."
    found += content_faults(database, verdict, results)
    if release is None:
        return found, "There is no manifest beside it, so whether it is as published cannot be told."
    if not is_release and not is_installed(settings, release):
        found.append(f"{database} is not the database of release {release.manifest.release_id}")
    return found, f"It was held against the manifest and the verdict of release {release.manifest.release_id}."


def _release_faults(settings: Settings, release: Release) -> list[str]:
    """Faults of a release folder, and of its place among the releases of a data folder."""
    found = faults(release)
    if release.folder.parent != settings.releases:
        return found
    if release.folder not in release_folders(settings):
        return [*found, f"{release.folder} is not in the record of releases"]
    try:
        recorded_release(settings, release.folder)
    except NoReleaseError as error:
        found.append(str(error))
    return found
