"""What the declaration of a column means: one list, which all that enforces a contract derives from."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from pipelines.contracts.model import Column, ColumnType
from pipelines.texts import PLAIN_NUMBER, PLAIN_WHOLE

#: Types of cells in a text file, in words.
_TYPES = {
    ColumnType.INTEGER: "a whole number in plain digits",
    ColumnType.DOUBLE: "a number in plain digits, such as 0.5",
    ColumnType.BOOLEAN: "true or false in small letters",
    ColumnType.DATE: "a date such as 2026-05-31",
}
#: How numbers are written in a text file; others that can be read, such as 1e1, +50 and 050, are refused as in YAML.
_DIGITS = {ColumnType.INTEGER: PLAIN_WHOLE, ColumnType.DOUBLE: PLAIN_NUMBER}


class Promise(StrEnum):
    """A kind of promise that a column's declaration makes."""

    TYPE = "type"
    NOT_NULL = "not_null"
    FINITE = "finite"
    NOT_BLANK = "not_blank"
    VALUES = "in_set"
    PATTERN = "matches"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True)
class Predicate:
    """One promise: what is said of a cell that breaks it, and where a typed column does; null where it is missing."""

    column: Column
    promise: Promise
    problem: str
    broken: pl.Expr


def predicates(column: Column) -> Iterator[Predicate]:
    """All that a column's declaration promises of each cell, its type apart (see `wrong_type`)."""
    name, value = column.name, pl.col(column.name)
    if not column.nullable:
        yield Predicate(column, Promise.NOT_NULL, f"{name} is empty", value.is_null())
    if column.type is ColumnType.DOUBLE:
        yield Predicate(column, Promise.FINITE, f"{name} is not a finite number", ~value.is_finite())
    if column.type is ColumnType.TEXT:
        padded = (value.str.strip_chars() != value) | (value == "")
        yield Predicate(column, Promise.NOT_BLANK, f"{name} is blank or has blanks at an end", padded)
    if column.values is not None:
        problem = f"{name} is not one of {', '.join(column.values)}"
        yield Predicate(column, Promise.VALUES, problem, ~value.is_in(column.values))
    if column.pattern is not None:
        problem = f"{name} does not look like {column.form_in_words}"
        yield Predicate(column, Promise.PATTERN, problem, ~value.str.contains(column.pattern))
    if column.min is not None:
        yield Predicate(column, Promise.MIN, f"{name} is below {column.min:g}", value < column.min)
    if column.max is not None:
        yield Predicate(column, Promise.MAX, f"{name} is above {column.max:g}", value > column.max)


def wrong_type(column: Column, given: pl.Expr) -> Predicate:
    """That a cell given as text is of the column's type: not one that the cast loses, nor a number in other digits."""
    problem = f"{column.name} is not {_TYPES.get(column.type, column.type.value)}"
    broken = pl.col(column.name).is_null()
    if (pattern := _DIGITS.get(column.type)) is not None:
        broken |= ~given.str.contains(f"^(?:{pattern})$")
    return Predicate(column, Promise.TYPE, problem, given.is_not_null() & broken)
