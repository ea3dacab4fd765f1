"""How far percentiles of groups lie from the publisher's, on groups whose own figures the estimate did not see."""

import numpy as np

from pipelines.estimation.arrays import Bools, Floats, Ints, log, ratio, sum_columns
from pipelines.estimation.members import Members
from pipelines.estimation.wages import (
    Distributions,
    WageCells,
    before_raking,
    distributions,
    each_area,
    percentiles,
    without,
)


def halves(keys: Floats) -> Bools:
    """Half of each area's groups (A, G): those with the lower of the given random numbers (A, G)."""
    rank = np.argsort(np.argsort(keys, axis=1, kind="stable"), axis=1, kind="stable")
    chosen: Bools = rank < keys.shape[1] // 2
    return chosen


def held_out(cells: WageCells, left_out: Bools) -> Floats:
    """Errors in percent of P10 to P90 of the major groups left out (A, G), estimated without them (A, G, 5).

    The whole method runs again without their percentiles: these enter neither the raking nor, by way of the parents,
    any other area. NaN where the publisher gives no percentiles, and for the groups that are not left out.
    """
    everyone = np.arange(len(cells.group))
    members = Members(everyone, cells.group, np.ones(len(everyone)), left_out.shape[1])
    jobs = np.where(left_out[:, cells.group], cells.jobs, 0.0)
    return of_groups(distributions(without(before_raking(cells), left_out)), jobs, members, cells.group_knots)


def published_pct(employment: Floats, has_wages: Bools, group: Ints, group_total: Floats) -> Floats:
    """What percent of each group's jobs stands in cells with published jobs and percentiles (A, G)."""
    jobs = np.where(has_wages, np.nan_to_num(employment), 0.0)
    return 100.0 * ratio(sum_columns(jobs, group, group_total.shape[1]), group_total)


def averages(jobs: Floats, knots: Floats, group: Ints, groups: int) -> Floats:
    """Log of the average percentiles of each group's occupations weighted by jobs (A, G, 5), NaN without any.

    This is what pooling is measured against: `jobs` (A, D), `knots` (A, D, 5) in log dollars, NaN where not published.
    """
    has: Bools = ~np.asarray(np.isnan(knots).any(axis=2))
    weight = np.where(has, np.nan_to_num(jobs), 0.0)
    total = sum_columns(weight, group, groups)
    usd = np.where(has[:, :, None], np.exp(knots), 0.0)
    sums = np.stack([sum_columns(weight * usd[:, :, p], group, groups) for p in range(knots.shape[2])], axis=2)
    average: Floats = np.where(total[:, :, None] > 0, sums, np.nan) / np.where(total > 0, total, 1.0)[:, :, None]
    return log(average)


def summary(errors: Floats) -> dict[str, float | int]:
    """Errors in percent summarized, NaN left out: groups, median, mean, 90th percentile and largest size, and bias."""
    found = errors[~np.isnan(errors)]
    size = np.abs(found)
    if not size.size:
        return {"groups": 0}
    median, high = np.quantile(size, [0.5, 0.9])
    measures = {
        "median_abs_error_pct": median,
        "mean_abs_error_pct": size.mean(),
        "p90_abs_error_pct": high,
        "max_abs_error_pct": size.max(),
        "bias_pct": found.mean(),
    }
    return {"groups": size.size, **{name: round(float(value), 4) for name, value in measures.items()}}


def of_groups(found: Distributions, jobs: Floats, members: Members, published: Floats) -> Floats:
    """Errors in percent of groups' percentiles (A, K, 5) against published log percentiles (A, K, 5), NaN without."""
    return 100.0 * np.expm1(percentiles(found, jobs, members, each_area(len(jobs))).log_wage - published)
