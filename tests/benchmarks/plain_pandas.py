"""The same cluster figures as an analyst would compute them with pandas and NumPy, to measure the pipeline against.

    python -m tests.benchmarks.plain_pandas apply|arrays FOLDER SOC_ALLOCATION AREA TARGET

Reads the OEWS flat files in FOLDER, takes the shares of occupations (SOC_ALLOCATION, which the pipeline also has to
work out) and the list of areas (AREA) from Parquet, and writes one row per area and group to TARGET. Of the data file
it keeps what it needs: all industries together, and 8 of the 17 datatypes. `apply` pools with
pandas' groupby and apply, `arrays` with NumPy arrays, which is faster.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

PERCENTILES = {"11": "wage_p10_usd", "12": "wage_p25_usd", "13": "wage_p50_usd", "14": "wage_p75_usd"}
PERCENTILES |= {"15": "wage_p90_usd"}
DATATYPES = {"01": "employment", "02": "employment_rse_pct", "04": "wage_mean_usd", **PERCENTILES}
WAGES = list(PERCENTILES.values())
TOP_CODE = 239_200
TAIL_FLOOR, TAIL_CEILING = 0.85, 1.35
SHARES = np.array([0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0])
GROUP = ["level", "cluster_id", "sub_cluster_id", "basis"]


def read_figures(folder: Path) -> pd.DataFrame:
    """One row per area and detailed occupation; a top-coded wage is the least that it can be."""
    data = pd.read_csv(
        folder / "oe.data.0.Current",
        sep="\t",
        header=0,
        names=["series_id", "year", "period", "value", "footnote"],
        usecols=["series_id", "value", "footnote"],
        dtype=str,
    )
    data = data[data["series_id"].str[11:17] == "000000"]
    data = data.assign(datatype=data["series_id"].str[23:25].map(DATATYPES)).dropna(subset="datatype")
    data["area_code"] = data["series_id"].str[4:11]
    data["occupation_code"] = data["series_id"].str[17:23]
    data["value"] = pd.to_numeric(data["value"], errors="coerce")
    data["top_coded"] = data["footnote"].str.strip() == "5"
    keys = ["area_code", "occupation_code"]
    figures = data.pivot(index=keys, columns="datatype", values="value")
    top_coded = data.pivot(index=keys, columns="datatype", values="top_coded") == True  # noqa: E712
    figures["wage_mean_usd"] = figures["wage_mean_usd"].mask(top_coded["wage_mean_usd"], TOP_CODE)
    highest = pd.Series(TOP_CODE, index=figures.index, dtype=float)
    figures["top_coded_from_usd"] = np.nan
    for wage in WAGES:
        figures["top_coded_from_usd"] = figures["top_coded_from_usd"].fillna(highest.where(top_coded[wage]))
        figures[wage] = figures[wage].mask(top_coded[wage], highest)
        highest = np.fmax(highest, figures[wage])
    occupations = pd.read_csv(folder / "oe.occupation", sep="\t", dtype=str)
    detailed = occupations.loc[occupations["display_level"] == "3", "occupation_code"]
    figures = figures.reset_index()
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
    """Employment, mean wage, error and coverage of each area and group."""
    jobs = members["weight"] * members["employment"]
    national = members["weight"] * members["national_employment"]
    parts = members[["area_code", *GROUP]].assign(
        employment=jobs,
        error=(jobs * members["employment_rse_pct"]) ** 2,
        wages=jobs * members["wage_mean_usd"],
        wage_jobs=jobs.where(members["wage_mean_usd"].notna()),
        percentile_jobs=jobs.where(members[WAGES].notna().all(axis=1)),
        published=national.where(members["employment"].notna()),
    )
    sums = parts.groupby(["area_code", *GROUP]).sum(min_count=1).reset_index()
    defined = groups.assign(defined=groups["weight"] * groups["national_employment"])
    sums = sums.merge(defined.groupby(GROUP, as_index=False)["defined"].sum(), on=GROUP)
    return sums[["area_code", *GROUP]].assign(
        employment=sums["employment"],
        employment_rse_pct=np.sqrt(sums["error"]) / sums["employment"],
        wage_mean_usd=sums["wages"] / sums["wage_jobs"],
        coverage_pct=100 * sums["published"].fillna(0) / sums["defined"],
        wage_coverage_pct=100 * sums["percentile_jobs"].fillna(0) / sums["employment"],
    )


def pooled_wages(wages: np.ndarray, jobs: np.ndarray, top_coded_from: np.ndarray) -> np.ndarray:
    """The wages that 10 to 90 percent of a group's jobs lie below, from the sum of its occupations' distributions."""
    knots = np.log(np.column_stack([wages[:, 0] * TAIL_FLOOR, wages, wages[:, -1] * TAIL_CEILING]))
    # np.interp needs rising knots: a tiny distance between equal percentiles makes a step
    knots += np.arange(knots.shape[1]) * 1e-9
    grid = np.unique(knots)
    below = sum(job * np.interp(grid, knot, SHARES) for job, knot in zip(jobs, knots, strict=True))
    # slightly below the share: where no wage lies between two occupations, the lower one counts
    answers = np.exp(np.interp((SHARES[1:-1] - 1e-10) * jobs.sum(), below, grid))
    bound = np.fmin.reduce(top_coded_from)
    return np.where(answers >= bound - 0.005, bound, answers)


def with_wages(members: pd.DataFrame) -> pd.DataFrame:
    """Members with jobs and all percentiles, and `jobs`, their weighted employment."""
    members = members[(members["employment"] > 0) & members[WAGES].notna().all(axis=1)].reset_index(drop=True)
    return members.assign(jobs=members["weight"] * members["employment"])


def pool_by_apply(members: pd.DataFrame) -> pd.DataFrame:
    """Percentiles of each area and group, with a function applied to each group."""

    def pool(group: pd.DataFrame) -> pd.Series:
        wages = pooled_wages(group[WAGES].to_numpy(), group["jobs"].to_numpy(), group["top_coded_from_usd"].to_numpy())
        return pd.Series(wages, index=WAGES)

    grouped = with_wages(members).groupby(["area_code", *GROUP])
    return grouped[[*WAGES, "jobs", "top_coded_from_usd"]].apply(pool).reset_index()


def pool_by_arrays(members: pd.DataFrame) -> pd.DataFrame:
    """The same with NumPy arrays in the inner loop and the positions of each group in them."""
    members = with_wages(members)
    wages, jobs = members[WAGES].to_numpy(), members["jobs"].to_numpy()
    top_coded_from = members["top_coded_from_usd"].to_numpy()
    rows = [
        (*key, *pooled_wages(wages[at], jobs[at], top_coded_from[at]))
        for key, at in members.groupby(["area_code", *GROUP]).indices.items()
    ]
    return pd.DataFrame(rows, columns=["area_code", *GROUP, *WAGES])


POOLING = {"apply": pool_by_apply, "arrays": pool_by_arrays}


def main(pooling: str, folder: Path, allocation: Path, area: Path, target: Path) -> None:
    start = time.perf_counter()
    figures = read_figures(folder)
    parsed = time.perf_counter()
    nation = figures[figures["area_code"] == "0000000"].set_index("soc_code")["employment"]
    groups = read_groups(allocation)
    groups = groups[groups["soc_code"].isin(figures["soc_code"])]
    groups = groups.assign(national_employment=groups["soc_code"].map(nation))
    members = figures.merge(groups, on="soc_code")
    result = total(members, groups).merge(POOLING[pooling](members), on=["area_code", *GROUP], how="left")
    ids = pd.read_parquet(area, columns=["area_id", "area_code"]).set_index("area_code")["area_id"]
    result.insert(0, "area_id", result["area_code"].map(ids))
    result.drop(columns="area_code").to_parquet(target, index=False)
    print(f"parsing {parsed - start:.1f} s, pooling {time.perf_counter() - parsed:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))
