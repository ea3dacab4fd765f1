"""Holds tables to their contracts when they are written: columns, order, types; and reads reference CSV by contract."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from pipelines.contracts.model import Column, ColumnType, Table
from pipelines.errors import BadInputError, ContractError
from pipelines.tables import parquet_path, quote

_POLARS: dict[ColumnType, pl.DataType] = {
    ColumnType.TEXT: pl.String(),
    ColumnType.INTEGER: pl.Int64(),
    ColumnType.DOUBLE: pl.Float64(),
    ColumnType.BOOLEAN: pl.Boolean(),
    ColumnType.DATE: pl.Date(),
    ColumnType.TIMESTAMP: pl.Datetime("us"),
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
    problem = "; ".join(
        text
        for text in (
            f"missing {', '.join(missing)}" if missing else "",
            f"not declared {', '.join(unknown)}" if unknown else "",
            "" if missing or unknown else f"order differs: expected {', '.join(expected)}",
        )
        if text
    )
    raise ContractError(f"{table.table}: columns differ from the contract: {problem}")


def check_frame(table: Table, frame: pl.DataFrame) -> None:
    """Raise ContractError unless a frame keeps its contract: columns, types, allowed values, a unique key, and rows."""
    check_columns(table, frame.columns)
    if frame.is_empty() and not table.may_be_empty:
        raise ContractError(f"{table.table}: no rows")
    for column in table.columns:
        if (found := frame.schema[column.name]) != _POLARS[column.type]:
            raise ContractError(f"{table.table}: {column.name} is {found}, declared {column.type}")
    if (fault := _first_fault(table, frame)) is not None:
        column, problem, row = fault
        key = frame.select(table.primary_key).row(row, named=True)
        raise ContractError(f"{table.table}: {problem} at {key} (found {frame[column.name][row]!r})")
    repeated = frame.select(table.primary_key).is_duplicated().arg_true()
    if len(repeated):
        key = frame.select(table.primary_key).row(int(repeated[0]), named=True)
        raise ContractError(f"{table.table}: two rows have the key {key}")


def write_frame(table: Table, frame: pl.DataFrame, folder: Path, compression_level: int = 3) -> Path:
    """Check a frame and write it as Parquet, byte-identical for equal frames."""
    check_frame(table, frame)
    target = parquet_path(folder, table.table)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    frame.write_parquet(temporary, compression="zstd", compression_level=compression_level)
    temporary.replace(target)
    return target


def write_pieces(
    table: Table, pieces: Iterable[pl.DataFrame], folder: Path, compression_level: int = 3
) -> tuple[Path, int]:
    """As write_frame for a table that memory does not hold: frames in which rows of one key stand together.

    Returns the file and the number of rows.
    """
    target = parquet_path(folder, table.table)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    schema = pl.DataFrame(schema=polars_schema(table)).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    rows, last = 0, None
    with pq.ParquetWriter(temporary, schema, compression="zstd", compression_level=compression_level) as writer:
        for piece in pieces:
            check_frame(table, piece)
            keys = piece.select(table.primary_key)
            if keys.row(0) == last:
                raise ContractError(f"{table.table}: two rows have the key {keys.row(0, named=True)}")
            last = keys.row(-1)
            writer.write_table(piece.to_arrow(compat_level=pl.CompatLevel.oldest()))
            rows += piece.height
    if not rows:
        raise ContractError(f"{table.table}: no rows")
    temporary.replace(target)
    return target, rows


def _parse_boolean(column: pl.Expr) -> pl.Expr:
    return column.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)


def _cast(column: Column) -> pl.Expr:
    text = pl.col(column.name)
    if column.type is ColumnType.BOOLEAN:
        return _parse_boolean(text)
    if column.type is ColumnType.DATE:
        return text.str.to_date("%Y-%m-%d", strict=False)
    return text.cast(_POLARS[column.type], strict=False)


#: Follows the names of columns as they were given, beside those of the declared types.
_GIVEN = " as given"


def _faults(column: Column, given: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
    """What may be wrong with a column's cells, and where it is."""
    value = pl.col(column.name)
    yield f"{column.name} is not a {column.type.name.lower()}", given.is_not_null() & value.is_null()
    if not column.nullable:
        yield f"{column.name} is empty", given.is_null()
    if column.type is ColumnType.DOUBLE:
        yield f"{column.name} is not a finite number", ~value.is_finite()
    if column.type is ColumnType.TEXT:
        yield f"{column.name} is blank or has blanks at an end", (value.str.strip_chars() != value) | (value == "")
    if column.values is not None:
        yield f"{column.name} is not one of {', '.join(column.values)}", ~value.is_in(column.values)
    if column.pattern is not None:
        yield f"{column.name} does not look like {column.pattern}", ~value.str.contains(column.pattern)
    if column.min is not None:
        yield f"{column.name} is below {column.min:g}", value < column.min
    if column.max is not None:
        yield f"{column.name} is above {column.max:g}", value > column.max


def _first_fault(table: Table, frame: pl.DataFrame, suffix: str = "") -> tuple[Column, str, int] | None:
    """The first column with a fault, what it is, and the first row that has it; all are looked for at once.

    `suffix` follows the names of the columns as given where they stand beside those of the declared types.
    """
    looked_for = [
        (column, problem, fault.fill_null(False))
        for column in table.columns
        for problem, fault in _faults(column, pl.col(column.name + suffix))
    ]
    met = frame.select(fault.any().alias(str(number)) for number, (_, _, fault) in enumerate(looked_for)).row(0)
    for (column, problem, fault), is_met in zip(looked_for, met, strict=True):
        if is_met:
            return column, problem, int(frame.select(fault.arg_true().first()).item())
    return None


def read_csv(table: Table, root: Path, source: str | None = None) -> pl.DataFrame:
    """Read a reference table from its CSV, every cell held to the contract; `source` is whose file it is in errors.

    Raises BadInputError that names the file, the line and the value: a column missing, unknown or out of order, a
    cell that is empty, of the wrong type, out of the allowed set, pattern or range, or a key met twice.
    """
    if table.csv is None:
        raise ContractError(f"{table.table}: no csv is declared")
    bad = partial(BadInputError, source=source or f"reference table {table.table}", file=table.csv)
    path = root / table.csv
    if not path.is_file():
        raise bad(problem="the file is missing")
    try:
        text = pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise bad(problem=f"not readable as CSV: {error}") from error
    if tuple(text.columns) != table.column_names:
        expected = ", ".join(table.column_names)
        raise bad(problem=f"the columns must be {expected}", place="line 1", value=", ".join(text.columns))
    if text.is_empty():
        raise bad(problem="no rows")
    typed = text.select(_cast(column).alias(column.name) for column in table.columns)
    if (fault := _first_fault(table, typed.hstack(text.rename(lambda name: name + _GIVEN)), _GIVEN)) is not None:
        column, problem, row = fault
        raise bad(problem=problem, place=f"line {row + 2}", value=text[column.name][row])
    repeated = typed.select(table.primary_key).is_duplicated().arg_true()
    if len(repeated):
        raise bad(
            problem=f"the key {', '.join(table.primary_key)} is met twice",
            place=f"line {repeated[-1] + 2}",
            value=typed.select(table.primary_key).row(int(repeated[-1])),
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
