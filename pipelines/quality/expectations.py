"""The checks that a contract declares: its columns, key and rows, each column's promises, row rules and references."""

from collections.abc import Iterable, Iterator
from typing import Any

from pipelines.contracts.model import Column, RowRule, Table, contracts, published_tables
from pipelines.contracts.predicates import Promise, predicates
from pipelines.quality.check import Check
from pipelines.quality.result import Kind, Severity
from pipelines.tables import TableName, quote
from pipelines.warehouse.slices import YEAR
from pipelines.warehouse.sql_tables import read_columns

#: Published tables that exist only once the checks have run.
AFTER_CHECKS = frozenset({TableName("quality", "check_result"), TableName("quality", "release")})


def checked_tables() -> tuple[Table, ...]:
    """Contracts of the published tables that a validation checks."""
    return tuple(table for name, table in published_tables().items() if name not in AFTER_CHECKS)


def contract_checks(table: Table) -> tuple[Check, ...]:
    """The checks of a table's contract."""
    key = ", ".join(table.primary_key)
    return (
        _check(
            table, "columns_match", ", ".join(table.column_names),
            "The columns are those of the contract, in its order.",
            expectation="ExpectTableColumnsToMatchOrderedList", arguments={"column_list": list(table.column_names)},
        ),
        *(() if table.may_be_empty else (_has_rows(table),)),
        _check(
            table, "primary_key_unique", f"no two rows with the same {key}", f"One row for each {key}.",
            sql=f"select {key}, count(*) as rows from {table.table} group by {key} having count(*) > 1",
            parts=table.parts,
        ),
        *(check for column in table.columns for check in _column_checks(table, column)),
        *_finite_checks(table),
        *(_foreign_key_check(table, column, target) for column, target in table.foreign_keys.items()),
        *(_row_check(table, rule) for rule in table.rows),
    )  # fmt: skip


def _by_year(*tables: Table) -> tuple[str, ...]:
    """The parts of a check of single rows of the first table: its years, if no other table has years."""
    table, *others = tables
    has_years = [each for each in others if YEAR in each.column_names]
    return (YEAR,) if table.parts[:1] == (YEAR,) and not has_years else ()


def _check(table: Table, name: str, expected: str, description: str, **how: Any) -> Check:
    upstream = how.pop("upstream", frozenset({table.table}))
    return Check(table.table, name, Kind.EXPECTATION, Severity.ERROR, expected, description, upstream, **how)


def _has_rows(table: Table) -> Check:
    return _check(
        table, "has_rows", "at least 1 row", "The table is not empty; every other check passes on an empty one.",
        expectation="ExpectTableRowCountToBeBetween", arguments={"min_value": 1},
    )  # fmt: skip


def _column_checks(table: Table, column: Column) -> Iterator[Check]:
    name, promises, parts = column.name, {each.promise for each in predicates(column)}, _by_year(table)
    if Promise.NOT_NULL in promises:
        yield _check(
            table, f"{name}_not_null", "no missing values", f"{name} is never missing.",
            expectation="ExpectColumnValuesToNotBeNull", arguments={"column": name}, parts=parts,
        )  # fmt: skip
    if Promise.VALUES in promises:
        values = list(column.values or ())
        yield _check(
            table, f"{name}_in_set", f"one of {', '.join(values)}",
            f"{name} holds only values that the contract allows.",
            expectation="ExpectColumnValuesToBeInSet", arguments={"column": name, "value_set": values}, parts=parts,
        )  # fmt: skip
    if Promise.PATTERN in promises:
        yield _check(
            table, f"{name}_matches", f"text like {column.form_in_words}",
            f"{name} has the form that the contract declares.",
            sql=_failing(table, [name], _without_form(table, name, column.pattern or "")), parts=parts,
        )  # fmt: skip
    if promises & {Promise.MIN, Promise.MAX}:
        bounds = (
            f"at least {column.min:.12g}" if column.min is not None else "",
            f"at most {column.max:.12g}" if column.max is not None else "",
        )
        yield _check(
            table, f"{name}_in_range", ", ".join(filter(None, bounds)),
            f"{name} lies in the range that the contract allows.",
            expectation="ExpectColumnValuesToBeBetween",
            arguments={"column": name, "min_value": column.min, "max_value": column.max}, parts=parts,
        )  # fmt: skip


def _without_form(table: Table, column: str, pattern: str) -> str:
    """True for values of another form. Each value is looked at once, and not in every row that has it."""
    # a condition on the column itself DuckDB would move to where it reads the rows
    value = f"max({column})"
    return (
        f"{column} in (select {value} from {table.table} group by {column} "
        f"having not regexp_matches({value}, {quote(pattern)}))"
    )


def _finite_checks(table: Table) -> Iterator[Check]:
    """By isnan(): DuckDB answers comparisons from a file's statistics, which leave such values out."""
    columns = [
        column.name
        for column in table.columns
        if any(each.promise is Promise.FINITE for each in predicates(column))
    ]  # fmt: skip
    if columns:
        condition = " or ".join(f"isnan({column}) or isinf({column})" for column in columns)
        yield _check(
            table, "figures_finite", "every figure is a finite number or missing",
            "No division by zero left an infinite or undefined number, which range checks pass over.",
            sql=_failing(table, columns, condition), parts=_by_year(table),
        )  # fmt: skip


def _foreign_key_check(table: Table, column: str, target: str) -> Check:
    """A missing value refers to nothing and passes."""
    target_table, _, target_column = target.rpartition(".")
    referred = TableName.parse(target_table)
    condition = f"{column} not in (select {target_column} from {target_table} where {target_column} is not null)"
    return _check(
        table, f"{column}_refers_to_{referred.schema}_{referred.name}", f"each value is in {target}",
        f"{column} names a row of {target_table}.",
        sql=_failing(table, [column], condition), upstream=frozenset({table.table, referred}),
        parts=_by_year(table, contracts()[referred]),
    )  # fmt: skip


def _row_check(table: Table, rule: RowRule) -> Check:
    return Check(
        table.table, rule.name, Kind.EXPECTATION, Severity(rule.severity), rule.expected, rule.meaning,
        frozenset({table.table}), sql=_failing(table, read_columns(rule.condition), f"not ({rule.condition})"),
        parts=_by_year(table),
    )  # fmt: skip


def _failing(table: Table, columns: Iterable[str], condition: str) -> str:
    """The rows for which a condition is true: key and columns, in the order of the key."""
    shown = ", ".join(dict.fromkeys((*table.primary_key, *columns)))
    return f"select {shown} from {table.table} where {condition} order by {', '.join(table.primary_key)}"
