"""Census Bureau, North American Industry Classification System: the workbook of 2- to 6-digit codes.

The year in the column names changes with the vintage; three sectors span several 2-digit codes (31-33).
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.publishers.common import NAICS_PATTERN, Read, read_sheet_table, whole_number_text
from pipelines.sources import SourceDeclaration

SOURCE = "naics"
TABLES = ("naics",)

_COLUMNS = {
    "sequence": "Seq. No.",
    "naics_code": r"[0-9]{4} NAICS US Code",
    "naics_title": r"[0-9]{4} NAICS US Title",
}


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """The codes as raw.naics."""
    return source.vintages[0], {"naics": parse_codes(files[source.file_names[0]])}


def parse_codes(path: Path) -> pl.DataFrame:
    """Parse the list of codes: one row per code, in the publisher's order.

    Columns: naics_code (text, ranges as published: '31-33'), naics_title, naics_level (digits, 2 to 6; 2 for a
    range), parent_code (null for sectors; '311' has '31-33'), sector_code, sort_order (from 1). Raises
    BadInputError for blank cells, malformed codes, codes listed twice, and codes without a parent in the file.
    """
    table = read_sheet_table(path, SOURCE, _COLUMNS)
    table.refuse_blanks(["naics_code", "naics_title"])
    code = pl.col("naics_code")
    table = table.with_frame(table.frame.with_columns(whole_number_text(code)))
    table.refuse(~code.str.contains(NAICS_PATTERN), "naics_code", "not a NAICS code of 2 to 6 digits or a range")
    first, last = code.str.slice(0, 2).cast(pl.Int64), code.str.slice(-2).cast(pl.Int64)
    is_range = code.str.contains("-", literal=True)
    table.refuse(is_range & (first >= last), "naics_code", "a range that does not rise")
    table.refuse_duplicates([code], "naics_code", "code listed twice")

    level = pl.when(is_range).then(2).otherwise(code.str.len_chars()).cast(pl.Int64)
    frame = table.frame.with_columns(level.alias("naics_level"))
    sectors = (
        frame.filter(pl.col("naics_level") == 2)
        .select(
            pl.col("row").alias("sector_row"),
            code.alias("sector_code"),
            pl.int_ranges(first, pl.when(is_range).then(last).otherwise(first) + 1).alias("digits"),
        )
        .explode("digits")
    )
    overlapping = sectors.filter(~pl.col("digits").is_first_distinct())
    shared = code.is_in(overlapping["sector_code"].implode())
    table.refuse(shared, "naics_code", "a sector whose digits another sector has")
    frame = frame.with_columns(first.alias("digits")).join(sectors, on="digits", how="left", maintain_order="left")
    parent = (
        pl.when(pl.col("naics_level") == 3)
        .then("sector_code")
        .when(pl.col("naics_level") > 3)
        .then(code.str.slice(0, code.str.len_chars() - 1))
    )
    frame = frame.with_columns(parent.alias("parent_code"))
    has_parent = pl.col("parent_code").is_in(frame["naics_code"].implode()).fill_null(False)
    orphan = (pl.col("naics_level") > 2) & ~has_parent
    table.with_frame(frame).refuse(orphan, "naics_code", "a code whose parent is not in the file")
    return frame.select(
        "naics_code",
        "naics_title",
        "naics_level",
        "parent_code",
        "sector_code",
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("sort_order"),
    )
