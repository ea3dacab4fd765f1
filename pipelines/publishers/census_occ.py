"""The Census Bureau's list of occupation titles and codes, with the SOC codes that each stands for."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.publishers.common import Read, read_sheet_table
from pipelines.sources import SourceDeclaration

SOURCE = "census_occ"
TABLES = ("census_occupation",)
SHEET = "2018 Census Occ Code List"

_COLUMNS = {
    "occupation_title": "2018 Census Title",
    "census_code": "2018 Census Code",
    "soc_pattern": "2018 SOC Code",
}
#: The workbook's column of group titles has no name.
_OPTIONAL = {"group_title": ""}
#: Has no SOC code: military of no stated rank, and people who have not worked.
_NO_SOC = "none"


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """The occupations as raw.census_occupation."""
    return source.vintages[0], {"census_occupation": parse_census(files[source.file_names[0]])}


def parse_census(path: Path) -> pl.DataFrame:
    """Parse the list: census_code (once each), occupation_title, soc_pattern.

    soc_pattern is a SOC code, or the beginning that all its codes share: 11-2030 stands for 11-203, 13-20XX for 13-20.
    An X stands for those that no other Census code names. Raises BadInputError for other columns, malformed codes, and
    codes listed twice.
    """
    table = read_sheet_table(path, SOURCE, _OPTIONAL | _COLUMNS, SHEET)
    # rows of groups have a range of codes, and rows of text none
    rows = table.frame.filter(pl.col("census_code").str.contains("^[0-9]{1,4}$"))
    table = table.with_frame(rows.with_columns(pl.col("census_code").str.zfill(4)))
    table.refuse_blanks(list(_COLUMNS))
    is_code = pl.col("soc_pattern").str.contains("^[0-9]{2}-[0-9X]{4}$") | (pl.col("soc_pattern") == _NO_SOC)
    table.refuse(~is_code, "soc_pattern", "not a SOC code")
    table.refuse_duplicates(["census_code"], "census_code", "code listed twice")
    kept = table.frame.filter(pl.col("soc_pattern") != _NO_SOC)
    return kept.select("census_code", "occupation_title", "soc_pattern").sort("census_code")
