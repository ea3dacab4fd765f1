"""Writes the crosswalks in `reference/` that are taken over from published lists."""

from pathlib import Path

import polars as pl

from pipelines.contracts.model import contracts
from pipelines.framework import names
from pipelines.paths import REFERENCE
from pipelines.publishers import onet_clusters
from pipelines.publishers.career_clusters import MEMBERSHIPS, memberships
from pipelines.tables import TableName

LEGACY = TableName("seed", "onet_legacy_cluster")
#: O*NET OnLine's list by the 16 legacy clusters; the publisher's address has the present framework now.
LEGACY_LIST = "onet_all_career_clusters_2023.csv"


def write_memberships(workbook: Path) -> int:
    """Write the memberships of a workbook into `reference/`; returns their number."""
    return _write(MEMBERSHIPS, memberships(workbook))


def legacy_memberships(listing: Path) -> pl.DataFrame:
    """Memberships in legacy clusters, each once: onet_soc_code, legacy_cluster_id. Raises BadInputError."""
    listed = onet_clusters.parse_cluster_list(listing).select("onet_soc_code", "cluster_name").unique()
    ids = {
        name: names("legacy_cluster").resolve(name, source=onet_clusters.SOURCE, file=listing.name)
        for name in listed["cluster_name"].unique()
    }
    legacy = pl.col("cluster_name").replace_strict(ids, return_dtype=pl.String).alias("legacy_cluster_id")
    return listed.select("onet_soc_code", legacy).sort("onet_soc_code", "legacy_cluster_id")


def write_legacy_memberships(listing: Path) -> int:
    """Write the memberships in legacy clusters into `reference/`; returns their number."""
    return _write(LEGACY, legacy_memberships(listing))


def _write(table: TableName, frame: pl.DataFrame) -> int:
    frame.write_csv(REFERENCE / str(contracts()[table].csv))
    return frame.height
