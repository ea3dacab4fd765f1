"""Crosswalks in `reference/` that are carried over from published lists, or held against them."""

from pathlib import Path

import polars as pl

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError
from pipelines.framework import names
from pipelines.paths import REFERENCE
from pipelines.publishers import onet
from pipelines.publishers.career_clusters import SOURCE, parse_naics_listing, parse_soc_memberships
from pipelines.tables import TableName

MEMBERSHIPS = TableName("seed", "soc_sub_cluster")
HOMES = TableName("seed", "naics_home")
FORMER = TableName("seed", "onet_legacy_cluster")
#: O*NET OnLine's list of the 16 former clusters; the publisher's address has the present framework now.
FORMER_LIST = "onet_all_career_clusters_2023.csv"

#: OEWS's own government designation stands for NAICS public administration.
_SECTOR_OF_OEWS_CODE = {"999": "92"}


def _resolved(frame: pl.DataFrame, workbook: Path) -> pl.DataFrame:
    """A workbook's rows with ids for names; a sub-cluster must stand under its own cluster."""
    spelled = frame.select("cluster_name", "sub_cluster_name").unique(maintain_order=True)
    file = workbook.name
    pairs = [
        (
            cluster,
            sub_cluster,
            names("cluster").resolve(cluster, source=SOURCE, file=file),
            names("sub_cluster").resolve(sub_cluster, source=SOURCE, file=file),
        )
        for cluster, sub_cluster in spelled.iter_rows()
    ]
    framework = read_csv(contracts()[TableName("reference", "sub_cluster")], REFERENCE)
    home = dict(framework.select("sub_cluster_id", "cluster_id").iter_rows())
    for cluster, sub_cluster, cluster_id, sub_cluster_id in pairs:
        if home[sub_cluster_id] != cluster_id:
            problem = f"the sub-cluster belongs to {home[sub_cluster_id]}, not to {cluster}"
            raise BadInputError(source=SOURCE, file=file, problem=problem, value=sub_cluster)
    ids = pl.DataFrame(pairs, schema=["cluster_name", "sub_cluster_name", "cluster_id", "sub_cluster_id"], orient="row")
    return frame.join(ids, on=["cluster_name", "sub_cluster_name"], how="left", maintain_order="left")


def memberships(workbook: Path) -> pl.DataFrame:
    """Occupations' memberships as in `crosswalks/soc_sub_cluster.csv`: soc_code, cluster_id, sub_cluster_id."""
    resolved = _resolved(parse_soc_memberships(workbook), workbook)
    columns = ["soc_code", "cluster_id", "sub_cluster_id"]
    return resolved.select(columns).sort(columns)


def write_memberships(workbook: Path) -> int:
    """Write the memberships of a workbook into `reference/`; returns how many there are."""
    frame = memberships(workbook)
    frame.write_csv(REFERENCE / str(contracts()[MEMBERSHIPS].csv))
    return frame.height


def former_memberships(listing: Path) -> pl.DataFrame:
    """Memberships in former clusters as in `crosswalks/onet_legacy_cluster.csv`: onet_soc_code, legacy_cluster_id.

    Pathways are left out, so an occupation listed in two pathways of one cluster is one row. Raises BadInputError
    for what is not O*NET OnLine's list, and for a name that is none of a former cluster.
    """
    listed = onet.parse_cluster_list(listing).select("onet_soc_code", "cluster_name").unique()
    ids = {
        name: names("legacy_cluster").resolve(name, source=onet.SOURCE, file=listing.name)
        for name in listed["cluster_name"].unique()
    }
    former = pl.col("cluster_name").replace_strict(ids, return_dtype=pl.String).alias("legacy_cluster_id")
    return listed.select("onet_soc_code", former).sort("onet_soc_code", "legacy_cluster_id")


def write_former_memberships(listing: Path) -> int:
    """Write the memberships in former clusters into `reference/`; returns how many there are."""
    frame = former_memberships(listing)
    frame.write_csv(REFERENCE / str(contracts()[FORMER].csv))
    return frame.height


def listing_disagreements(workbook: Path) -> pl.DataFrame:
    """Industry homes whose `advance_cte_agrees` is not what the workbook's listing of sectors says.

    Columns: code_system, naics_code, cluster_id, advance_cte_agrees, should_be; no rows when all is right.
    """
    listing = _resolved(parse_naics_listing(workbook), workbook)
    listed = set(listing.select("naics_code", "cluster_id").iter_rows())
    sectors = {sector for sector, _ in listed}
    sector_of_digits = {
        str(digits): sector
        for sector in sectors
        for digits in range(int(sector.split("-")[0]), int(sector.split("-")[-1]) + 1)
    }

    def should_be(row: dict[str, str]) -> str:
        code = _SECTOR_OF_OEWS_CODE.get(row["naics_code"][:3], row["naics_code"])
        sector = sector_of_digits.get(code[:2])
        if sector is None:
            return "not_listed"
        return "yes" if (sector, row["cluster_id"]) in listed else "no"

    homes = read_csv(contracts()[HOMES], REFERENCE)
    return homes.select(
        "code_system",
        "naics_code",
        "cluster_id",
        "advance_cte_agrees",
        pl.struct("naics_code", "cluster_id").map_elements(should_be, return_dtype=pl.String).alias("should_be"),
    ).filter(pl.col("advance_cte_agrees") != pl.col("should_be"))
