"""Names of tables, and where their Parquet files lie."""

from dataclasses import dataclass
from pathlib import Path


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


def quote(text: str | Path) -> str:
    """A text literal for SQL."""
    return "'" + str(text).replace("'", "''") + "'"
