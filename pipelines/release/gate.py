"""The gate: it publishes exactly what was made and checked, and only when every blocking check has passed."""

from collections.abc import Mapping
from pathlib import Path

from pipelines.contracts.model import contracts
from pipelines.errors import GateError
from pipelines.quality.comparison import comparisons
from pipelines.quality.reconciliation import all_checks
from pipelines.quality.result import Kind
from pipelines.quality.validation import RELEASE, Validation, judged_tables, table_checksums, validation_path
from pipelines.warehouse.staging import read_stamp, stamped_sha256


def _list(names: set[str]) -> str:
    shown = sorted(names)[:5]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")


def pass_gate(staging: Path, input_sha256: str) -> Validation:
    """Return the verdict on the staged tables, or raise GateError that says why nothing is published.

    The verdict must be for these inputs, hold every declared check, have no failed error, and name exactly these files;
    each file must be the one that was staged.
    """
    validation = Validation.read(validation_path(staging))
    if validation.input_sha256 != input_sha256:
        raise GateError("nothing published: the checks were made for other inputs; run the whole pipeline again")
    if other := {str(name) for name in contracts() if name != RELEASE and read_stamp(staging, name) != input_sha256}:
        raise GateError(f"nothing published: {_list(other)} not made from these inputs; run the whole pipeline again")
    _refuse_failed_checks(validation)
    staged = table_checksums(staging, judged_tables())
    if unchecked := staged.keys() - validation.tables.keys():
        raise GateError(f"nothing published: {_list(set(unchecked))} not checked")
    if changed := {name for name, checksum in staged.items() if validation.tables[name] != checksum}:
        raise GateError(f"nothing published: {_list(changed)} changed after the checks")
    made = {str(table.table): stamped_sha256(staging, table.table) for table in judged_tables()}
    _refuse_others(validation, made)
    return validation


def hold_to_run(validation: Validation, verdict: Validation | None, made: Mapping[str, str]) -> None:
    """Raise GateError unless one run made every table of a verdict, and the verdict itself.

    What the run remembers cannot be edited on the disk: `made` are the checksums of its tables, `verdict` is its own.
    """
    if missing := {str(table.table) for table in judged_tables()} - made.keys():
        raise GateError(f"nothing published: {_list(missing)} not made in this run; run the whole pipeline")
    if verdict != validation:
        raise GateError("nothing published: the verdict is not the one of this run; run the whole pipeline")
    _refuse_others(validation, made)


def _refuse_others(validation: Validation, made: Mapping[str, str | None]) -> None:
    """Raise GateError for a file that was checked but not made."""
    if other := {name for name, checksum in validation.tables.items() if made.get(name) != checksum}:
        raise GateError(f"nothing published: {_list(other)} changed after it was made; run the whole pipeline again")


def _refuse_failed_checks(validation: Validation) -> None:
    found = {(result.table, result.check) for result in validation.results}
    if skipped := {check.key for check in (*all_checks(), *comparisons())} - found:
        raise GateError(f"nothing published: not checked: {_list({f'{table} {check}' for table, check in skipped})}")
    if validation.blocking:
        lines = [
            f"  {result.table} {result.check}: {result.description} "
            f"(failing rows: {result.failing_rows}, observed: {result.observed}, expected: {result.expected})"
            for result in validation.blocking[:20]
        ]
        if changes := sorted(result.check for result in validation.blocking if result.kind is Kind.COMPARISON):
            lines.append(f"  If the changes are meant, run again with --accept-change {','.join(changes)}")
        raise GateError(
            f"nothing published: {len(validation.blocking)} of {len(validation.results)} checks failed\n"
            + "\n".join(lines)
        )
