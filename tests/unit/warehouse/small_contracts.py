"""Contracts of small tables, written out for tests."""

from typing import Any

from pipelines.contracts.model import Table


def table(
    name: str, columns: dict[str, str], key: tuple[str, ...], nullable: tuple[str, ...] = (), **more: Any
) -> Table:
    """A contract; `columns` gives types by name."""
    schema, _, short = name.partition(".")
    return Table.model_validate(
        {
            "schema": schema,
            "name": short,
            "description": f"A small table {short}.",
            "grain": "one row per key",
            "primary_key": key,
            "sources": ["a test"],
            "columns": [
                {"name": column, "type": kind, "meaning": f"What {column} is", "nullable": column in nullable}
                for column, kind in columns.items()
            ],
        }
        | more
    )
