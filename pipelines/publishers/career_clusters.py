"""Advance CTE's workbooks of the occupations and industries of the National Career Clusters Framework.

No raw table is made of them: the memberships are carried in `reference/crosswalks/`, and the workbooks are compared
with them.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError
from pipelines.framework import names
from pipelines.paths import REFERENCE
from pipelines.publishers.common import NAICS_PATTERN, SOC_PATTERN, Read, Table, read_sheet_table, whole_number_text
from pipelines.sources import SourceDeclaration
from pipelines.tables import TableName

SOURCE = "career_clusters"
TABLES: tuple[str, ...] = ()
CHECKED = ("career_clusters",)
MEMBERSHIPS = TableName("seed", "soc_sub_cluster")
HOMES = TableName("seed", "naics_home")
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


#: OEWS has its own code for government, which NAICS calls public administration.
_SECTOR_OF_OEWS_CODE = {"999": "92"}


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """Check both workbooks."""
    soc_workbook, naics_workbook = (files[name] for name in source.file_names)
    found = memberships(soc_workbook)
    listing_disagreements(naics_workbook)
    return None, {"career_clusters": found}


def parse_soc_memberships(path: Path) -> pl.DataFrame:
    """Parse the occupations of each sub-cluster: one row per soc_code and sub-cluster, in the publisher's order.

    Columns: soc_code, soc_title, cluster_name, sub_cluster_name, names as published. Raises BadInputError for other
    columns, blank cells, malformed codes, and a membership listed twice (letter case aside).
    """
    table = read_sheet_table(path, SOURCE, _SOC_COLUMNS, SOC_SHEET)
    table.refuse_blanks(list(_SOC_COLUMNS))
    table.refuse(~pl.col("soc_code").str.contains(SOC_PATTERN), "soc_code", "not a SOC code")
    return _listed_once(table, "soc_code", list(_SOC_COLUMNS))


def parse_naics_listing(path: Path) -> pl.DataFrame:
    """Parse the industries named for each sub-cluster: _NAICS_COLUMNS, all text. Raises as parse_soc_memberships."""
    table = read_sheet_table(path, SOURCE, _NAICS_COLUMNS, NAICS_SHEET)
    table.refuse_blanks(list(_NAICS_COLUMNS))
    table = table.with_frame(table.frame.with_columns(whole_number_text(pl.col("naics_code"))))
    table.refuse(~pl.col("naics_code").str.contains(NAICS_PATTERN), "naics_code", "not a NAICS code")
    return _listed_once(table, "naics_code", list(_NAICS_COLUMNS))


def _listed_once(table: Table, code: str, columns: list[str]) -> pl.DataFrame:
    key = [pl.col(name).str.to_lowercase() for name in (code, "cluster_name", "sub_cluster_name")]
    table.refuse_duplicates(key, code, "the same code, cluster and sub-cluster listed twice")
    return table.frame.select(columns)


def resolved(frame: pl.DataFrame, source: str, workbook: Path) -> pl.DataFrame:
    """A workbook's rows with ids for names. Raises BadInputError for a sub-cluster listed under another cluster."""
    spelled = frame.select("cluster_name", "sub_cluster_name").unique(maintain_order=True)
    where = {"source": source, "file": workbook.name}
    pairs = [
        (*row, names("cluster").resolve(row[0], **where), names("sub_cluster").resolve(row[1], **where))
        for row in spelled.iter_rows()
    ]
    framework = read_csv(contracts()[TableName("reference", "sub_cluster")], REFERENCE)
    home = dict(framework.select("sub_cluster_id", "cluster_id").iter_rows())
    for cluster, sub_cluster, cluster_id, sub_cluster_id in pairs:
        if home[sub_cluster_id] != cluster_id:
            problem = f"the sub-cluster belongs to {home[sub_cluster_id]}, not to {cluster}"
            raise BadInputError(**where, problem=problem, value=sub_cluster)
    ids = pl.DataFrame(pairs, schema=["cluster_name", "sub_cluster_name", "cluster_id", "sub_cluster_id"], orient="row")
    return frame.join(ids, on=["cluster_name", "sub_cluster_name"], how="left", maintain_order="left")


def memberships(workbook: Path) -> pl.DataFrame:
    """Occupations' memberships as in `crosswalks/soc_sub_cluster.csv`: soc_code, cluster_id, sub_cluster_id."""
    columns = ["soc_code", "cluster_id", "sub_cluster_id"]
    return resolved(parse_soc_memberships(workbook), SOURCE, workbook).select(columns).sort(columns)


def listing_disagreements(workbook: Path) -> pl.DataFrame:
    """Industry homes whose `advance_cte_agrees` contradicts the workbook's listing of sectors.

    Columns: code_system, naics_code, cluster_id, advance_cte_agrees, should_be; no rows when all agree.
    """
    listing = resolved(parse_naics_listing(workbook), SOURCE, workbook)
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
