"""Comparisons with the release before: `sql/comparisons/<name>.sql`, each one SELECT of figures by `key`.

The head of a file is a comment: the description, then `-- table:`, the table that the result is shown with, and
`-- bound:`, the percent by which a figure may differ from the release before; smaller figures than `-- least:` are not
compared. A larger change, or a figure that is gone, blocks the release until `lmi run --accept-change <name>` says that
it is meant.
"""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

import duckdb

from pipelines.errors import ContractError, NoReleaseError, UnknownNameError, why_unreadable
from pipelines.paths import SQL
from pipelines.quality.check import Check
from pipelines.quality.reconciliation import read_head
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.settings import MEMORY_LIMIT
from pipelines.tables import TableName
from pipelines.warehouse.engine import connect
from pipelines.warehouse.sql_tables import read_upstream

COMPARISONS = SQL / "comparisons"
_HEADERS = ("table", "bound")
_OPTIONAL = ("least",)
#: Changes that a result shows, the largest first.
_SHOWN = 5

#: Figures by key.
_Figures = Mapping[str, float]


class Comparison(Check):
    """A check whose `sql` gives the figures of one release."""

    @property
    def bound_pct(self) -> float:
        """The percent by which a figure may differ."""
        return float(self.arguments["bound_pct"])

    @property
    def least(self) -> float:
        """The smallest figure that is compared."""
        return float(self.arguments["least"])


def _read(path: Path) -> Comparison:
    where = f"{path.parent.name}/{path.name}"
    sql = path.read_text(encoding="utf-8")
    description, headers = read_head(sql, where, _HEADERS, _OPTIONAL)
    try:
        bound, least = float(headers["bound"]), float(headers.get("least", 0))
    except ValueError as error:
        raise ContractError(f"{where}: bound and least are numbers: {error}") from error
    return Comparison(
        table=TableName.parse(headers["table"]),
        name=path.stem,
        kind=Kind.COMPARISON,
        severity=Severity.ERROR,
        expected=f"within {bound:g} percent of the release before; `lmi run --accept-change {path.stem}` accepts more",
        description=description,
        upstream=read_upstream(sql, where),
        sql=sql,
        arguments={"bound_pct": bound, "least": least},
    )


@cache
def comparisons(folder: Path = COMPARISONS) -> tuple[Comparison, ...]:
    """All comparisons by name."""
    return tuple(_read(path) for path in sorted(folder.glob("*.sql")))


def accepted_names(text: str) -> frozenset[str]:
    """The comparisons named in a list with commas. Raises UnknownNameError for a name that is none."""
    names = frozenset(filter(None, (name.strip() for name in text.split(","))))
    known = [each.name for each in comparisons()]
    if unknown := sorted(names.difference(known)):
        raise UnknownNameError(f"--accept-change: {', '.join(unknown)} is unknown; there are {', '.join(known)}")
    return names


def compare(
    staging: Path, previous: Path | None, accepted: Collection[str] = (), memory_limit: str = MEMORY_LIMIT
) -> list[CheckResult]:
    """Compare the staged tables with the database of the release before; the first release passes.

    A change beyond its bound blocks the release, or is a warning where its name is `accepted`. Raises NoReleaseError
    when the database cannot be read.
    """
    if previous is None:
        return [_told(each, "the first release: there is none before") for each in comparisons()]
    tables = sorted({table for each in comparisons() for table in each.upstream})
    try:
        before = duckdb.connect(str(previous), read_only=True)
    except duckdb.Error as error:
        problem = f"the release before, {previous}, cannot be read: {why_unreadable(error)}"
        raise NoReleaseError(f"{problem}; restore its folder or remove it") from error
    with before as old, connect(staging, tables, memory_limit) as new:
        return [
            _judge(each, _before(old, each), _figures(new, each), accepted=each.name in accepted)
            for each in comparisons()
        ]


def _figures(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> _Figures:
    rows = connection.sql(comparison.sql).fetchall()
    return {str(key): float(figure) for key, figure in rows if figure is not None}


def _before(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> _Figures | None:
    """The figures of the release before; None when it has no such table or column."""
    try:
        return _figures(connection, comparison)
    except (duckdb.CatalogException, duckdb.BinderException):
        return None


def _told(comparison: Comparison, observed: str) -> CheckResult:
    return comparison.result(passed=True, failing_rows=0, observed=observed, severity=comparison.severity)


def _judge(comparison: Comparison, before: _Figures | None, after: _Figures, *, accepted: bool) -> CheckResult:
    if before is None:
        return _told(comparison, "not compared: the release before does not have these figures")
    compared = {key: figure for key, figure in before.items() if abs(figure) >= comparison.least}
    changes = {key: _change_pct(figure, after.get(key)) for key, figure in compared.items()}
    beyond = {key: change for key, change in changes.items() if not abs(change) <= comparison.bound_pct}
    if not beyond:
        return comparison.passed()
    shown = [
        _words(key, before[key], after.get(key), beyond[key])
        for key in sorted(beyond, key=lambda key: (-abs(beyond[key]), key))[:_SHOWN]
    ]
    if len(beyond) > _SHOWN:
        shown.append(f"and {len(beyond) - _SHOWN} more")
    observed = "; ".join(shown) + ("; accepted by --accept-change" if accepted else "")
    severity = Severity.WARN if accepted else Severity.ERROR
    return comparison.result(passed=False, failing_rows=len(beyond), observed=observed, severity=severity)


def _change_pct(before: float, after: float | None) -> float:
    """The change in percent; a figure that is gone has lost all, and one that was 0 has changed without a bound."""
    if after is None:
        return -100.0 if before else 0.0
    if before == 0:
        return 0.0 if after == 0 else float("inf")
    return 100 * (after - before) / before


def _words(key: str, before: float, after: float | None, change: float) -> str:
    now = "no figure" if after is None else f"{after:,.0f}"
    return f"{key}: {before:,.0f} before, {now} now ({change:+,.1f} %)"
