"""BLS Standard Occupational Classification, the structure workbook (soc_structure_2018.xlsx).

One row per group: its code is in the column of its level, its title in the last column, which has no name.
"""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import polars as pl

from pipelines.publishers.common import SOC_PATTERN, Read, read_sheet_table
from pipelines.sources import SourceDeclaration

SOURCE = "soc"
TABLES = ("soc",)

# level, publisher's column, form of a code of that level
_LEVELS = (
    ("major", "Major Group", r"^[0-9]{2}-0000$"),
    ("minor", "Minor Group", r"^[0-9]{2}-(?:[1-9][0-9]|0[1-9])00$"),
    ("broad", "Broad Group", r"^[0-9]{2}-[0-9]{2}[1-9]0$"),
    ("detailed", "Detailed Occupation", r"^[0-9]{2}-[0-9]{3}[1-9]$"),
)


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """The structure as raw.soc."""
    return source.vintages[0], {"soc": parse_structure(files[source.file_names[0]])}


def parse_structure(path: Path) -> pl.DataFrame:
    """Parse the structure workbook: one row per group or occupation, in the publisher's order.

    Columns: soc_code, soc_title, soc_level, parent_code (null for major), major_code, sort_order (from 1). The parent
    is the group above in the sheet, because the digits do not always tell: 29-1221 belongs to 29-1210. Raises
    BadInputError for rows with no code, two codes or no title, and codes of another level, orphaned or listed twice.
    """
    columns = {level: name for level, name, _ in _LEVELS} | {"soc_title": ""}
    table = read_sheet_table(path, SOURCE, columns)
    levels = [level for level, _, _ in _LEVELS]

    codes = pl.sum_horizontal(pl.col(level).is_not_null() for level in levels)
    table.refuse(codes == 0, "soc_title", "a row without a code")
    for upper, lower in ((a, b) for at, a in enumerate(levels) for b in levels[at + 1 :]):
        table.refuse(pl.col(upper).is_not_null() & pl.col(lower).is_not_null(), lower, "two codes in one row")
    for level, _, form in _LEVELS:
        table.refuse(~pl.col(level).str.contains(SOC_PATTERN), level, "not a SOC code")
        table.refuse(~pl.col(level).str.contains(form), level, f"the digits are not those of a {level} group")
    table.refuse_blanks(["soc_title"])

    code = pl.coalesce(levels)
    soc_level = pl.coalesce(pl.when(pl.col(level).is_not_null()).then(pl.lit(level)) for level in levels)
    # the group that a row belongs to: the last one listed at that level
    frame = table.frame.with_columns(
        code.alias("soc_code"),
        soc_level.alias("soc_level"),
        *(pl.col(level).forward_fill().alias(f"in_{level}") for level in levels),
        *(pl.when(pl.col(level).is_not_null()).then("row").forward_fill().alias(f"row_{level}") for level in levels),
    )
    nested = table.with_frame(frame)
    for at, level in enumerate(levels[1:], start=1):
        enclosing = levels[:at]
        gaps = [pl.col(f"row_{group}").is_null() for group in enclosing]
        gaps += [pl.col(f"row_{inner}") < pl.col(f"row_{outer}") for outer, inner in pairwise(enclosing)]
        problem = f"a code without a parent: not enclosed by a {' and a '.join(enclosing)} group"
        nested.refuse(pl.col(level).is_not_null() & pl.any_horizontal(gaps), level, problem)
        # the first two digits name the major group, the third the minor group
        for group, digits in zip(enclosing, (2, 4), strict=False):
            other = pl.col(level).str.slice(0, digits) != pl.col(f"in_{group}").str.slice(0, digits)
            nested.refuse(other, level, f"a code under a {group} group of other digits")
    for level in levels:
        nested.refuse(pl.col(level).is_not_null() & ~pl.col("soc_code").is_first_distinct(), level, "code listed twice")

    parent = pl.coalesce(pl.when(pl.col("soc_level") == lower).then(f"in_{upper}") for upper, lower in pairwise(levels))
    return frame.select(
        "soc_code",
        "soc_title",
        "soc_level",
        parent.alias("parent_code"),
        pl.col("in_major").alias("major_code"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("sort_order"),
    )
