"""Enforces contracts where tables are written (columns, types, keys), and reads reference CSV by contract."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

import polars as pl
import pyarrow.parquet as pq

from pipelines.contracts.model import Column, ColumnType, Table
from pipelines.contracts.predicates import Predicate, predicates, wrong_type
from pipelines.errors import BadInputError, ContractError
from pipelines.files import atomic
from pipelines.tables import parquet_path, quote

_POLARS: dict[ColumnType, pl.DataType] = {
    ColumnType.TEXT: pl.String(),
    ColumnType.INTEGER: pl.Int64(),
    ColumnType.DOUBLE: pl.Float64(),
    ColumnType.BOOLEAN: pl.Boolean(),
    ColumnType.DATE: pl.Date(),
    ColumnType.TIMESTAMP: pl.Datetime("us"),
    ColumnType.POINTS: pl.Array(pl.UInt16(), 29),
}


def polars_schema(table: Table) -> dict[str, pl.DataType]:
    """Column names to Polars types."""
    return {column.name: _POLARS[column.type] for column in table.columns}


#: What DuckDB may compute for a declared type; anything else would be a silent conversion.
_COMPUTED: dict[ColumnType, frozenset[str]] = {
    ColumnType.TEXT: frozenset({"VARCHAR"}),
    ColumnType.INTEGER: frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UINTEGER", "UBIGINT"}),
    ColumnType.DOUBLE: frozenset({"FLOAT", "DOUBLE", "DECIMAL", "INTEGER", "BIGINT", "HUGEINT"}),
    ColumnType.BOOLEAN: frozenset({"BOOLEAN"}),
    ColumnType.DATE: frozenset({"DATE"}),
    ColumnType.TIMESTAMP: frozenset({"TIMESTAMP"}),
    ColumnType.POINTS: frozenset({"USMALLINT[29]"}),
}


def select_with_types(table: Table, sql: str, computed: Mapping[str, str]) -> str:
    """The SELECT of a table with every column in its declared type.

    `computed` gives the columns and types that DuckDB finds for the SELECT, in order. Raises ContractError when the
    columns differ from the declared ones, or a type would be converted rather than widened.
    """
    check_columns(table, list(computed))
    for column in table.columns:
        kind = computed[column.name].partition("(")[0]
        if kind not in _COMPUTED[column.type] and kind != '"NULL"':
            raise ContractError(f"{table.table}: {column.name} is {computed[column.name]}, declared {column.type}")
    columns = ", ".join(f"cast({column.name} as {column.type}) as {column.name}" for column in table.columns)
    return f"select {columns} from (\n{sql}\n)"


def check_columns(table: Table, found: list[str]) -> None:
    """Raise ContractError unless the columns are exactly the declared ones, in order."""
    expected = list(table.column_names)
    if found == expected:
        return
    missing = [name for name in expected if name not in found]
    unknown = [name for name in found if name not in expected]
    problems = [
        f"{word} {', '.join(names)}" for word, names in (("missing", missing), ("not declared", unknown)) if names
    ]
    problem = "; ".join(problems) or f"order differs: expected {', '.join(expected)}"
    raise ContractError(f"{table.table}: columns differ from the contract: {problem}")


def check_frame(table: Table, frame: pl.DataFrame) -> None:
    """Raise ContractError unless a frame has the declared columns and types, a unique key, and rows.

    The cells of a published table are left to the gate; those of one that is not published are checked here.
    """
    check_columns(table, frame.columns)
    if frame.is_empty() and not table.may_be_empty:
        raise ContractError(f"{table.table}: no rows")
    for column in table.columns:
        if (found := frame.schema[column.name]) != _POLARS[column.type]:
            raise ContractError(f"{table.table}: {column.name} is {found}, declared {column.type}")
    promises = [] if table.published else [each for column in table.columns for each in predicates(column)]
    if (fault := _first_fault(promises, frame)) is not None:
        broken, row = fault
        key = frame.select(table.primary_key).row(row, named=True)
        raise ContractError(f"{table.table}: {broken.problem} at {key} (found {frame[broken.column.name][row]!r})")
    if (repeated := _repeated_key(table, frame)) is not None:
        key = frame.select(table.primary_key).row(repeated, named=True)
        raise ContractError(f"{table.table}: two rows have the key {key}")


def _repeated_key(table: Table, frame: pl.DataFrame) -> int | None:
    """The first row whose key a row before it has."""
    again = ~frame.select(pl.struct(table.primary_key).is_first_distinct()).to_series()
    return cast("int | None", again.arg_true().first())


def _first_fault(promises: Sequence[Predicate], frame: pl.DataFrame) -> tuple[Predicate, int] | None:
    """The first promise that is broken, and the first row that breaks it; all are looked for at once."""
    broken = [promise.broken.fill_null(False) for promise in promises]
    found = frame.select(each.any().alias(str(number)) for number, each in enumerate(broken)).row(0) if broken else ()
    for promise, each, is_broken in zip(promises, broken, found, strict=True):
        if is_broken:
            return promise, int(frame.select(each.arg_true().first()).item())
    return None


def write_frame(table: Table, frame: pl.DataFrame, folder: Path, compression_level: int = 3) -> Path:
    """Check a frame and write it as Parquet, byte-identical for equal frames."""
    check_frame(table, frame)
    target = parquet_path(folder, table.table)
    with atomic(target) as temporary:
        frame.write_parquet(temporary, compression="zstd", compression_level=compression_level)
    return target


def write_pieces(
    table: Table, pieces: Iterable[pl.DataFrame], folder: Path, compression_level: int = 3
) -> tuple[Path, int]:
    """Write a table from frames in the order of its key; returns file and rows. Raises ContractError as check_frame.

    A table that may not be empty needs a row.
    """
    target = parquet_path(folder, table.table)
    schema = pl.DataFrame(schema=polars_schema(table)).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    rows, last = 0, None
    with (
        atomic(target) as temporary,
        pq.ParquetWriter(temporary, schema, compression="zstd", compression_level=compression_level) as writer,
    ):
        for piece in pieces:
            check_frame(table, piece)
            keys = piece.select(table.primary_key)
            if keys.row(0) == last:
                raise ContractError(f"{table.table}: two rows have the key {keys.row(0, named=True)}")
            last = keys.row(-1)
            writer.write_table(piece.to_arrow(compat_level=pl.CompatLevel.oldest()))
            rows += piece.height
        if not rows and not table.may_be_empty:
            raise ContractError(f"{table.table}: no rows")
    return target, rows


def _cast(column: Column) -> pl.Expr:
    text = pl.col(column.name)
    if column.type is ColumnType.BOOLEAN:
        return text.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    if column.type is ColumnType.DATE:
        return text.str.to_date("%Y-%m-%d", strict=False)
    return text.cast(_POLARS[column.type], strict=False)


#: Follows the names of columns as given, beside those of the declared types.
_GIVEN = " as given"


def read_csv(table: Table, root: Path, source: str | None = None) -> pl.DataFrame:
    """Read a reference table from its CSV and check every cell against the contract; errors name `source`.

    Raises BadInputError that names the file, the line and the value: a column is missing, unknown or out of order; a
    cell is empty, of the wrong type, or outside the allowed set, pattern or range; a key appears twice.
    """
    if table.csv is None:
        raise ContractError(f"{table.table}: no csv is declared")
    bad = partial(BadInputError, source=source or f"reference table {table.table}", file=table.csv)
    path = root / table.csv
    if not path.is_file():
        raise bad(problem="the file is missing")
    try:
        text = pl.read_csv(path, infer_schema=False, glob=False)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise bad(problem=f"not readable as CSV: {error}") from error
    if tuple(text.columns) != table.column_names:
        expected = ", ".join(table.column_names)
        raise bad(problem=f"the columns must be {expected}", place="line 1", value=", ".join(text.columns))
    if text.is_empty():
        raise bad(problem="no rows")
    typed = text.select(_cast(column).alias(column.name) for column in table.columns)
    promises = [
        promise
        for column in table.columns
        for promise in (wrong_type(column, pl.col(column.name + _GIVEN)), *predicates(column))
    ]
    if (fault := _first_fault(promises, typed.hstack(text.rename(lambda name: name + _GIVEN)))) is not None:
        broken, row = fault
        raise bad(problem=broken.problem, place=f"line {row + 2}", value=text[broken.column.name][row])
    if (repeated := _repeated_key(table, typed)) is not None:
        raise bad(
            problem=f"the key {', '.join(table.primary_key)} appears twice",
            place=f"line {repeated + 2}",
            value=typed.select(table.primary_key).row(repeated),
        )
    return typed


def comment_statements(table: Table) -> list[str]:
    """COMMENT statements for a table and its columns."""
    head = f"{table.description} Grain: {table.grain}."
    if table.warnings:
        head += " Note: " + " ".join(table.warnings)
    statements = [f"comment on table {table.table} is {quote(head)}"]
    for column in table.columns:
        text = column.meaning + (f" [{column.unit}]" if column.unit else "")
        statements.append(f"comment on column {table.table}.{column.name} is {quote(text)}")
    return statements
