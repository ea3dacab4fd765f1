"""Names of tables, and where their Parquet lies: a file, or the folder of files that Spark wrote."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from pipelines.files import files_of


@dataclass(frozen=True, order=True)
class TableName:
    """A table's schema and name; `core.group_total` as text."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @classmethod
    def parse(cls, text: str) -> "TableName":
        """Split `schema.name`."""
        schema, _, name = text.partition(".")
        return cls(schema, name)


def parquet_path(folder: Path, table: TableName) -> Path:
    """Where a staged table lies."""
    return folder / table.schema / f"{table.name}.parquet"


def row_count(path: Path) -> int:
    """Rows of a staged table, from the ends of its files."""
    return sum(pq.read_metadata(file).num_rows for file in files_of(path))


def parquet_source(path: Path, *, after: int = 0, years: Collection[str] = ()) -> str:
    """The rows of a staged table in DuckDB's SQL, or those of the files `after` the first ones.

    With `years`, of a table that has files of each year, those of these years alone: the others need not be opened.
    Files are named one by one, for a folder's name could be a pattern.
    """
    files = files_of(path)[after:]
    own = [file for file in files if file.name.partition("-")[0] in years]
    return f"read_parquet([{', '.join(map(quote, own or files))}])"


def quote(text: str | Path) -> str:
    """A text literal for SQL."""
    return "'" + str(text).replace("'", "''") + "'"
