"""The contracts of tables and columns.

`reference/contracts/columns.yml` declares each column once for the whole project: name, type, unit, meaning and what is
allowed. `name@variant` declares what differs in some of the tables. An entry that is a list names columns that several
tables have in that order. A table's file declares its grain, key, sources and columns in order. It stands beside the
table's SQL as `sql/<schema>/<table>.yml`, or in `reference/contracts/tables/<schema>/` where no SQL makes the table.

Views of the published database have contracts as tables do, in `sql/main`. An entry of theirs may name a table in place
of a column, and takes its columns: all, `only` some, or all `without` some; they may be missing where the join is
`outer`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, PositiveInt, ValidationError, model_validator

from pipelines.errors import ContractError, shown
from pipelines.models import Strict
from pipelines.paths import CONTRACTS, SQL
from pipelines.tables import TableName
from pipelines.yaml_files import load_yaml, repeated_keys

#: The schema of views, so that they need no prefix. They hold no rows of their own, and no run makes or checks them.
VIEWS = "main"


class ColumnType(StrEnum):
    """Types of columns, in DuckDB's words."""

    TEXT = "varchar"
    INTEGER = "bigint"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    POINTS = "usmallint[29]"


class Column(Strict):
    """A column: what it means, in which unit, and which values it may have.

    `form` says in words what `pattern` asks for: `a code such as 15-1252`.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: ColumnType
    meaning: str = Field(min_length=5)
    unit: str | None = None
    nullable: bool = False
    values: tuple[str, ...] | None = None
    pattern: str | None = None
    form: str | None = None
    min: float | None = None
    max: float | None = None

    @property
    def form_in_words(self) -> str | None:
        """What its text looks like; None where any will do."""
        return self.form or self.pattern

    @model_validator(mode="after")
    def _constraints_fit_the_type(self) -> Self:
        if (self.values or self.pattern) and self.type is not ColumnType.TEXT:
            raise ValueError(f"{self.name}: values and pattern are for text columns")
        is_number = self.type in (ColumnType.INTEGER, ColumnType.DOUBLE)
        if (self.min is not None or self.max is not None) and not is_number:
            raise ValueError(f"{self.name}: min and max are for numbers")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"{self.name}: min {self.min:g} is above max {self.max:g}")
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"{self.name}: pattern {self.pattern} is not a regular expression: {error}") from error
        return self


class RowRule(Strict):
    """What must be true of each row by itself: as in SQL's CHECK, a condition that is unknown passes."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    condition: str = Field(min_length=3)
    meaning: str = Field(min_length=10)
    expected: str = Field(min_length=3)
    severity: Literal["error", "warn"] = "error"


class Table(Strict):
    """A table: its grain, key, columns in order, and what a reader should know.

    Rows that differ in a column of `parts` have nothing to do with each other, so that a large table is made in parts;
    they are the columns that it is ordered by first. With `years_before` of (1, 5), rows of a year are also made from
    rows of the year before and of five years before (column `year` of what the table reads).
    """

    schema_name: str = Field(alias="schema")
    name: str
    description: str = Field(min_length=10)
    grain: str = Field(min_length=5)
    primary_key: tuple[str, ...] = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)
    columns: tuple[Column, ...] = Field(min_length=1)
    published: bool = True
    csv: str | None = None
    may_be_empty: bool = False
    warnings: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    years_before: tuple[PositiveInt, ...] = ()
    rows: tuple[RowRule, ...] = ()
    foreign_keys: Annotated[dict[str, str], Field(default_factory=dict)]

    @property
    def table(self) -> TableName:
        """Schema and name."""
        return TableName(self.schema_name, self.name)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(column.name for column in self.columns)

    @model_validator(mode="after")
    def _keys_are_columns(self) -> Self:
        columns = {column.name: column for column in self.columns}
        if len(columns) != len(self.columns):
            raise ValueError("a column is listed twice")
        keys = (("primary key column", self.primary_key), ("column of parts", self.parts))
        for words, names in (*keys, ("foreign key column", self.foreign_keys)):
            for name in names:
                if name not in columns:
                    raise ValueError(f"{words} {name} is not among the columns")
        for name in self.primary_key:
            if columns[name].nullable:
                raise ValueError(f"primary key column {name} must not be nullable")
        if self.parts == ("year",):
            raise ValueError("parts by year need a second column: small years would share a part")
        if self.years_before and self.parts[:1] != ("year",):
            raise ValueError("years_before is for tables with parts by year")
        return self


