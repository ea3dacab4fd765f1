"""One check of one table, before it is run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.tables import TableName


@dataclass(frozen=True)
class Check:
    """A Great Expectations class with its arguments, or a SELECT (`sql`) of the rows that are wrong.

    `upstream` are the tables it reads. With `parts`, rows that differ in one of these columns are independent of each
    other, so that large tables are checked part by part. With `years_before` of (1, 5), the part of a year also has the
    rows of the year before and of five years before, to compare with. `in_every_part` is a condition on the last of the
    columns, for rows that all others are compared with, such as the nation's.
    """

    table: TableName
    name: str
    kind: Kind
    severity: Severity
    expected: str
    description: str
    upstream: frozenset[TableName]
    sql: str = ""
    expectation: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    years_before: tuple[int, ...] = ()
    in_every_part: str = ""

    @property
    def key(self) -> tuple[TableName, str]:
        """Table and name: no two checks have the same."""
        return self.table, self.name

    @property
    def definition(self) -> str:
        """All that decides its outcome beside the tables it reads."""
        how = [self.parts, self.years_before, self.in_every_part]
        return json.dumps([self.sql, self.expectation, how, sorted(self.arguments.items())])

    def passed(self) -> CheckResult:
        """The result of a check that found nothing wrong."""
        return self.result(passed=True, failing_rows=0, observed=None, severity=self.severity)

    def failed(self, failing_rows: int | None, observed: str) -> CheckResult:
        """The result of a check that found rows that are wrong; None where it does not count rows."""
        return self.result(passed=False, failing_rows=failing_rows, observed=observed, severity=self.severity)

    def could_not_run(self, reason: str) -> CheckResult:
        """A failure that blocks whatever the severity: what was not checked is not known to be right."""
        return self.result(passed=False, failing_rows=None, observed=reason, severity=Severity.ERROR)

    def result(
        self, *, passed: bool, failing_rows: int | None, observed: str | None, severity: Severity
    ) -> CheckResult:
        """A result of this check."""
        return CheckResult(
            table=self.table,
            check=self.name,
            kind=self.kind,
            severity=severity,
            passed=passed,
            failing_rows=failing_rows,
            observed=observed,
            expected=self.expected,
            description=self.description,
        )
