"""BLS's Current Population Survey, Table 11: employed people by detailed occupation and sex, annual averages."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import polars as pl

from pipelines.errors import BadInputError
from pipelines.publishers.common import Read, Table
from pipelines.sources import SourceDeclaration
from pipelines.workbooks import collapse, read_sheets

SOURCE = "cps"
TABLES = ("cps_occupation",)

#: Names of the first three columns, over three rows of the header; the others are shares by race and ethnicity.
_HEADER = (
    ("Occupation", None, None),
    (r"(?:19|20)\d\d", "Total employed", None),
    (None, r"Percent of total.*", "Women"),
)
_HEADERS = {"occupation_title": "Occupation", "employed": "Total employed", "women_pct": "Women"}
#: No figure: the base is under 50,000 people.
_NO_FIGURE = ("\N{EN DASH}", "-")


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """Employed people and the share of women by title as raw.cps_occupation; the header names the year.

    Raises BadInputError for more than one file, another header, a file named for another year, and malformed figures.
    """
    if len(files) > 1:
        raise BadInputError(source=SOURCE, file=", ".join(sorted(files)), problem="expected one year's table")
    (path,) = files.values()
    year, occupations = parse_cps(path)
    named = re.search(r"_((?:19|20)\d\d)\.xlsx$", path.name)
    if named is not None and named[1] != year:
        raise BadInputError(source=SOURCE, file=path.name, problem="the table is of another year", value=year)
    return source.vintage_of(year, f"annual averages of {year}"), {"cps_occupation": occupations}


def parse_cps(path: Path) -> tuple[str, pl.DataFrame]:
    """The year, and its table: occupation_title, employed (people), women_pct (None where the base is small).

    Titles of groups stand among those of occupations, without a mark.
    """
    sheets = read_sheets(path, SOURCE)
    (name, cells), *others = sheets.items()
    fault = partial(BadInputError, source=SOURCE, file=path.name, place=f"sheet {name!r}")
    if others:
        raise fault(problem="expected one sheet", value=", ".join(sheets))
    clean = cells.select(collapse(pl.all()))
    head = [row for row in range(clean.height) if clean[row, 0] == "Occupation"]
    if len(head) != 1 or clean.height < head[0] + 4 or clean.width < 3:
        raise fault(problem="no header with the column Occupation over three rows")
    shown = tuple(tuple(clean[head[0] + depth, column] for depth in range(3)) for column in range(3))
    for wanted, found in zip(_HEADER, shown, strict=True):
        for pattern, value in zip(wanted, found, strict=True):
            if pattern is not None and not re.fullmatch(pattern, value or ""):
                raise fault(problem=f"the header has no {pattern}", value=value)
    rows = clean.with_row_index("row", offset=1).slice(head[0] + 3)
    names = dict(zip(clean.columns[:3], _HEADERS, strict=True))
    rows = rows.select("row", *names).rename(names).filter(pl.col("employed").is_not_null())
    table = Table(rows, _HEADERS, SOURCE, path.name, f"sheet {name!r}, row")
    table.refuse_blanks(list(_HEADERS))
    table.refuse(~pl.col("employed").str.contains(r"^[0-9]+$"), "employed", "not a number in thousands")
    is_share = pl.col("women_pct").str.contains(r"^[0-9]{1,3}(?:\.[0-9]+)?$")
    table.refuse(~is_share & ~pl.col("women_pct").is_in(_NO_FIGURE), "women_pct", "neither a share nor a dash")
    table.refuse(pl.col("women_pct").cast(pl.Float64, strict=False) > 100, "women_pct", "over 100 percent")
    table.refuse_duplicates([pl.col("occupation_title").str.to_lowercase()], "occupation_title", "listed twice")
    women = pl.col("women_pct").cast(pl.Float64, strict=False)
    return str(shown[1][0]), table.frame.select("occupation_title", pl.col("employed").cast(pl.Int64) * 1000, women)
