"""Prints how far the estimates lie from figures that they do not see: `python -m tests.benchmarks.estimation_accuracy
STAGING SEED ...`, from the staged tables of a run.

For each seed: jobs of clusters and sub-clusters where published cells are hidden, and percentiles of major groups that
are left out. Once: how often intervals hold, and percentiles of national minor and broad groups.
"""

import math
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.estimation import accuracy
from pipelines.estimation.accuracy_tables import FITTED, LEVELS, interval_accuracy
from pipelines.estimation.arrays import Floats, Ints, log, sum_columns
from pipelines.estimation.distribution import PERCENTS
from pipelines.estimation.hiding import uniform
from pipelines.estimation.members import Members
from pipelines.estimation.tables import Oews, alike, members_of, read_oews
from pipelines.estimation.trial import Trial, hide_and_estimate
from pipelines.estimation.wages import Distributions, before_raking, distributions
from pipelines.estimation.withheld import Estimate, estimate
from pipelines.tables import TableName, parquet_path

#: Classes of groups: area type, least percent published. Groups of one published occupation are left out.
CLASSES = (("state", 95.0), ("metro", 95.0), ("metro", 0.0), ("nonmetro", 0.0))


def _say_jobs(oews: Oews, kin: Floats, first: Estimate, levels: dict[str, Members], seed: int) -> None:
    trials: dict[str, Trial] = {}
    for together in FITTED:
        kinds = [oews.of_type(area_type) for area_type in together]
        found = hide_and_estimate(oews.cells(), kin, oews.rse, first=first, kinds=kinds, keys=oews.keys(), seed=seed)
        trials |= zip(together, found, strict=True)
    for area_type, trial in trials.items():
        cells = 100 * trial.is_hidden.sum() / (trial.truth > 0).sum()
        jobs = 100 * trial.truth[trial.is_hidden].sum() / trial.truth.sum()
        print(f"{area_type}, seed {seed}: {cells:.1f} % of cells hidden, {jobs:.2f} % of jobs")
        for level, members in levels.items():
            outcome = trial.groups(members)
            there = outcome.truth > 0
            error = 100 * (outcome.estimate[there] / outcome.truth[there] - 1)
            middle, high = np.quantile(np.abs(error), [0.5, 0.9])
            print(f"  {level:12} {error.size:6} groups, error {middle:.2f} / {high:.2f} %, bias {error.mean():+.2f} %")


def _say_percentiles(name: str, errors: Floats) -> None:
    summaries = [accuracy.summary(errors[..., number]) for number in range(len(PERCENTS))]
    text = "  ".join(
        f"P{percent} {found['median_abs_error_pct']:.2f}/{found['p90_abs_error_pct']:.2f}"
        for percent, found in zip(PERCENTS, summaries, strict=True)
    )
    print(f"  {name:14} {summaries[2]['groups']:5}  {text}")


def _say_groups_left_out(oews: Oews, first: Estimate, seed: int) -> None:
    cells = oews.wage_cells(first)
    keys = uniform(oews.keys().area, np.arange(len(oews.groups), dtype=np.uint64), seed)
    errors = accuracy.held_out(cells, accuracy.halves(keys))
    has_wages = ~np.asarray(np.isnan(oews.knots).any(axis=2))
    published = accuracy.published_pct(oews.employment, has_wages, oews.group, first.group_total)
    counted = (has_wages & (np.nan_to_num(oews.employment) > 0)).astype(np.float64)
    members = sum_columns(counted, oews.group, len(oews.groups))
    print(f"percentiles of groups left out, seed {seed}")
    for area_type, least in CLASSES:
        chosen = np.zeros(errors.shape[:2], dtype=bool)
        chosen[oews.of_type(area_type)] = True
        chosen &= (published >= least) & (members >= 2)
        _say_percentiles(f"{area_type} {least:.0f}", np.where(chosen[:, :, None], errors, np.nan))


def _say_nation(oews: Oews, wage: pl.DataFrame, first: Estimate, found: Distributions) -> None:
    nation: Ints = oews.of_type("national")
    only = replace(found, row=found.row[nation])
    for level, digits in (("minor", 4), ("broad", 6)):
        rows = wage.filter(
            (pl.col("occupation_group") == level) & (pl.col("area_id") == "US") & pl.col("has_percentiles")
        )
        inside = [[o for o, soc in enumerate(oews.occupations) if soc[:digits] == c[:digits]] for c in rows["soc_code"]]
        several = [number for number, occupations in enumerate(inside) if len(occupations) > 1]
        occupation = np.array([o for number in several for o in inside[number]])
        group = np.repeat(np.arange(len(several)), [len(inside[number]) for number in several])
        members = Members(occupation, group, np.ones(len(group)), len(several))
        published = log(rows[several].select(f"wage_p{p}_usd" for p in PERCENTS).to_numpy())[None]
        _say_percentiles(f"nation {level}", accuracy.of_groups(only, first.employment[nation], members, published))


def main(staging: Path, seeds: list[int]) -> None:
    """Print all measures."""

    names = ("core.occupation_wage", "core.oews_industry_part", "reference.area", "reference.oews_occupation")
    frames = {name: pl.read_parquet(parquet_path(staging, TableName.parse(name))) for name in names}
    oews, wage = read_oews(frames), frames["core.occupation_wage"]
    groups = pl.read_parquet(parquet_path(staging, TableName("core", "occupation_group"))).filter(
        (pl.col("scheme") == "national") & (pl.col("basis") == "unduplicated")
    )
    levels = {level: members_of(groups.filter(pl.col("level") == level), oews.occupations)[1] for level in LEVELS}
    began = time.process_time()
    kin = alike(oews)
    first = estimate(oews.cells(), kin)
    print(f"withheld cells: {time.process_time() - began:.1f} s")
    began = time.process_time()
    found = distributions(before_raking(oews.wage_cells(first)))
    print(f"wage distributions: {time.process_time() - began:.1f} s")
    _say_nation(oews, wage, first, found)
    frame = interval_accuracy(oews, kin, first, levels, usual=math.nan)
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_formatting="ASCII_MARKDOWN"):
        print(frame)
    for seed in seeds:
        _say_jobs(oews, kin, first, levels, seed)
    for seed in seeds:
        _say_groups_left_out(oews, first, seed)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(seed) for seed in sys.argv[2:]])