def _read(path: Path) -> object:
    try:
        return load_yaml(path)
    except FileNotFoundError as error:
        raise ContractError(f"{path.name}: the file is missing") from error
    except yaml.YAMLError as error:
        raise ContractError(f"{path.name}: not valid YAML: {error}") from error


#: What columns.yml says of a column: attributes of `Column` by name.
_Attributes = dict[str, object]

#: Parts that columns repeat by YAML's anchors; no column of its own.
_KINDS = "_kinds"


@dataclass(frozen=True)
class _Declared:
    """columns.yml: the columns and their variants (`name@variant`) by name, and lists of columns by theirs."""

    columns: dict[str, _Attributes]
    lists: dict[str, list[str]]
    used: set[str] = field(default_factory=set)

    def listed(self, entry: object, where: str) -> list[_Attributes]:
        """The columns that one entry of a table names, each with the table's changes."""
        name, changes = _entry(entry, where)
        names = self.lists.get(name, [name])
        if name in self.lists and changes:
            raise ContractError(f"{where}: {name} is a list of columns and takes no changes (found {shown(changes)})")
        if name not in self.lists and name not in self.columns:
            raise ContractError(f"{where}: column {name} is not declared in columns.yml")
        self.used.update({name}, names, (each.partition("@")[0] for each in names))
        return [self.columns[each] | changes for each in names]

    def unused(self) -> list[str]:
        """What columns.yml declares and no table names."""
        return sorted((self.columns.keys() | self.lists.keys()) - self.used)


def _entry(entry: object, where: str) -> tuple[str, _Attributes]:
    """Name and changes of one entry of a table's columns."""
    if isinstance(entry, str):
        return entry, {}
    if not isinstance(entry, dict) or len(entry) != 1:
        raise ContractError(f"{where}: a column is a name or one name with its changes (found {shown(entry)})")
    name, changes = next(iter(entry.items()))
    if not isinstance(changes, dict):
        raise ContractError(f"{where}: column {name}: expected what differs here, by name (found {shown(changes)})")
    return name, changes


def _read_columns(path: Path) -> _Declared:
    content = _read(path)
    if not isinstance(content, dict):
        raise ContractError(f"{path.name}: expected a mapping of column names")
    if repeated := repeated_keys(path):
        raise ContractError(f"{path.name}: {', '.join(repeated)} is declared twice")
    columns: dict[str, _Attributes] = {}
    for name, attributes in content.items():
        if name == _KINDS or isinstance(attributes, list):
            continue
        if not isinstance(attributes, dict):
            raise ContractError(f"{path.name}: {name}: expected attributes by name (found {shown(attributes)})")
        base = name.partition("@")[0]
        columns[name] = {"name": base, **attributes} if base == name else _variant(name, attributes, content, path.name)
    lists = {name: listed for name, listed in content.items() if isinstance(listed, list)}
    for name, listed in lists.items():
        if unknown := [str(each) for each in listed if str(each) not in columns]:
            raise ContractError(f"{path.name}: {name} lists {', '.join(unknown)}, which is not declared")
    return _Declared(columns, lists)


def _variant(name: str, attributes: _Attributes, content: dict[str, _Attributes], where: str) -> _Attributes:
    """The attributes of a variant: those of its column, and what it says differs."""
    base = name.partition("@")[0]
    column = content.get(base)
    if not isinstance(column, dict):
        raise ContractError(f"{where}: {name} is a variant of {base}, which is not declared")
    if same := [key for key, value in attributes.items() if column.get(key) == value]:
        raise ContractError(f"{where}: {name} repeats {', '.join(same)} of {base}; a variant says what differs")
    return {"name": base, **column, **attributes}


