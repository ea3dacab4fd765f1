"""How far percentiles of groups lie from the publisher's, on groups whose own figures the estimate did not see."""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.estimation.arrays import Bools, Floats, Ints, ratio, sum_columns
from pipelines.estimation.members import Members
from pipelines.estimation.wages import Distributions, WageCells, distributions, percentiles


def halves(keys: Floats) -> Bools:
    """Half of each area's groups (A, G): those with the lower of the given random numbers (A, G)."""
    rank = np.argsort(np.argsort(keys, axis=1, kind="stable"), axis=1, kind="stable")
    chosen: Bools = rank < keys.shape[1] // 2
    return chosen


def held_out(cells: WageCells, left_out: Bools) -> Floats:
    """Errors in percent of P10 to P90 of the major groups that are left out (A, G), estimated without them (A, G, 5).

    The whole method runs without the percentiles of the groups left out: they enter neither the raking nor, by way of
    the templates, any other area. NaN for other groups and where the publisher gives no percentiles.
    """
    unseen = replace(cells, group_knots=np.where(left_out[:, :, None], np.nan, cells.group_knots))
    everyone = np.arange(len(cells.group))
    members = Members(everyone, cells.group, np.ones(len(everyone)), left_out.shape[1])
    errors = of_groups(distributions(unseen), cells.jobs, members, cells.group_knots)
    return np.where(left_out[:, :, None], errors, np.nan)


def published_pct(employment: Floats, has_wages: Bools, group: Ints, group_total: Floats) -> Floats:
    """What percent of each group's jobs stands in cells with published jobs and percentiles (A, G)."""
    jobs = np.where(has_wages, np.nan_to_num(employment), 0.0)
    return 100.0 * ratio(sum_columns(jobs, group, group_total.shape[1]), group_total)


@dataclass(frozen=True)
class Error:
    """Errors of one class of groups: their number, the median and the 90th percentile of the absolute error."""

    groups: int
    median_pct: float
    p90_pct: float


def summary(errors: Floats) -> Error:
    """Summarize errors in percent; NaN are left out."""
    absolute = np.abs(errors[~np.isnan(errors)])
    if not absolute.size:
        return Error(0, float("nan"), float("nan"))
    median, high = np.quantile(absolute, [0.5, 0.9])
    return Error(absolute.size, round(float(median), 4), round(float(high), 4))


def of_groups(found: Distributions, jobs: Floats, members: Members, published: Floats) -> Floats:
    """Errors in percent of groups' percentiles (A, K, 5) against published log percentiles (A, K, 5), NaN without."""
    return 100.0 * np.expm1(percentiles(found, jobs, members).log_wage - published)
