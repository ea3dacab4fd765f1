"""The National Center for Education Statistics' crosswalk of programs of study (CIP) to occupations (SOC)."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.publishers.common import CIP_PATTERN, SOC_PATTERN, Read, read_sheet_table
from pipelines.sources import SourceDeclaration

SOURCE = "cip_soc"
TABLES = ("cip_soc",)


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """The pairs as raw.cip_soc, those that stand for no match included."""
    pairs = parse_cip_soc(files[source.file_names[0]])
    return source.vintages[0], {"cip_soc": pairs.select("cip_code", "soc_code").sort("cip_code", "soc_code")}


def parse_cip_soc(path: Path) -> pl.DataFrame:
    """Parse the crosswalk of CIP 2020 to SOC 2018: cip_code, cip_title, soc_code, soc_title, one row per pair.

    99.9999 and 99-9999 stand for no match. Raises BadInputError for other columns, blanks, malformed codes, and a pair
    listed twice.
    """
    columns = {
        "cip_code": "CIP2020Code",
        "cip_title": "CIP2020Title",
        "soc_code": "SOC2018Code",
        "soc_title": "SOC2018Title",
    }
    table = read_sheet_table(path, SOURCE, columns, "CIP-SOC")
    table.refuse_blanks(list(columns))
    table.refuse(~pl.col("cip_code").str.contains(CIP_PATTERN), "cip_code", "not a CIP code")
    table.refuse(~pl.col("soc_code").str.contains(SOC_PATTERN), "soc_code", "not a SOC code")
    table.refuse_duplicates(["cip_code", "soc_code"], "soc_code", "the same pair listed twice")
    return table.frame.select(list(columns))
