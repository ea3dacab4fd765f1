"""The published part of the cluster figures as an analyst would add it up with pandas, to measure the pipeline against.

    python -m tests.benchmarks.plain_pandas FOLDER SOC_ALLOCATION AREA TARGET

Reads the OEWS flat files in FOLDER, takes the shares of occupations (SOC_ALLOCATION, which the pipeline also has to
work out) and the list of areas (AREA) from Parquet, and writes published jobs, their standard error and the coverage of
each area and group to TARGET. Of the data file it keeps what it needs: all industries together, and 2 of the 17
datatypes. It neither estimates withheld cells nor pools wages; `plain_estimation` does that in plain NumPy.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

DATATYPES = {"01": "employment", "02": "employment_rse_pct"}
GROUP = ["level", "cluster_id", "sub_cluster_id", "basis"]


def read_figures(folder: Path) -> pd.DataFrame:
    """One row per area and detailed occupation."""
    data = pd.read_csv(
        folder / "oe.data.0.Current",
        sep="\t",
        header=0,
        names=["series_id", "year", "period", "value", "footnote"],
        usecols=["series_id", "value"],
        dtype=str,
    )
    data = data[data["series_id"].str[11:17] == "000000"]
    data = data.assign(datatype=data["series_id"].str[23:25].map(DATATYPES)).dropna(subset="datatype")
    data["area_code"] = data["series_id"].str[4:11]
    data["occupation_code"] = data["series_id"].str[17:23]
    data["value"] = pd.to_numeric(data["value"], errors="coerce")
    figures = data.pivot(index=["area_code", "occupation_code"], columns="datatype", values="value").reset_index()
    occupations = pd.read_csv(folder / "oe.occupation", sep="\t", dtype=str)
    detailed = occupations.loc[occupations["display_level"] == "3", "occupation_code"]
    figures = figures[figures["occupation_code"].isin(detailed)]
    figures["soc_code"] = figures["occupation_code"].str[:2] + "-" + figures["occupation_code"].str[2:]
    return figures


def read_groups(path: Path) -> pd.DataFrame:
    """Members of clusters and sub-clusters with their weights, on both bases."""
    shares = pd.read_parquet(path, columns=["soc_code", "cluster_id", "sub_cluster_id", "weight"])
    sub_clusters = shares.assign(level="sub_cluster")
    clusters = shares.groupby(["soc_code", "cluster_id"], as_index=False)["weight"].sum()
    clusters = clusters.assign(level="cluster", sub_cluster_id="all")
    groups = pd.concat([clusters, sub_clusters])
    groups = pd.concat([groups.assign(basis="unduplicated"), groups.assign(weight=1.0, basis="duplicated")])
    return groups[groups["weight"] > 0]


def total(members: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Published jobs, their error and the coverage of each area and group."""
    jobs = members["weight"] * members["employment"]
    national = members["weight"] * members["national_employment"]
    parts = members[["area_code", *GROUP]].assign(
        employment=jobs,
        error=(jobs * members["employment_rse_pct"]) ** 2,
        published=national.where(members["employment"].notna()),
    )
    sums = parts.groupby(["area_code", *GROUP]).sum(min_count=1).reset_index()
    defined = groups.assign(defined=groups["weight"] * groups["national_employment"])
    sums = sums.merge(defined.groupby(GROUP, as_index=False)["defined"].sum(), on=GROUP)
    return sums[["area_code", *GROUP]].assign(
        employment_published=sums["employment"],
        employment_rse_pct=np.sqrt(sums["error"]) / sums["employment"],
        coverage_pct=100 * sums["published"].fillna(0) / sums["defined"],
    )


def main(folder: Path, allocation: Path, area: Path, target: Path) -> None:
    start = time.perf_counter()
    figures = read_figures(folder)
    parsed = time.perf_counter()
    nation = figures[figures["area_code"] == "0000000"].set_index("soc_code")["employment"]
    groups = read_groups(allocation)
    groups = groups[groups["soc_code"].isin(figures["soc_code"])]
    groups = groups.assign(national_employment=groups["soc_code"].map(nation))
    result = total(figures.merge(groups, on="soc_code"), groups)
    ids = pd.read_parquet(area, columns=["area_id", "area_code"]).set_index("area_code")["area_id"]
    result.insert(0, "area_id", result["area_code"].map(ids))
    result.drop(columns="area_code").to_parquet(target, index=False)
    print(f"parsing {parsed - start:.1f} s, adding up {time.perf_counter() - parsed:.1f} s")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
