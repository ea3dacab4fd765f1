"""Great Expectations suites derived from the contracts, run on staged tables, and what else a contract promises.

Great Expectations is imported where it is used: that takes seconds. It works on pandas frames (it has no engine for
Polars, and its SQL engine fails on DuckDB), and copies the frame for each expectation; so it is shown the rows that
decide, and all rows only where one of these fails.
"""

import gc
import hashlib
import math
import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts.model import Column, ColumnType, Table, published_tables
from pipelines.quality.data_docs import close_data_docs
from pipelines.quality.deciding import Deciding, Pieces, deciding_rows, rows_that_decide
from pipelines.quality.result import CheckResult, Kind, Severity
from pipelines.quality.row_checks import SHOWN_ROWS, RowCheck, run_row_checks, show_value
from pipelines.tables import TableName, parquet_path

#: Published tables that exist only once the checks have run.
AFTER_CHECKS = frozenset({TableName("quality", "check_result"), TableName("quality", "release")})

_SITE = "checks"
# they look at one row after another, beside Great Expectations and beside the run
_ROW_CHECKS_MEMORY = "600MB"
_KEY_CHECK = "primary_key_unique"


@dataclass(frozen=True)
class Planned:
    """One expectation: the check's name, the class in Great Expectations with its arguments, and both in words."""

    check: str
    expectation: str
    expected: str
    description: str
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def is_of_each_row(self) -> bool:
        """Whether a row passes or fails by itself, unlike its key, which another row may have."""
        return "column" in self.arguments and self.check != _KEY_CHECK

    def result(self, table: Table, *, passed: bool, failing_rows: int | None, observed: str | None) -> CheckResult:
        """The result of this expectation on a table."""
        return CheckResult(
            table=table.table,
            check=self.check,
            kind=Kind.EXPECTATION,
            severity=Severity.ERROR,
            passed=passed,
            failing_rows=failing_rows,
            observed=observed,
            expected=self.expected,
            description=self.description,
        )


def checked_tables() -> tuple[Table, ...]:
    """Contracts of the published tables that a validation checks."""
    return tuple(table for name, table in published_tables().items() if name not in AFTER_CHECKS)


def _plan_column(column: Column) -> Iterable[Planned]:
    name = column.name
    if not column.nullable:
        yield Planned(
            f"{name}_not_null", "ExpectColumnValuesToNotBeNull", "no missing values", f"{name} is never missing.",
            {"column": name},
        )  # fmt: skip
    if column.values is not None:
        yield Planned(
            f"{name}_in_set", "ExpectColumnValuesToBeInSet", f"one of {', '.join(column.values)}",
            f"{name} holds only values that the contract allows.",
            {"column": name, "value_set": list(column.values)},
        )  # fmt: skip
    if column.pattern is not None:
        yield Planned(
            f"{name}_matches", "ExpectColumnValuesToMatchRegex", f"text like {column.pattern}",
            f"{name} has the form that the contract declares.",
            {"column": name, "regex": column.pattern},
        )  # fmt: skip
    if column.min is not None or column.max is not None:
        bounds = (
            f"at least {column.min:.12g}" if column.min is not None else "",
            f"at most {column.max:.12g}" if column.max is not None else "",
        )
        yield Planned(
            f"{name}_in_range", "ExpectColumnValuesToBeBetween", ", ".join(filter(None, bounds)),
            f"{name} lies in the range that the contract allows.",
            {"column": name, "min_value": column.min, "max_value": column.max},
        )  # fmt: skip


def plan(table: Table) -> tuple[Planned, ...]:
    """The expectations of a table: columns, rows, key, and each column's nulls, set, pattern and range."""
    key = list(table.primary_key)
    unique = (
        ("ExpectColumnValuesToBeUnique", {"column": key[0]})
        if len(key) == 1
        else ("ExpectCompoundColumnsToBeUnique", {"column_list": key})
    )
    rows = (
        Planned(
            "has_rows", "ExpectTableRowCountToBeBetween", "at least 1 row",
            "The table is not empty; every other check passes on an empty one.",
            {"min_value": 1},
        ),
    )  # fmt: skip
    return (
        Planned(
            "columns_match", "ExpectTableColumnsToMatchOrderedList", ", ".join(table.column_names),
            "The columns are those of the contract, in its order.",
            {"column_list": list(table.column_names)},
        ),
        *(() if table.may_be_empty else rows),
        Planned(_KEY_CHECK, unique[0], f"no two rows with the same {', '.join(key)}",
                f"One row for each {', '.join(key)}.", unique[1]),
        *(planned for column in table.columns for planned in _plan_column(column)),
    )  # fmt: skip


