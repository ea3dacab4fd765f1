"""Enforces contracts where tables are written (columns, types, keys), and reads reference CSV by contract."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

import polars as pl
import pyarrow.parquet as pq

from pipelines.contracts.model import VIEWS, Column, ColumnType, Table
from pipelines.contracts.predicates import Predicate, predicates, wrong_type
from pipelines.errors import BadInputError, ContractError, refuse, shown
from pipelines.files import atomic
from pipelines.tables import parquet_path, quote
from pipelines.texts import Fault, csv_rows, read_text

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
        key, value = frame.select(table.primary_key).row(row, named=True), frame[broken.column.name][row]
        raise ContractError(f"{table.table}: {broken.problem} at {shown(key)} (found {shown(value)})")
    if (repeated := _repeated_key(table, frame)) is not None:
        key = frame.select(table.primary_key).row(repeated, named=True)
        raise ContractError(f"{table.table}: two rows have the key {shown(key)}")


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


#: Of zstd: what is kept is packed tighter than what the run reads back at once.
KEPT, STAGED = 3, 1


def write_frame(table: Table, frame: pl.DataFrame, folder: Path, compression_level: int = KEPT) -> Path:
    """Check a frame and write it as Parquet, byte-identical for equal frames."""
    check_frame(table, frame)
    target = parquet_path(folder, table.table)
    with atomic(target) as temporary:
        frame.write_parquet(temporary, compression="zstd", compression_level=compression_level)
    return target


def write_pieces(
    table: Table, pieces: Iterable[pl.DataFrame], target: Path, compression_level: int = KEPT
) -> tuple[Path, int]:
    """Write a table from frames in the order of its key; returns file and rows. Raises ContractError as check_frame.

    A table that may not be empty needs a row.
    """
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
                raise ContractError(f"{table.table}: two rows have the key {shown(keys.row(0, named=True))}")
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
#: The line of each row in its file, in frames of `read_lines`.
LINE = "line"
_MOST_BYTES = 5_000_000


def read_csv(table: Table, root: Path, source: str | None = None) -> pl.DataFrame:
    """Read a reference table from its CSV and check every cell against the contract; errors name `source`.

    Blank lines do not count. Raises BadInputError that names file, line and value of every fault: a file that is no
    CSV in UTF-8; a column that is missing, unknown or out of order; a row of another length; a cell that is empty, of
    the wrong type, or outside the allowed set, form or range; a key that appears twice.
    """
    return read_lines(table, root, source).drop(LINE)


def read_lines(table: Table, root: Path, source: str | None = None) -> pl.DataFrame:
    """The same with the line in which each row begins, in the column `line`."""
    if table.csv is None:
        raise ContractError(f"{table.table}: no csv is declared")
    source = source or f"reference table {table.table}"
    bad = partial(BadInputError, source=source, file=table.csv)
    text = read_text(root / table.csv, source, _MOST_BYTES, table.csv)
    given, found = _given(table, text, bad)
    typed = given.select(LINE, *(_cast(column).alias(column.name) for column in table.columns))
    found += _cell_faults(table, typed, given, bad)
    refuse(fault for _, fault in sorted(found, key=lambda pair: pair[0]))
    return typed


def _given(table: Table, text: str, bad: Fault) -> tuple[pl.DataFrame, list[tuple[int, BadInputError]]]:
    """Lines and cells of a CSV as text, empty cells as nulls; and lines and faults of rows that are none.

    Raises `bad` for the header.
    """
    rows = csv_rows(text, bad)
    line, header = next(rows)
    width = len(table.columns)
    if tuple(header) != table.column_names:
        problem = f"the columns must be {', '.join(table.column_names)}"
        if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
            problem += ", with commas between them: save the file as comma-separated"
        raise bad(problem=problem, place=f"line {line}", value=", ".join(header))
    kept: list[tuple[object, ...]] = []
    faults: list[tuple[int, BadInputError]] = []
    try:
        for line, row in rows:
            if len(row) == width:
                kept.append((line, *(cell or None for cell in row)))
            else:
                advice = "put a cell with a comma in quotes" if len(row) > width else "an empty cell has its comma, too"
                problem = f"{len(row)} cells where the header has {width}: {advice}"
                faults.append((line, bad(problem=problem, place=f"line {line}", value=",".join(row)[:80])))
    except BadInputError as error:
        faults.append((text.count("\n") + 1, error))
    if not kept and not faults:
        faults.append((line, bad(problem="no rows under the header")))
    schema = {LINE: pl.Int64(), **dict.fromkeys(table.column_names, pl.String())}
    return pl.DataFrame(kept, schema=schema, orient="row"), faults


def _cell_faults(table: Table, typed: pl.DataFrame, given: pl.DataFrame, bad: Fault) -> list[tuple[int, BadInputError]]:
    """Lines and first faults of cells, and of keys that appear twice, in the order of columns in each line."""
    both = typed.hstack(given.drop(LINE).rename(lambda name: name + _GIVEN))
    found: dict[tuple[int, int], BadInputError] = {}
    for place, column in enumerate(table.columns):
        for promise in (wrong_type(column, pl.col(column.name + _GIVEN)), *predicates(column)):
            for line, value in both.filter(promise.broken).select(LINE, column.name + _GIVEN).iter_rows():
                fault = bad(problem=promise.problem, place=f"line {line}", value=value)
                found.setdefault((line, place), fault)
    key = list(table.primary_key)
    for line, *values in typed.filter(~pl.struct(key).is_first_distinct()).select(LINE, *key).iter_rows():
        problem = f"the key {', '.join(key)} appears twice"
        found.setdefault((line, 0), bad(problem=problem, place=f"line {line}", value=tuple(values)))
    return [(place[0], found[place]) for place in sorted(found)]


def comment_statements(table: Table) -> list[str]:
    """COMMENT statements for a table or view and its columns."""
    head = f"{table.description} Grain: {table.grain}."
    if table.warnings:
        head += " Note: " + " ".join(table.warnings)
    kind = "view" if table.schema_name == VIEWS else "table"
    statements = [f"comment on {kind} {table.table} is {quote(head)}"]
    for column in table.columns:
        text = column.meaning + (f" [{column.unit}]" if column.unit else "")
        statements.append(f"comment on column {table.table}.{column.name} is {quote(text)}")
    return statements
