"""The gate: publish exactly the tables that were checked, and only if every blocking check passed."""

from pathlib import Path

from pipelines.contracts.model import contracts
from pipelines.errors import GateError
from pipelines.quality.expectations import checked_tables
from pipelines.quality.reconciliation import expected_checks
from pipelines.quality.validation import RELEASE, Validation, table_checksums, validation_path
from pipelines.warehouse.staging import read_stamp


def _list(names: set[str]) -> str:
    shown = sorted(names)[:5]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")


def pass_gate(staging: Path, input_sha256: str) -> Validation:
    """Read the verdict on the staged tables and return it, or raise GateError that says why nothing is published.

    The verdict must be of these inputs and these very files, hold every declared check, and no failed error.
    """
    validation = Validation.read(validation_path(staging))
    if validation.input_sha256 != input_sha256:
        raise GateError("nothing published: the checks were made for other inputs; run the whole pipeline again")
    if other := {str(name) for name in contracts() if name != RELEASE and read_stamp(staging, name) != input_sha256}:
        raise GateError(f"nothing published: {_list(other)} not made from these inputs; run the whole pipeline again")
    staged = table_checksums(staging, checked_tables())
    if unchecked := staged.keys() - validation.tables.keys():
        raise GateError(f"nothing published: {_list(set(unchecked))} not checked")
    if changed := {name for name, checksum in staged.items() if validation.tables[name] != checksum}:
        raise GateError(f"nothing published: {_list(changed)} changed after the checks")
    made = {(result.table, result.check) for result in validation.results}
    if skipped := expected_checks() - made:
        raise GateError(f"nothing published: not checked: {_list({f'{table} {check}' for table, check in skipped})}")
    if validation.blocking:
        lines = [
            f"  {result.table} {result.check}: {result.description} "
            f"(failing rows: {result.failing_rows}, observed: {result.observed}, expected: {result.expected})"
            for result in validation.blocking[:20]
        ]
        raise GateError(
            f"nothing published: {len(validation.blocking)} of {len(validation.results)} checks failed\n"
            + "\n".join(lines)
        )
    return validation
