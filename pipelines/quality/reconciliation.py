"""Reconciliations: `sql/checks/<name>.sql`, each one SELECT of failing rows with its table, severity and expectation.

The head of a file is a comment: first the description, then `-- table:`, `-- severity:` and `-- expected:`;
`-- parts:` where the check can be run in parts, with the columns in which rows that it compares do not differ.
"""

import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from pipelines.contracts.model import Table
from pipelines.errors import ContractError
from pipelines.paths import SQL
from pipelines.quality.expectations import checked_tables, contract_row_checks, plan
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.quality.row_checks import RowCheck, run_row_checks
from pipelines.settings import MEMORY_LIMIT
from pipelines.tables import TableName
from pipelines.warehouse.sql_tables import read_upstream

CHECKS = SQL / "checks"

_HEADER = re.compile(r"([a-z_]+): (.*)")
_HEADERS = ("table", "severity", "expected")
_OPTIONAL = ("parts",)


def read_check(path: Path) -> RowCheck:
    """Read one file; raises ContractError naming it when a header is missing, unknown, given twice or wrong."""
    where = f"{path.parent.name}/{path.name}"
    sql = path.read_text(encoding="utf-8")
    description: list[str] = []
    headers: dict[str, str] = {}
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        text = line.removeprefix("--").strip()
        header = _HEADER.fullmatch(text)
        if header is None and headers:
            raise ContractError(f"{where}: the description comes before the headers (found {text!r})")
        if header is None:
            description.append(text)
            continue
        name, value = header.groups()
        if name not in (*_HEADERS, *_OPTIONAL):
            known = ", ".join((*_HEADERS, *_OPTIONAL))
            raise ContractError(f"{where}: header {name} is unknown, there are {known}")
        if name in headers:
            raise ContractError(f"{where}: header {name} is given twice")
        headers[name] = value
    missing = [name for name in _HEADERS if not headers.get(name)]
    if not description:
        missing.insert(0, "a description")
    if missing:
        raise ContractError(f"{where}: the comment at its head lacks {', '.join(missing)}")
    if headers["severity"] not in list(Severity):
        raise ContractError(f"{where}: severity is {' or '.join(Severity)} (found {headers['severity']!r})")
    upstream = read_upstream(sql, where)
    table = TableName.parse(headers["table"])
    if table not in upstream:
        raise ContractError(f"{where}: it does not read {table}, the table it is about")
    return RowCheck(
        table=table,
        name=path.stem,
        kind=Kind.RECONCILIATION,
        severity=Severity(headers["severity"]),
        expected=headers["expected"],
        description=" ".join(description),
        sql=sql,
        upstream=upstream,
        parts=tuple(filter(None, headers.get("parts", "").split(", "))),
    )


def reconciliations(checks: Path = CHECKS) -> tuple[RowCheck, ...]:
    """All reconciliations by name; raises ContractError when there are none."""
    return _read_checks(checks)


@cache
def _read_checks(checks: Path) -> tuple[RowCheck, ...]:
    found = tuple(read_check(path) for path in sorted(checks.glob("*.sql")))
    if not found:
        raise ContractError(f"{checks.name}: there are no checks")
    return found


def run_reconciliations(
    folder: Path,
    checks: Path = CHECKS,
    within: Collection[TableName] | None = None,
    memory_limit: str = MEMORY_LIMIT,
) -> list[CheckResult]:
    """Run every reconciliation over the Parquet of `folder`, one result each.

    With `within`, only those that read no other table: a release can be checked again, but not against raw tables
    that it does not hold.
    """
    chosen = [check for check in reconciliations(checks) if within is None or check.upstream <= set(within)]
    return run_row_checks(folder, chosen, memory_limit)


def expected_checks(tables: Iterable[Table] | None = None, checks: Path = CHECKS) -> set[tuple[TableName, str]]:
    """Table and name of every check that a complete validation of the tables has a result for."""
    tables = list(checked_tables() if tables is None else tables)
    return {
        *((table.table, planned.check) for table in tables for planned in plan(table)),
        *((check.table, check.name) for table in tables for check in contract_row_checks(table)),
        *((check.table, check.name) for check in reconciliations(checks)),
    }