def _foreign_key_check(table: Table, column: str, target: str) -> RowCheck:
    """A missing value refers to nothing and passes."""
    target_table, _, target_column = target.rpartition(".")
    referred = TableName.parse(target_table)
    shown = ", ".join(dict.fromkeys((*table.primary_key, column)))
    return RowCheck(
        table=table.table,
        name=f"{column}_refers_to_{referred.schema}_{referred.name}",
        kind=Kind.EXPECTATION,
        severity=Severity.ERROR,
        expected=f"each value is in {target}",
        description=f"{column} names a row of {target_table}.",
        sql=f"""
            select {shown}
            from {table.table}
            where {column} is not null
                and {column} not in (select {target_column} from {target_table} where {target_column} is not null)
            order by {shown}
        """,
        upstream=frozenset({table.table, referred}),
    )


def _finite_check(table: Table, columns: list[str]) -> RowCheck:
    """Asked by isnan(): DuckDB answers comparisons from a file's statistics, which leave such values out."""
    shown = ", ".join(dict.fromkeys((*table.primary_key, *columns)))
    return RowCheck(
        table=table.table,
        name="figures_finite",
        kind=Kind.EXPECTATION,
        severity=Severity.ERROR,
        expected="every figure is a finite number or missing",
        description="No division by zero left an infinite or undefined number, which range checks pass over.",
        sql=f"""
            select {shown}
            from {table.table}
            where {" or ".join(f"isnan({column}) or isinf({column})" for column in columns)}
            order by {", ".join(table.primary_key)}
        """,
        upstream=frozenset({table.table}),
    )


def contract_row_checks(table: Table) -> tuple[RowCheck, ...]:
    """What a contract promises that Great Expectations cannot test: finite figures and foreign keys."""
    doubles = [column.name for column in table.columns if column.type is ColumnType.DOUBLE]
    finite = [_finite_check(table, doubles)] if doubles else []
    return (*finite, *(_foreign_key_check(table, column, target) for column, target in table.foreign_keys.items()))


def load_gx() -> None:
    """Import Great Expectations, its telemetry switched off before; takes seconds."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations  # noqa: F401, PLC0415

    # what was imported stays: it need not be searched for garbage again and again
    gc.freeze()


def _import_gx() -> Any:
    load_gx()
    import great_expectations  # noqa: PLC0415

    return great_expectations


def _context(gx: Any, docs: Path | None) -> Any:
    """A context in memory: no telemetry, no progress bars, and a docs site only where one is asked for."""
    from great_expectations.data_context.types.base import (  # noqa: PLC0415
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    if docs is not None:
        backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)}
        site = {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": backend,
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        }
        context.add_data_docs_site(_SITE, site)
    return context


def _as_pandas(rows: pl.DataFrame) -> Any:
    """Rows as a pandas frame, text as categories."""
    return rows.to_arrow(compat_level=pl.CompatLevel.oldest()).to_pandas(strings_to_categorical=True)


def _raised(info: Any) -> str | None:
    """The message of an exception inside an expectation; Great Expectations nests them by metric or not at all."""
    if not isinstance(info, dict):
        return None
    entries = [info] if "raised_exception" in info else [entry for entry in info.values() if isinstance(entry, dict)]
    for entry in entries:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message") or "an exception without a message")
    return None


def _show_sample(value: object) -> str:
    """An unexpected value as text; empty for a missing one, whose number says it all."""
    if isinstance(value, dict):
        return ", ".join(f"{name}={show_value(part)}" for name, part in value.items())
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if missing else show_value(value)


def _observed(outcome: dict[str, Any]) -> str:
    """What a failed expectation saw, in short."""
    count = outcome.get("unexpected_count")
    if count is None:
        seen = outcome.get("observed_value")
        return ", ".join(map(str, seen)) if isinstance(seen, list) else f"{seen}"
    sample = outcome.get("partial_unexpected_list") or []
    shown = [text for text in dict.fromkeys(map(_show_sample, sample)) if text]
    values = "; ".join(shown[:SHOWN_ROWS])
    total = outcome.get("element_count")
    return f"{count} of {total} rows" + (f": {values}" if values else "")


def _judge(table: Table, planned: Planned, outcome: Any) -> CheckResult:
    """The result of one expectation; one that gave no answer or raised has failed."""
    if outcome is None:
        return planned.result(table, passed=False, failing_rows=None, observed="the expectation gave no result")
    message = _raised(outcome.exception_info)
    if message is not None:
        return planned.result(table, passed=False, failing_rows=None, observed=f"could not be checked: {message}")
    if outcome.success is True:
        return planned.result(table, passed=True, failing_rows=0, observed=None)
    count = outcome.result.get("unexpected_count")
    return planned.result(
        table,
        passed=False,
        failing_rows=None if count is None else int(count),
        observed=_observed(outcome.result),
    )


def _by_check(outcome: Any) -> dict[str, Any]:
    return {result.expectation_config.meta["check"]: result for result in outcome.results}


def _judge_parts(table: Table, planned: Planned, decided: Any, parts: Sequence[Any], deciding: Deciding) -> CheckResult:
    """The result of one expectation on a table in parts: decided by the rows that decide, counted in the parts.

    Rows that share a key may be of several parts, but all of them are among those that decide.
    """
    result = _judge(table, planned, decided)
    if result.passed or result.failing_rows is None:
        return result
    counted = [decided]
    if planned.is_of_each_row:
        counted = [part for part in parts if part is None or not part.success]
        for part in counted:
            if part is None or _raised(part.exception_info) is not None:
                return _judge(table, planned, part)
    count = sum(int(part.result.get("unexpected_count") or 0) for part in counted)
    sample = [value for part in counted for value in part.result.get("partial_unexpected_list") or []]
    observed = _observed(
        {"unexpected_count": count, "partial_unexpected_list": sample, "element_count": deciding.of_rows}
    )
    if not planned.is_of_each_row and deciding.has_more_keys:
        observed = f"at least {observed}"
    return planned.result(table, passed=False, failing_rows=count, observed=observed)


@dataclass(frozen=True)
class CheckedTable:
    """The results of a table's expectations, and the checksum of the file they were made on; None without a file."""

    sha256: str | None
    results: list[CheckResult]


