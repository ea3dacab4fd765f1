"""Advance CTE, workbooks that tie the National Career Clusters Framework to occupations and industries.

Names of clusters and sub-clusters come out as published; the framework's own spelling is settled elsewhere.
"""

from pathlib import Path

import polars as pl

from pipelines.publishers.common import NAICS_PATTERN, SOC_PATTERN, Table, read_sheet_table, whole_number_text

SOURCE = "career_clusters"
SOC_SHEET = "SOC - CC - Sub-Clusters"
NAICS_SHEET = "CC - Sub-Cluster - NAICS"

_SOC_COLUMNS = {
    "soc_code": "SOC Code",
    "soc_title": "Occupation Title",
    "cluster_name": "Career Cluster",
    "sub_cluster_name": "Sub-Cluster",
}
_NAICS_COLUMNS = {
    "cluster_name": "Career Cluster",
    "sub_cluster_name": "Sub-Cluster",
    "naics_code": "2-Digit NAICS",
    "naics_title": "NAICS title",
}


def parse_soc_memberships(path: Path) -> pl.DataFrame:
    """Parse the occupations of each sub-cluster: one row per soc_code and sub-cluster, in the publisher's order.

    Columns: soc_code, soc_title, cluster_name, sub_cluster_name. Raises BadInputError for other columns, blank
    cells, codes of another form, and a membership listed twice (letter case aside).
    """
    table = read_sheet_table(path, SOURCE, _SOC_COLUMNS, SOC_SHEET)
    table.refuse_blanks(list(_SOC_COLUMNS))
    table.refuse(~pl.col("soc_code").str.contains(SOC_PATTERN), "soc_code", "not a SOC code")
    return _memberships(table, "soc_code", list(_SOC_COLUMNS))


def parse_naics_listing(path: Path) -> pl.DataFrame:
    """Parse the industries named for each sub-cluster: one row per naics_code and sub-cluster.

    Columns: cluster_name, sub_cluster_name, naics_code (text), naics_title. Raises BadInputError as above.
    """
    table = read_sheet_table(path, SOURCE, _NAICS_COLUMNS, NAICS_SHEET)
    table.refuse_blanks(list(_NAICS_COLUMNS))
    table = table.with_frame(table.frame.with_columns(whole_number_text(pl.col("naics_code"))))
    table.refuse(~pl.col("naics_code").str.contains(NAICS_PATTERN), "naics_code", "not a NAICS code")
    return _memberships(table, "naics_code", list(_NAICS_COLUMNS))


def _memberships(table: Table, code: str, columns: list[str]) -> pl.DataFrame:
    table.refuse_duplicates(
        [pl.col(code), pl.col("cluster_name").str.to_lowercase(), pl.col("sub_cluster_name").str.to_lowercase()],
        code,
        "the same code, cluster and sub-cluster listed twice",
    )
    return table.frame.select(columns)
