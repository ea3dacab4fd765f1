"""Projections Central: the states' short-term occupational projections, for two years ahead.

The lists have the form of the long-term ones and stay apart from them: nothing else is made of them.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.errors import BadInputError
from pipelines.publishers.common import Read
from pipelines.publishers.projections_central import SHORT_TERM_YEARS, only_states, read_lists, refuse_length
from pipelines.publishers.states import postal_code_of_fips
from pipelines.sources import SourceDeclaration

SOURCE = "projections_short"
TABLES = ("projections_short",)


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """The states' short-term projections as raw.projections_short.

    Raises BadInputError as the long-term lists do, and for a list of more than four years.
    """
    try:
        listed = only_states(read_lists(files))
        refuse_length(listed, files, lambda years: years <= SHORT_TERM_YEARS, "a long-term list; name it long_term")
    except BadInputError as error:
        raise BadInputError(
            source=SOURCE, file=error.file, problem=error.problem, place=error.place, value=error.value
        ) from error
    area_id = pl.col("state_fips").replace_strict(postal_code_of_fips()).alias("area_id")
    states = listed.select(area_id, pl.exclude("state_fips")).sort("area_id", "soc_code")
    years = states.select("base_year", "projected_year").unique().sort(pl.all()).rows()
    periods = ", ".join(f"{base}-{projected % 100:02d}" for base, projected in years)
    return source.vintage_of(periods, f"{periods} by state"), {"projections_short": states}
