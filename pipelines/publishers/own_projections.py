"""A state's own list of long-term projections, in the form of Projections Central, beside the list of all states."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import polars as pl

from pipelines.errors import BadInputError
from pipelines.publishers.common import Table, read_table

_NAME = re.compile(r"own_long_term_(?P<fips>[0-9]{2})\.csv", re.IGNORECASE)
_COLUMNS = {
    "soc_code": "OccCode",
    "title": "Title",
    "base_year": "BaseYear",
    "projected_year": "ProjYear",
    "base_jobs": "Base",
    "projected_jobs": "Projected",
    "annual_openings": "AvgAnnualOpenings",
}
_ALL_OCCUPATIONS = "00-0000"
#: Openings of an average year come to between 10 and 15 % of the jobs in all lists of 2022-32 but New York's.
_MOST_OPENINGS_PCT = 40
#: Total jobs of one state in two lists; thousands are a thousandth.
_MOST_JOBS_RATIO = 2


def is_own(name: str) -> bool:
    """Whether a file is a state's own list, by its name."""
    return _NAME.fullmatch(name) is not None


def read_own(path: Path, source: str) -> Table:
    """The rows of a state's own list as text, under the names of the list of all states.

    Whole jobs and openings of an average year. Raises BadInputError for another form, for a list without the total of
    all occupations, and for openings that are more than 40 % of the jobs, as totals of all years are.
    """
    name = _NAME.fullmatch(path.name)
    assert name is not None
    table = read_table(path, source, _COLUMNS)
    table.refuse_blanks(list(_COLUMNS))
    base, later, openings = (
        pl.col(column).cast(pl.Float64, strict=False) for column in ("base_jobs", "projected_jobs", "annual_openings")
    )
    totals = table.frame.filter(pl.col("soc_code") == _ALL_OCCUPATIONS)
    fault = partial(BadInputError, source=source, file=path.name)
    if totals.is_empty():
        raise fault(problem=f"no row of the total of all occupations, {_ALL_OCCUPATIONS}; its units cannot be tested")
    problem = (
        f"more than {_MOST_OPENINGS_PCT} % of the jobs open every year, so these are totals of several years: give the "
        "openings of an average year"
    )
    is_total = pl.col("soc_code") == _ALL_OCCUPATIONS
    table.refuse(is_total & (100 * openings > _MOST_OPENINGS_PCT * base), "annual_openings", problem)
    growth = pl.when(base > 0).then((100 * (later / base - 1)).round(1)).otherwise(0.0)
    frame = table.frame.with_columns(
        pl.lit(name["fips"]).alias("state_fips"), growth.fill_null(0).cast(pl.String).alias("growth_pct")
    )
    made = {"state_fips": "the file's name", "growth_pct": "Base and Projected"}
    return Table(frame, {**table.headers, **made}, source, path.name, table.row_word)


def in_place_of(listed: pl.DataFrame, own: Mapping[str, pl.DataFrame], source: str) -> pl.DataFrame:
    """The list of all states with the states' own lists (by file name) in place of theirs.

    Raises BadInputError for two lists of one state, and for a total that is more than twice or less than half of the
    jobs that the list of all states has: one of them counts in other units.
    """
    result = listed
    for file, frame in own.items():
        state = frame["state_fips"][0]
        is_state = pl.col("state_fips") == state
        if result.filter(is_state).is_empty() and not listed.filter(is_state).is_empty():
            raise BadInputError(source=source, file=file, problem="a second list of the same state", value=state)
        total = (pl.col("soc_code") == _ALL_OCCUPATIONS) & is_state
        before, now = (each.filter(total)["base_jobs"].sum() for each in (listed, frame))
        if before and not before / _MOST_JOBS_RATIO <= now <= before * _MOST_JOBS_RATIO:
            problem = f"{before:,} jobs in the list of all states: give whole jobs, not thousands"
            raise BadInputError(
                source=source, file=file, place=f"row of {_ALL_OCCUPATIONS}", problem=problem, value=now
            )
        result = pl.concat([result.filter(~is_state), frame])
    return result