class Expectations:
    """Great Expectations at work on staged tables, one after another; `docs` takes the Data Docs site at the end."""

    def __init__(self, docs: Path | None) -> None:
        self._gx = _import_gx()
        self._context = _context(self._gx, docs)
        self._source = self._context.data_sources.add_pandas("staging")
        self._docs = docs

    def check(self, table: Table, path: Path) -> CheckedTable:
        """The results of all expectations of one table."""
        plans = plan(table)
        if not path.is_file():
            absent = [
                each.result(table, passed=False, failing_rows=None, observed="the table is not staged")
                for each in plans
            ]
            return CheckedTable(None, absent)
        with path.open("rb") as file:
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
            return CheckedTable(checksum, self._check(table, plans, Pieces(file)))

    def _check(self, table: Table, plans: Sequence[Planned], pieces: Pieces) -> list[CheckResult]:
        definition = self._definition(table, plans)
        deciding = deciding_rows(table, pieces)
        outcome = self._run(definition, deciding.rows)
        if outcome.success:
            outcomes = _by_check(outcome)
            return [_judge(table, each, outcomes.get(each.check)) for each in plans]
        # all rows, to count those that fail: at once, or the pieces that have some
        if pieces.is_one:
            (rows,) = pieces
            outcomes = _by_check(self._run(definition, rows))
            return [_judge(table, each, outcomes.get(each.check)) for each in plans]
        parts = [
            _by_check(self._run(definition, piece))
            for piece in pieces
            if not self._run(definition, piece[rows_that_decide(table, piece)]).success
        ]
        decided = _by_check(outcome)
        return [
            _judge_parts(table, each, decided.get(each.check), [part.get(each.check) for part in parts], deciding)
            for each in plans
        ]

    def _definition(self, table: Table, plans: Iterable[Planned]) -> Any:
        name, gx = str(table.table), self._gx
        suite = gx.ExpectationSuite(
            name=name,
            expectations=[
                getattr(gx.expectations, each.expectation)(**each.arguments, meta={"check": each.check})
                for each in plans
            ],
        )
        batch = self._source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all")
        return self._context.validation_definitions.add(
            gx.ValidationDefinition(name=name, data=batch, suite=self._context.suites.add(suite))
        )

    def _run(self, definition: Any, rows: pl.DataFrame) -> Any:
        with warnings.catch_warnings():
            # pandas warns of every pattern with a group; it is searched for, not extracted
            warnings.filterwarnings("ignore", message="This pattern is interpreted as a regular expression")
            # less than BASIC makes the Data Docs fail on table expectations
            return definition.run(
                batch_parameters={"dataframe": _as_pandas(rows)}, result_format={"result_format": "BASIC"}
            )

    def finish(self, results: Iterable[CheckResult]) -> None:
        """Write the Data Docs site, its pages free of anything that is loaded from elsewhere."""
        if self._docs is not None:
            self._docs.mkdir(parents=True, exist_ok=True)
            self._context.build_data_docs(site_names=[_SITE])
            close_data_docs(self._docs, list(results))


def run_expectations(
    folder: Path,
    tables: Iterable[Table],
    docs: Path | None = None,
    on_table: Callable[[Table], None] | None = None,
) -> list[CheckResult]:
    """Check staged tables against their contracts: expectations first, then finite figures and foreign keys.

    Every planned check has a result. A table that is not staged, and an expectation that raises or gives no result,
    fail with severity error. `docs` takes the Data Docs site of the run; its pages load nothing from elsewhere.
    `on_table` is called as each table begins.
    """
    tables, expectations = list(tables), Expectations(docs)
    results: list[CheckResult] = []
    for table in tables:
        if on_table is not None:
            on_table(table)
        results += expectations.check(table, parquet_path(folder, table.table)).results
    return conclude(expectations, folder, tables, results)


def conclude(
    expectations: Expectations, folder: Path, tables: Iterable[Table], results: list[CheckResult]
) -> list[CheckResult]:
    """The results of expectations with those that read other tables, too; and the Data Docs."""
    checks = [check for table in tables for check in contract_row_checks(table)]
    results = results + run_row_checks(folder, checks, _ROW_CHECKS_MEMORY)
    expectations.finish(results)
    return results
