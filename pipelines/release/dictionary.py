"""The data dictionary, generated from the contracts."""

from collections.abc import Mapping
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.contracts.model import Column, Table, published_tables

#: The order a reader looks for tables in.
_SCHEMAS = ("marts", "reference", "quality", "core")


def _allowed(column: Column) -> str:
    if column.values:
        return ", ".join(f"`{value}`" for value in column.values)
    if column.pattern:
        return f"`{column.pattern}`"
    bounds = [
        f">= {column.min:g}" if column.min is not None else "",
        f"<= {column.max:g}" if column.max is not None else "",
    ]
    return ", ".join(bound for bound in bounds if bound)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipelines.release"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["code"] = lambda text: f"`{text}`"
    environment.filters["cell"] = lambda text: text.replace("|", "\\|").replace("\n", " ")
    environment.filters["allowed"] = _allowed
    return environment


def dictionary(rows: Mapping[str, int] | None = None, release_id: str | None = None) -> str:
    """All published tables as Markdown; with `rows`, how many rows each has in the release."""

    def place(table: Table) -> int:
        return _SCHEMAS.index(table.schema_name)

    tables = sorted(published_tables().values(), key=lambda table: (place(table), table.name))
    schemas = [(_SCHEMAS[key], list(group)) for key, group in groupby(tables, key=place)]
    template = _environment().get_template("dictionary.md.j2")
    return template.render(schemas=schemas, rows=rows or {}, release_id=release_id)
