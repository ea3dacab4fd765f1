"""O*NET OnLine's list of occupations by Career Cluster. No raw table is made of it; the list is only checked."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.publishers.common import ONET_SOC_PATTERN, Read, read_delimited
from pipelines.sources import SourceDeclaration

SOURCE = "onet_clusters"
TABLES: tuple[str, ...] = ()
CHECKED = ("onet_clusters",)


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """Check the list."""
    return None, {"onet_clusters": parse_cluster_list(files[source.file_names[0]])}


def parse_cluster_list(path: Path) -> pl.DataFrame:
    """Parse the list (CSV) of the framework of 2024 or of the one before: one row per membership, in file order.

    Columns: cluster_name, sub_cluster_name (a pathway in the framework before 2024), onet_soc_code, title. Several
    memberships of one line are separated by ';' and paired by position. Raises BadInputError for other columns, blanks,
    a line with different numbers of clusters and sub-clusters, malformed codes, a sub-cluster in two clusters, and a
    membership listed twice.
    """
    columns = {
        "cluster_name": "Career Cluster",
        "sub_cluster_name": "(?:Career )?(?:Sub-Cluster|Pathway)",
        "onet_soc_code": "Code",
        "title": "Occupation",
    }
    table = read_delimited(path, SOURCE, columns)
    table.refuse_blanks(list(columns))
    table.refuse(~pl.col("onet_soc_code").str.contains(ONET_SOC_PATTERN), "onet_soc_code", "not an O*NET-SOC code")
    names = ["cluster_name", "sub_cluster_name"]
    clusters, sub_clusters = (pl.col(name).str.count_matches(";", literal=True) for name in names)
    problem = "the line names another number of sub-clusters than of clusters"
    table.refuse(clusters != sub_clusters, "sub_cluster_name", problem)
    memberships = table.frame.with_columns(pl.col(name).str.split(";") for name in names).explode(names)
    memberships = memberships.with_columns(pl.col(name).str.strip_chars() for name in names)
    table = table.with_frame(memberships)
    for name in names:
        table.refuse(pl.col(name) == "", name, "a blank name beside a semicolon")
    elsewhere = pl.col("cluster_name") != pl.col("cluster_name").first().over("sub_cluster_name")
    table.refuse(elsewhere, "cluster_name", "a sub-cluster that another line has in another cluster")
    table.refuse_duplicates([*names, "onet_soc_code"], "onet_soc_code", "the same membership listed twice")
    return memberships.select(list(columns))
