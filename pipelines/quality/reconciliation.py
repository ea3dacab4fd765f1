"""Reconciliations: `sql/checks/<name>.sql`, each one SELECT of failing rows with its table, severity and expectation.

The head of a file is a comment: first the description, then `-- table:`, `-- severity:` and `-- expected:`, and
`-- parts:` where the check can run in parts, with the columns that rows must share to be compared. `-- years_before:`
says with what years before it a year is compared, `-- in_every_part:` has the condition for rows of the last of the
columns that all others are compared with. SQL that several checks need is in `templates/<name>.sql`; checks and other
templates include it as `select * from <name>`. A check that ends in `select * from differences` compares two of its
queries, `found` and `expected`: they must have the same rows by `-- keys:`, and the same `-- figures:`, each exactly or
`within` a tolerance. It does not see rows that are there twice; the check of the table's primary key does.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipelines.errors import ContractError
from pipelines.paths import SQL
from pipelines.quality.check import Check
from pipelines.quality.expectations import checked_tables, contract_checks
from pipelines.quality.result import Kind, Severity
from pipelines.tables import TableName
from pipelines.warehouse.slices import YEAR
from pipelines.warehouse.sql_tables import read_upstream

CHECKS = SQL / "checks"

_HEADER = re.compile(r"([a-z_]+): (.*)")
_HEADERS = ("table", "severity", "expected")
_OPTIONAL = ("parts", "years_before", "in_every_part", "keys", "figures")

#: How a check includes a template: a name without a schema. No check reads a query of its own by `*`.
_TEMPLATE = re.compile(r"select \* from ([a-z_]+)(?![.\w])")
_DIFFERENCES = "differences"


def read_check(path: Path) -> Check:
    """Read one file; raises ContractError naming it when a header is missing, unknown, given twice or wrong."""
    where = f"{path.parent.name}/{path.name}"
    text = path.read_text(encoding="utf-8")
    description, headers = read_head(text, where, _HEADERS, _OPTIONAL)
    if headers["severity"] not in list(Severity):
        raise ContractError(f"{where}: severity is {' or '.join(Severity)} (found {headers['severity']!r})")
    templates = set(_TEMPLATE.findall(text))
    if ("keys" in headers) is not (_DIFFERENCES in templates):
        raise ContractError(f"{where}: a check has keys if and only if it ends in `select * from {_DIFFERENCES}`")
    sql = _TEMPLATE.sub(lambda found: _template(found[1], headers, where), text)
    upstream = read_upstream(sql, where)
    table = TableName.parse(headers["table"])
    if table not in upstream:
        raise ContractError(f"{where}: it does not read {table}, the table it is about")
    parts, years_before = _listed(headers, "parts"), tuple(map(int, _listed(headers, "years_before")))
    if years_before and parts[:1] != (YEAR,):
        raise ContractError(f"{where}: years_before is for checks with parts by {YEAR}")
    return Check(
        table=table,
        name=path.stem,
        kind=Kind.RECONCILIATION,
        severity=Severity(headers["severity"]),
        expected=headers["expected"],
        description=description,
        upstream=upstream,
        sql=sql,
        parts=parts,
        years_before=years_before,
        in_every_part=headers.get("in_every_part", ""),
    )


def _listed(headers: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(filter(None, headers.get(name, "").split(", ")))


def read_head(
    text: str, where: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> tuple[str, dict[str, str]]:
    """The description and the headers of a file; raises ContractError when one is missing, unknown or given twice."""
    description: list[str] = []
    headers: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        words = line.removeprefix("--").strip()
        header = _HEADER.fullmatch(words)
        if header is None and headers:
            raise ContractError(f"{where}: the description comes before the headers (found {words!r})")
        if header is None:
            description.append(words)
            continue
        name, value = header.groups()
        if name not in (*required, *optional):
            known = ", ".join((*required, *optional))
            raise ContractError(f"{where}: header {name} is unknown, there are {known}")
        if name == "figures" and name in headers:
            value = f"{headers[name]}; {value}"
        elif name in headers:
            raise ContractError(f"{where}: header {name} is given twice")
        headers[name] = value
    missing = [name for name in required if not headers.get(name)]
    if not description:
        missing.insert(0, "a description")
    if missing:
        raise ContractError(f"{where}: the comment at its head lacks {', '.join(missing)}")
    return " ".join(description), headers


def _template(name: str, headers: dict[str, str], where: str) -> str:
    """The text of a template; that of differences compares what the headers name."""
    path = CHECKS / "templates" / f"{name}.sql"
    if not path.is_file():
        raise ContractError(f"{where}: there is no template {name}")
    text = path.read_text(encoding="utf-8").rstrip()
    if name == _DIFFERENCES:
        return text.format_map(_compared(headers))
    return _TEMPLATE.sub(lambda found: _template(found[1], headers, where), text)


def _compared(headers: dict[str, str]) -> dict[str, str]:
    """The parts of a comparison of `found` and `expected`: what is shown, how rows are matched, and which differ."""
    keys = headers["keys"].split(", ")
    shown = [f"coalesce(found.{key}, expected.{key}) as {key}" for key in keys]
    differ = [f"found.{keys[0]} is null", f"expected.{keys[0]} is null"]
    for figure in filter(None, headers.get("figures", "").split("; ")):
        name, _, tolerance = figure.partition(" within ")
        shown += [f"found.{name}", f"expected.{name} as expected_{name}"]
        if tolerance:
            differ.append(f"(found.{name} is null) <> (expected.{name} is null)")
            differ.append(f"abs(found.{name} - expected.{name}) > {tolerance}")
        else:
            differ.append(f"found.{name} is distinct from expected.{name}")
    return {
        "shown": ", ".join(shown),
        "joined": " and ".join(f"found.{key} = expected.{key}" for key in keys),
        "differ": " or ".join(differ),
        "keys": ", ".join(keys),
    }


@cache
def reconciliations(checks: Path = CHECKS) -> tuple[Check, ...]:
    """All reconciliations by name; raises ContractError when there are none."""
    found = tuple(read_check(path) for path in sorted(checks.glob("*.sql")))
    if not found:
        raise ContractError(f"{checks.name}: there are no checks")
    return found


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of a complete validation: those of the published tables' contracts, and the reconciliations."""
    return (*(check for table in checked_tables() for check in contract_checks(table)), *reconciliations())


def release_checks() -> tuple[Check, ...]:
    """The checks that read published tables only: a release can be checked again without publishers' tables."""
    held = {table.table for table in checked_tables()}
    return tuple(check for check in all_checks() if check.upstream <= held)
