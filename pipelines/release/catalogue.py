"""The data catalogue: the contracts as one web page with a search and without other files."""

from collections import Counter
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines.contracts.model import VIEWS
from pipelines.page_policy import page_policy
from pipelines.release.dictionary import allowed, tables_by_schema
from pipelines.release.manifest import ReleasedSource

CATALOGUE = "catalogue.html"

#: What each schema is for.
_PURPOSE = {
    VIEWS: "the indicators with names joined in: begin here",
    "marts": "the indicators, on every basis and by every policy",
    "reference": "code lists, mappings, areas and sources",
    "quality": "results of checks, and the accuracy of the method",
    "core": "the working layer: figures as published",
}


#: Words that say nothing of what is looked for.
_PASSED_OVER = (
    "a an and are at by do does for from has have how i in is it many me much my of on or the their there to what "
    "where which who with"
)

#: Words of the field, and what columns and tables call them.
_ALIKE = {
    "jobs": ["employment"],
    "job": ["employment"],
    "employed": ["employment"],
    "workers": ["employment", "jobs"],
    "pay": ["wage", "earnings"],
    "salary": ["wage", "earnings", "pay"],
    "salaries": ["wage", "earnings", "pay"],
    "income": ["wage", "earnings", "pay"],
    "wages": ["wage"],
    "median": ["p50"],
    "average": ["mean"],
    "growth": ["growing"],
    "demand": ["in demand", "openings"],
    "vacancies": ["openings"],
    "hiring": ["openings"],
    "projections": ["projection", "projected"],
    "graduates": ["awards", "completers"],
    "completions": ["awards"],
    "degrees": ["awards"],
    "majors": ["program"],
    "colleges": ["institution"],
    "schools": ["institution"],
    "concentration": ["location quotient"],
    "concentrated": ["location quotient"],
    "specialization": ["location quotient"],
    "lq": ["location quotient"],
    "pathway": ["sub-cluster"],
    "pathways": ["sub-cluster"],
    "msa": ["metro"],
    "education": ["entry education"],
    "women": ["gender"],
    "error": ["interval", "reliability"],
    "accuracy": ["reliability", "error"],
    "employers": ["establishments"],
    "businesses": ["establishments"],
    "firms": ["establishments"],
    "industries": ["industry"],
    "age": ["vintage"],
    "old": ["vintage"],
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
        alike=_ALIKE,
        passed_over=_PASSED_OVER.split(),
        purpose=_PURPOSE,
        uses=uses,
        published={str(table.table) for _, tables in schemas for table in tables},
        rows=rows or {},
        release_id=release_id,
        sources=sources or {},
        linked_data=None if linked_data is None else Markup(linked_data),
    )