class _Taken(Strict):
    """Which columns a view takes from a table."""

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    outer: bool = False

    def of(self, table: Table) -> list[_Attributes]:
        """The columns of the table that are taken, in its order. Raises ValueError for one that it does not have."""
        if unknown := {*self.only, *self.without} - set(table.column_names):
            raise ValueError(f"{table.table} has no column {', '.join(sorted(unknown))}")
        return [
            column.model_dump() | ({"nullable": True} if self.outer else {})
            for column in table.columns
            if (not self.only or column.name in self.only) and column.name not in self.without
        ]


def _columns_of(entries: Sequence[object], declared: _Declared, found: Mapping[TableName, Table], where: str) -> object:
    """The columns that the entries of a table or view name, in order."""
    columns: list[_Attributes] = []
    for entry in entries:
        name, changes = _entry(entry, where)
        if "." in name and TableName.parse(name) in found:
            try:
                columns += _Taken.model_validate(changes).of(found[TableName.parse(name)])
            except ValueError as error:
                raise ContractError(f"{where}: {error}") from error
        else:
            columns += declared.listed(entry, where)
    return columns


def contracts(root: Path = CONTRACTS, sql: Path = SQL) -> dict[TableName, Table]:
    """All contracts of tables by name, in the order of schema and name. Raises ContractError naming file and fault."""
    return _read_contracts(root, sql)[0]


def views(root: Path = CONTRACTS, sql: Path = SQL) -> dict[TableName, Table]:
    """Contracts of the views of the published database. Raises ContractError as `contracts`."""
    return _read_contracts(root, sql)[1]


@cache
def _read_contracts(root: Path, sql: Path) -> tuple[dict[TableName, Table], dict[TableName, Table]]:
    """The contracts of tables and of views."""
    declared = _read_columns(root / "columns.yml")
    found: dict[TableName, Table] = {}
    beside_sql = list(sql.glob("*/*.yml"))
    for path in beside_sql:
        if not path.with_suffix(".sql").is_file():
            raise ContractError(f"{path.parent.name}/{path.name}: no {path.stem}.sql stands beside this contract")
    for path in sorted(
        [*(root / "tables").glob("*/*.yml"), *beside_sql],
        key=lambda path: (path.parent.name == VIEWS, path.parent.name, path.stem),
    ):
        where = f"{path.parent.name}/{path.name}"
        content = _read(path)
        if not isinstance(content, dict):
            raise ContractError(f"{where}: expected a mapping")
        columns = _columns_of(content.get("columns") or [], declared, found, where)
        try:
            table = Table.model_validate({**content, "schema": path.parent.name, "name": path.stem, "columns": columns})
        except ValidationError as error:
            raise ContractError(f"{where}: {error}") from error
        found[table.table] = table
    if unused := declared.unused():
        raise ContractError(f"columns.yml: no table has {', '.join(unused)}")
    for table in found.values():
        for column, target in table.foreign_keys.items():
            target_table, _, target_column = target.rpartition(".")
            referred = found.get(TableName.parse(target_table))
            if referred is None or target_column not in referred.column_names:
                where = f"{table.schema_name}/{table.name}.yml"
                raise ContractError(f"{where}: {column} refers to {target}, which is not declared")
    of_views = {name: table for name, table in found.items() if name.schema == VIEWS}
    return {name: table for name, table in found.items() if name not in of_views}, of_views


def published_tables() -> dict[TableName, Table]:
    """Contracts of the tables that a release holds."""
    return {name: table for name, table in contracts().items() if table.published}


def described_tables() -> dict[TableName, Table]:
    """Contracts of all that a reader finds in a release: views, then tables."""
    return {**views(), **published_tables()}
