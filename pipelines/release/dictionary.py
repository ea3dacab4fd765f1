"""The data dictionary, generated from the contracts."""

from collections.abc import Mapping
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.contracts.model import VIEWS, Column, Table, described_tables

#: In the order in which readers need them.
_SCHEMAS = (VIEWS, "marts", "reference", "quality", "core")


def allowed(column: Column) -> list[str]:
    """The allowed values of a column: a list, what they look like, or bounds."""
    if column.values:
        return list(column.values)
    if column.pattern:
        return [column.form_in_words or ""]
    bounds = ((">=", column.min), ("<=", column.max))
    return [f"{sign} {bound:g}" for sign, bound in bounds if bound is not None]


def _allowed_markdown(column: Column) -> str:
    is_code = column.values or (column.pattern and not column.form)
    return ", ".join(f"`{part}`" if is_code else part for part in allowed(column))


def tables_by_schema() -> list[tuple[str, list[Table]]]:
    """All published views and tables by schema, in the order of the dictionary."""

    def place(table: Table) -> int:
        return _SCHEMAS.index(table.schema_name)

    tables = sorted(described_tables().values(), key=lambda table: (place(table), table.name))
    return [(_SCHEMAS[key], list(group)) for key, group in groupby(tables, key=place)]


def dictionary(rows: Mapping[str, int] | None = None, release_id: str | None = None) -> str:
    """All published tables as Markdown. `rows` are the rows of each table in the release."""
    environment = Environment(
        loader=PackageLoader("pipelines.release"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["code"] = lambda text: f"`{text}`"
    environment.filters["cell"] = lambda text: text.replace("|", "\\|").replace("\n", " ")
    environment.filters["allowed"] = _allowed_markdown
    template = environment.get_template("dictionary.md.j2")
    return template.render(schemas=tables_by_schema(), rows=rows or {}, release_id=release_id)
