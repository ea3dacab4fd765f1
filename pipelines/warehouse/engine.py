"""Runs one SELECT in DuckDB, in memory, over the Parquet files of its upstream tables."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import cast

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.files import atomic
from pipelines.settings import MEMORY_LIMIT
from pipelines.tables import TableName, parquet_path, parquet_source, quote

#: Rows in a row group of a Parquet file: what DuckDB reads at once.
_GROUP_ROWS = 122_880
#: Numbers the catalogs of one engine.
_catalogs = count()


@lru_cache(maxsize=1)
def _engine(spill: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """The engine that makes a run's tables, kept because starting one takes as long as making a small table."""
    engine = duckdb.connect(":memory:")
    engine.execute(f"set memory_limit = {quote(memory_limit)}")
    engine.execute(f"set temp_directory = {quote(spill)}")
    engine.execute("set autoinstall_known_extensions = false")
    engine.execute("set autoload_known_extensions = false")
    engine.execute("set enable_progress_bar = false")  # a run shows its steps itself
    # a file that was rewritten must not be read from a cache
    engine.execute("set enable_external_file_cache = false")
    return engine


@contextmanager
def connect(
    folder: Path,
    tables: Iterable[TableName],
    memory_limit: str = MEMORY_LIMIT,
    only: Callable[[TableName], str] = lambda _: "true",
    years: Collection[str] = (),
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory in which each table of `folder` is a view; spills into `folder` when memory is short.

    `only` gives the SQL condition that limits a table's rows; `years` are those that they are of, none for all.
    """
    with _engine(folder / ".spill", memory_limit).cursor() as connection:
        catalog = f"tables_{next(_catalogs)}"
        try:
            connection.execute(f"attach ':memory:' as {catalog}")
            connection.execute(f"use {catalog}")
            for table in tables:
                connection.execute(f"create schema if not exists {table.schema}")
                source = parquet_source(parquet_path(folder, table), years=years)
                connection.execute(f"create view {table} as select * from {source} where {only(table)}")
            yield connection
        except BaseException:
            _engine.cache_clear()  # a failed query may leave the engine in an unknown state
            raise
        connection.execute("use memory")
        connection.execute(f"detach {catalog}")


def write_select(connection: duckdb.DuckDBPyConnection, sql: str, target: Path) -> None:
    """Write the rows of a SELECT to a Parquet file in their order; the file is complete or not there.

    They come in batches: what they are made from may be larger than the memory limit.
    """
    # not by COPY: a SELECT that fails inside it can hang DuckDB 2.0 for ever
    rows = connection.sql(sql).to_arrow_reader(_GROUP_ROWS)
    # read back at once, so packed fast rather than tight
    with atomic(target) as temporary, pq.ParquetWriter(temporary, rows.schema, compression="snappy") as writer:
        for group in _groups(rows):
            writer.write_table(group)


def _groups(reader: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The rows in tables of one piece and `_GROUP_ROWS`: how DuckDB cuts them must not show in the file.

    No rows are one table.
    """
    held = reader.schema.empty_table()
    for batch in _batches(reader):
        held = pa.concat_tables([held, pa.Table.from_batches([batch])])
        while held.num_rows > _GROUP_ROWS:
            yield held.slice(0, _GROUP_ROWS).combine_chunks()
            held = held.slice(_GROUP_ROWS)
    yield held.combine_chunks()


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    except OSError as error:  # what a query that fails is to Arrow
        raise duckdb.Error(str(error)) from error


def sorted_pieces(source: Path, order: Sequence[str], rows: int = 250_000) -> Iterator[pl.DataFrame]:
    """The rows of a Parquet file sorted by some columns, in frames of `rows`; sorting spills beside the file."""
    if _is_in_order(source, order):
        yield from _pieces(source, rows)
        return
    target = source.with_suffix(".sorted")
    with connect(source.parent, (), memory_limit="1GB") as connection:
        connection.execute(
            f"copy (select * from read_parquet({quote(source)}) order by {', '.join(order)}) to {quote(target)} "
            "(format parquet, compression snappy)"
        )
    yield from _pieces(target, rows)
    target.unlink()


def _pieces(source: Path, rows: int, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
    with pq.ParquetFile(source) as file:
        for batch in file.iter_batches(batch_size=rows, columns=columns):
            yield cast(pl.DataFrame, pl.from_arrow(batch))


def _is_in_order(source: Path, order: Sequence[str]) -> bool:
    """Whether the rows of a file lie in the order of some columns, as those of most publishers do."""
    last = ""
    for piece in _pieces(source, _GROUP_ROWS, list(order)):
        # a tab comes before all that codes are written with
        keys = piece.select(pl.concat_str(order, separator="\t")).to_series()
        if keys.null_count() or keys[0] < last or not keys.is_sorted():
            return False
        last = keys[-1]
    return True
