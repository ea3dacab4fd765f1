"""What a check found."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.tables import TableName


class Severity(StrEnum):
    """An error blocks the release, a warning does not."""

    ERROR = "error"
    WARN = "warn"


class Kind(StrEnum):
    """Where a check comes from: a contract, `sql/checks` or `sql/comparisons`."""

    EXPECTATION = "expectation"
    RECONCILIATION = "reconciliation"
    COMPARISON = "comparison"


@dataclass(frozen=True)
class CheckResult:
    """The result of one check of one table: whether it passed, how many rows failed, what was observed and expected."""

    table: TableName
    check: str
    kind: Kind
    severity: Severity
    passed: bool
    failing_rows: int | None
    observed: str | None
    expected: str
    description: str
    #: One checksum of what was checked: the check, the code that runs it, and the file of each table that it reads.
    seen: str = ""
    #: The same by year, of a check that runs year by year.
    years: tuple[tuple[str, str], ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether this result forbids publishing."""
        return not self.passed and self.severity is Severity.ERROR

    @property
    def told(self) -> str:
        """A failed check in one line: its table and name, what was found and what was expected."""
        return f"{self.table} {self.check}: found {self.observed}; expected: {self.expected}"
