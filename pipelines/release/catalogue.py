"""The data catalogue: the contracts as one web page with a search and without other files."""

from collections import Counter
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines.page_policy import page_policy
from pipelines.release.dictionary import allowed, tables_by_schema
from pipelines.release.manifest import ReleasedSource

CATALOGUE = "catalogue.html"

#: What each schema is for.
_PURPOSE = {
    "marts": "the indicators: begin here",
    "reference": "code lists, mappings, areas and sources",
    "quality": "results of checks, and the accuracy of the method",
    "core": "the working layer: figures as published",
}


def catalogue(
    rows: Mapping[str, int] | None = None,
    release_id: str | None = None,
    sources: Mapping[str, ReleasedSource] | None = None,
    linked_data: str | None = None,
) -> str:
    """All published tables as an HTML page with a search; `rows`, `sources` and `linked_data` are the release's.

    `linked_data` is JSON for search engines: a block of data, which the page's policy does not run.
    """
    schemas = tables_by_schema()
    uses = Counter(column for _, tables in schemas for table in tables for column in table.column_names)
    environment = Environment(
        loader=PackageLoader("pipelines.release"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["allowed"] = allowed
    environment.globals["page_policy"] = page_policy
    return environment.get_template("catalogue.html.j2").render(
        schemas=schemas,
        purpose=_PURPOSE,
        uses=uses,
        published={str(table.table) for _, tables in schemas for table in tables},
        rows=rows or {},
        release_id=release_id,
        sources=sources or {},
        linked_data=None if linked_data is None else Markup(linked_data),
    )
