"""Where no job changes, no cluster has a change, whatever a new NAICS edition calls its industries."""

import random
from collections import defaultdict

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from qcew_inputs import raw_tree
from sql_inputs import Row

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.paths import REFERENCE
from pipelines.tables import TableName
from pipelines.warehouse import parts

HOMES = read_csv(contracts()[TableName("seed", "naics_home")], REFERENCE)
CHANGES = read_csv(contracts()[TableName("seed", "naics_change")], REFERENCE)
#: Industries that kept their code, in many clusters.
KEPT = ("111150", "236115", "332710", "484121", "522110", "541511", "611110", "622110", "713940", "722511", "922120")


def two_years(change: int, seed: int) -> list[Row]:
    """Rows of raw.qcew for the years before and after a change of edition: each old industry's jobs are shared out
    among the industries that it became, as chance will have it, and none is gained or lost.
    """
    chance = random.Random(seed)
    before = {code: chance.randrange(20_000, 60_000) for code in KEPT}
    after: dict[str, int] = defaultdict(int, before)
    links = CHANGES.filter(first_year=change).group_by("naics_code_before", maintain_order=True).agg("naics_code")
    for old, became in links.iter_rows():
        jobs = before[old] = before.get(old, 0) + (given := chance.randrange(0, 900))
        assert jobs >= given
        for _ in range(given):
            after[chance.choice(became)] += 1
    assert sum(before.values()) == sum(after.values())
    return raw_tree(before, year=change - 1) + raw_tree(after, year=change)


def cells(raw: list[Row]) -> list[Row]:
    bounded = [{**row, "employment_low": row["employment"], "employment_high": row["employment"]} for row in raw]
    return [row for row in bounded if row["own_code"] != "0"]


def indicators(run_sql, run_indicators, rows: list[Row]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """marts.industry_indicators of rows of raw.qcew without withheld cells, and core.industry_joined."""
    raw = {"raw.qcew": rows}
    changes = {"seed.naics_change": CHANGES}
    homes = {"core.industry_home": run_sql("core.industry_home", {**raw, **changes, "seed.naics_home": HOMES})}
    links = {"core.naics_link": run_sql("core.naics_link", {**changes, **homes})}
    joined = {"core.industry_joined": run_sql("core.industry_joined", {**links, **homes})}
    editions = {"core.naics_edition": run_sql("core.naics_edition", {**raw, **changes})}
    counted = {"core.qcew_cell": cells(raw["raw.qcew"]), "core.qcew_region_cell": [], "core.qcew_fill": []}
    tied = {
        "core.industry_tied_jobs": run_sql("core.industry_tied_jobs", {**counted, **joined, **editions}),
        "core.qcew_industry": run_sql("core.qcew_industry", {**raw, **homes}),
    }
    return run_indicators({**counted, **joined, **editions, **tied}), joined["core.industry_joined"]


@pytest.mark.parametrize(("change", "seed"), [(2007, 1), (2011, 2), (2017, 3), (2022, 4), (2022, 5)])
def test_where_no_job_changes_no_cluster_does(run_sql, run_indicators, change: int, seed: int) -> None:
    every_year, joined = indicators(run_sql, run_indicators, two_years(change, seed))
    found = every_year.filter(year=change)
    given = found.filter(employment_change_status="ok")
    assert given["employment_change_pct"].unique().to_list() == [0.0]
    # the change is missing only where the edition moves industries of the cluster
    broken = found.filter(employment_change_status="not_comparable").select("cluster_id", "sub_cluster_id").unique()
    moved = joined.filter(first_year=change).select("cluster_id", "sub_cluster_id").unique()
    assert broken.join(moved, on=["cluster_id", "sub_cluster_id"], how="anti").is_empty()
    assert given.height > found.height / 2


def test_growth_is_the_same_when_each_year_is_made_by_itself(run_sql, run_indicators, monkeypatch) -> None:
    chance = random.Random(6)
    years = [year for year in range(2014, 2024) if year not in (2016, 2017, 2021, 2022)]
    kept = [row for year in years for row in raw_tree({code: chance.randrange(100, 900) for code in KEPT}, year=year)]
    rows = [*two_years(2017, 7), *two_years(2022, 8), *kept]
    whole, _ = indicators(run_sql, run_indicators, rows)
    monkeypatch.setattr(parts, "PART_ROWS", 1)
    by_year, _ = indicators(run_sql, run_indicators, rows)
    assert_frame_equal(by_year, whole)
    for status in ("employment_change_status", "employment_cagr_5yr_status"):
        assert {"ok", "not_comparable", "not_in_vintage"} <= set(whole[status])
