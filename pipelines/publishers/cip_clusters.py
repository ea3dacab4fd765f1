"""Advance CTE's workbook of the programs of study (CIP) of each cluster and sub-cluster."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.publishers.career_clusters import resolved
from pipelines.publishers.common import CIP_PATTERN, Read, read_sheet_table
from pipelines.sources import SourceDeclaration

SOURCE = "cip_clusters"
TABLES = ("cip_sub_cluster",)
SHEET = "CIP - CC - Sub-Clusters"
#: Stands among the programs for occupations that no program leads to.
_NO_PROGRAM = "99.9999"

_COLUMNS = {
    "cip_code": r"CIP Code \(2020\)",
    "cip_title": r"CIP Title \(2020\)",
    "cluster_name": "Career Cluster",
    "sub_cluster_name": "Sub-Cluster",
}


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """The places of programs as raw.cip_sub_cluster: cip_code, cluster_id, sub_cluster_id.

    A place that is listed twice, in other letters, counts once, and what stands for no program has none. Raises
    BadInputError for other columns, blanks, malformed codes, and names that the framework does not have.
    """
    workbook = files[source.file_names[0]]
    table = read_sheet_table(workbook, SOURCE, _COLUMNS, SHEET)
    table.refuse_blanks(list(_COLUMNS))
    table.refuse(~pl.col("cip_code").str.contains(CIP_PATTERN), "cip_code", "not a CIP code")
    places = resolved(table.frame.filter(pl.col("cip_code") != _NO_PROGRAM), SOURCE, workbook)
    columns = ["cip_code", "cluster_id", "sub_cluster_id"]
    return source.vintages[0], {"cip_sub_cluster": places.select(columns).unique().sort(columns)}
