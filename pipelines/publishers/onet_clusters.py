"""O*NET OnLine's list of occupations by Career Cluster. No raw table is made of it; the list is only checked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from pipelines.errors import BadInputError
from pipelines.framework import names
from pipelines.publishers.common import ONET_SOC_PATTERN, Read, read_delimited
from pipelines.sources import SourceDeclaration

SOURCE = "onet_clusters"
TABLES: tuple[str, ...] = ()
CHECKED = ("onet_clusters",)


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """Check the list. Raises BadInputError as parse_cluster_list, and for one without all clusters of its framework."""
    path = files[source.file_names[0]]
    listed = parse_cluster_list(path)
    _refuse_lacking_clusters(listed["cluster_name"].unique().sort().to_list(), path.name)
    return None, {"onet_clusters": listed}


def _refuse_lacking_clusters(listed: Sequence[str], file: str) -> None:
    """Refuse a list that lacks a cluster: of the framework before if its first name is of that, else of the present."""
    kind = "legacy_cluster" if names("legacy_cluster").knows(listed[0]) else "cluster"
    found = {names(kind).resolve(name, source=SOURCE, file=file) for name in listed}
    if missing := sorted(set(names(kind).ids.values()) - found):
        problem = "clusters are missing altogether: the list is cut short"
        raise BadInputError(source=SOURCE, file=file, problem=problem, missing=", ".join(missing))


def parse_cluster_list(path: Path) -> pl.DataFrame:
    """Parse the list (CSV) of the framework of 2024 or of the one before: one row per membership, in file order.

    Columns: cluster_name, sub_cluster_name (a pathway in the framework before 2024), onet_soc_code, title. Several
    memberships of one line are separated by ';' and paired by position. Raises BadInputError for other columns, blanks,
    a line with different numbers of clusters and sub-clusters, malformed codes, a sub-cluster in two clusters, a code
    with two titles, and a membership listed twice.
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
    paired = ["cluster_name", "sub_cluster_name"]
    clusters, sub_clusters = (pl.col(name).str.count_matches(";", literal=True) for name in paired)
    problem = "the line names another number of sub-clusters than of clusters"
    table.refuse(clusters != sub_clusters, "sub_cluster_name", problem)
    memberships = table.frame.with_columns(pl.col(name).str.split(";") for name in paired).explode(paired)
    memberships = memberships.with_columns(pl.col(name).str.strip_chars() for name in paired)
    table = table.with_frame(memberships)
    for name in paired:
        table.refuse(pl.col(name) == "", name, "a blank name beside a semicolon")
    elsewhere = pl.col("cluster_name") != pl.col("cluster_name").first().over("sub_cluster_name")
    table.refuse(elsewhere, "cluster_name", "a sub-cluster that another line has in another cluster")
    other = pl.col("title") != pl.col("title").first().over("onet_soc_code")
    table.refuse(other, "title", "the code has another title in another line")
    table.refuse_duplicates([*paired, "onet_soc_code"], "onet_soc_code", "the same membership listed twice")
    return memberships.select(list(columns))
