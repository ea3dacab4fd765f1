"""Holds a release against its own manifest and verdict, and a database against what a release may hold."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.contracts.model import described_tables
from pipelines.errors import GateError, NoReleaseError, why_unreadable
from pipelines.files import file_sha256
from pipelines.quality.expectations import AFTER_CHECKS
from pipelines.quality.result import CheckResult
from pipelines.quality.validation import CHECK_RESULT, RELEASE, Validation, check_result_frame
from pipelines.release.manifest import Release
from pipelines.warehouse.views import declared_definitions, definitions

VERDICT = "validation.json"


def faults(release: Release) -> list[str]:
    """What in a release folder is not as it was published, in words; empty when all is."""
    manifest, folder = release.manifest, release.folder
    found = []
    if folder.name != manifest.release_id:
        found.append(f"the folder {folder.name} has the manifest of release {manifest.release_id}")
    if not release.database.is_file() or file_sha256(release.database) != manifest.database_sha256:
        found.append(f"{release.database} is not the database that the manifest names")
    elif (named := released_id(release.database)) != manifest.release_id:
        found.append(f"{release.database} says that it is release {named}")
    for name, checksum in manifest.files.items():
        path = folder / name
        if not path.is_file() or file_sha256(path) != checksum:
            found.append(f"{path} is not the file that the manifest names")
    try:
        verdict = Validation.read(folder / VERDICT)
    except GateError as error:
        return [*found, str(error)]
    return found + _verdict_faults(release, verdict)


def published_verdict(release: Release) -> Validation | None:
    """The verdict under which a release was published; None unless it fits the release's manifest."""
    try:
        verdict = Validation.read(release.folder / VERDICT)
    except GateError:
        return None
    return None if _verdict_faults(release, verdict) else verdict


def _verdict_faults(release: Release, verdict: Validation) -> list[str]:
    manifest = release.manifest
    found = []
    if verdict.blocking:
        found.append(f"{VERDICT} refuses the release: {len(verdict.blocking)} checks failed")
    if verdict.input_sha256 != manifest.input_sha256:
        found.append(f"{VERDICT} is about other inputs than the manifest")
    passed = sum(result.passed for result in verdict.results)
    if (len(verdict.results), passed) != (manifest.checks, manifest.checks_passed):
        found.append(f"{VERDICT} has other checks than the manifest")
    # the verdicts of early releases do not name the table of checks
    unnamed = {str(name) for name in AFTER_CHECKS} - verdict.tables.keys()
    other = sorted(
        name
        for name, table in manifest.tables.items()
        if name not in unnamed and verdict.tables.get(name) != table.sha256
    )
    if other:
        found.append(f"{VERDICT} is about other files than the manifest: {', '.join(other)}")
    return found


def released_id(database: Path) -> str:
    """The id of the release that a database says it is. Raises NoReleaseError when it cannot be read."""
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            ids = connection.sql(f"select release_id from {RELEASE}").fetchall()
    except duckdb.Error as error:
        raise NoReleaseError(f"{database} is not a readable release: {why_unreadable(error)}") from error
    return ", ".join(str(name) for (name,) in ids)


def content_faults(database: Path, verdict: Validation | None, results: Sequence[CheckResult]) -> list[str]:
    """Tables and views that a database has or lacks against the contracts, and recorded checks that were not found.

    They are held against the release's verdict, or where there is none against `results`, found on the same database.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        there = {
            f"{schema}.{name}"
            for schema, name in connection.sql(
                "select schema_name, table_name from duckdb_tables() "
                "union all select schema_name, view_name from duckdb_views() where not internal"
            ).fetchall()
        }
        selects, views = definitions(connection), declared_definitions()
        declared = {str(name) for name in described_tables()}
        found = [f"{name} is in {database}, but no contract declares it" for name in sorted(there - declared)]
        found += [f"{name} is not in {database}" for name in sorted(declared - there)]
        found += [
            f"{name} is not the view that is declared"
            for name in sorted(views.keys() & there)
            if selects.get(name) != views[name]
        ]
        if str(CHECK_RESULT) not in there:
            return found
        recorded = connection.sql(f"select * from {CHECK_RESULT}").pl()
    by = ["table_name", "check_name"]
    if verdict is not None:
        if not recorded.sort(by).equals(check_result_frame(verdict.results)):
            found.append(f"{CHECK_RESULT} is not what {VERDICT} says")
        return found
    again = check_result_frame(tuple(results)).join(recorded, on=by, suffix="_recorded")
    other = again.filter(again["passed"] != again["passed_recorded"])
    found += [f"{CHECK_RESULT} says otherwise of {table} {check}" for table, check in other.select(by).iter_rows()]
    return found
