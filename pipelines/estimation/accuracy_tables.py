"""`core.interval_constant`, `core.oews_interval_accuracy`, `quality.method_accuracy`: estimates against the publisher.

Jobs: published cells are hidden by the publisher's own pattern and estimated again. The constants of the intervals are
fitted on cells that one seed hides; how far estimates lie and how often intervals hold is measured on another's.

Wages: percentiles of half of each area's major groups, estimated without these groups' published percentiles; and those
of the nation's minor and broad groups, which never enter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl

from pipelines.estimation import accuracy
from pipelines.estimation.arrays import Bools, Floats, Ints, log, ratio, sum_columns
from pipelines.estimation.distribution import PERCENTS
from pipelines.estimation.hiding import uniform
from pipelines.estimation.interval import fit_constant, fitted_on, held
from pipelines.estimation.members import Members
from pipelines.estimation.tables import (
    Frames,
    Oews,
    alike,
    members_of,
    read_distributions,
    read_oews,
    spread_jobs,
)
from pipelines.estimation.trial import Outcome, Trial, hide_and_estimate
from pipelines.estimation.wages import Distributions, mean_wages
from pipelines.estimation.withheld import Estimate, estimated

#: Lower ends of the coverage bands, in percent.
BANDS = (0.0, 50.0, 70.0, 85.0, 95.0)
FIT_SEED, PROOF_SEED = 1, 2
#: Area types in the order in which constants are fitted, those together that lose cells together.
FITTED = (("metro", "nonmetro"), ("state",))
#: Groups from which on a constant is fitted; with fewer it is the usual one.
FEWEST_FITTED = 100
LEVELS = ("cluster", "sub_cluster")
#: Digits of the codes of the nation's hold-out groups.
HOLD_OUT = {"minor group": ("minor", 4), "broad group": ("broad", 6)}

#: Columns of quality.method_accuracy, which may have no rows.
KEYS = ("area_type", "grouping", "coverage_band", "statistic", "method")
MEASURES = ("median_abs_error_pct", "mean_abs_error_pct", "p90_abs_error_pct", "max_abs_error_pct", "bias_pct")
WAGE_SCHEMA = {**dict.fromkeys(KEYS, pl.String), "groups": pl.Int64, **dict.fromkeys(MEASURES, pl.Float64)}

#: Names of the bands: all, and from each lower end to the next.
EVERY = "all"
BAND_NAMES = [f"{low:.0f}_to_{high:.0f}" for low, high in pairwise((*BANDS, 100.0))]


def _bands(coverage_pct: Floats) -> Iterator[tuple[str, Bools]]:
    """Each band's name and which groups are in it; all groups first."""
    band = np.digitize(coverage_pct, BANDS) - 1
    yield EVERY, np.ones(band.shape, dtype=bool)
    for number, name in enumerate(BAND_NAMES):
        yield name, band == number


def _errors_of_jobs(outcome: Outcome, chosen: Bools) -> dict[str, float | None]:
    """Errors of jobs in percent of the truth; the error of all jobs together in percent of all jobs."""
    counted = chosen & (outcome.truth > 0)
    truth, estimate_ = outcome.truth[counted], outcome.estimate[counted]
    if not truth.size:
        return dict.fromkeys(("median_error_pct", "p90_error_pct", "bias_pct", "weighted_error_pct"))
    error = 100.0 * (estimate_ / truth - 1.0)
    median, high = np.quantile(np.abs(error), [0.5, 0.9])
    measures = {
        "median_error_pct": median,
        "p90_error_pct": high,
        "bias_pct": error.mean(),
        "weighted_error_pct": 100.0 * np.abs(estimate_ - truth).sum() / truth.sum(),
    }
    return {name: round(float(value), 4) for name, value in measures.items()}


def _trials(oews: Oews, first: Estimate, seed: int) -> Iterator[tuple[str, Trial]]:
    """A trial for each type of area that constants are fitted for, in the order of `FITTED`."""
    kin = alike(oews)
    for together in FITTED:
        kinds = {area_type: oews.of_type(area_type) for area_type in together if oews.of_type(area_type).size}
        if kinds:
            found = hide_and_estimate(
                oews.cells(), kin, oews.rse, first=first, kinds=list(kinds.values()), keys=oews.keys(), seed=seed
            )
            yield from zip(kinds, found, strict=True)


def interval_constants(oews: Oews, first: Estimate, clusters: Members, usual: float) -> dict[str, float]:
    """The constant of the intervals of each area type, fitted on its clusters.

    A state's is no lower than the metros', for few of its cells are withheld; the nation takes the states'. With too
    few groups of less than 95 percent published, the constant is `usual`.
    """
    constants: dict[str, float] = {}
    for area_type, fit in _trials(oews, first, FIT_SEED):
        own = _fitted(fit.groups(clusters), usual)
        constants[area_type] = max(own, constants.get("metro", 0.0)) if area_type == "state" else own
    if "state" in constants:
        constants["national"] = constants["state"]
    return constants


def interval_accuracy(
    oews: Oews, first: Estimate, levels: Mapping[str, Members], constants: Mapping[str, float]
) -> pl.DataFrame:
    """core.oews_interval_accuracy: by area type, level and coverage band, errors of jobs and intervals that hold."""
    rows: list[dict[str, object]] = []
    for area_type, proof in _trials(oews, first, PROOF_SEED):
        for level, members in levels.items():
            of_level = {"source": "oews", "area_type": area_type, "level": level}
            rows += [{**of_level, **row} for row in _held_rows(proof.groups(members), constants[area_type])]
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.col(pl.Float64).fill_nan(None))


def _fitted(outcome: Outcome, usual: float) -> float:
    """The constant fitted on the groups of which something is estimated; `usual` where these are few."""
    counted = fitted_on(outcome.truth, outcome.parts, outcome.coverage_pct)
    if counted.sum() < FEWEST_FITTED:
        return usual
    return fit_constant(outcome.estimate, outcome.truth, outcome.parts, counted)


def _held_rows(outcome: Outcome, constant: float) -> Iterator[dict[str, object]]:
    """By coverage band: how often intervals hold, how wide they are, and how far the jobs lie."""
    width = outcome.parts.half_width(constant)
    for band, chosen in _bands(outcome.coverage_pct):
        [one] = held(outcome.estimate, outcome.truth, width, np.where(chosen, 0, -1), 1)
        yield {
            "coverage_band": band,
            "groups": one.groups,
            "held_pct": one.held_pct,
            "median_width_pct": one.median_width_pct,
            "interval_constant": constant,
            **_errors_of_jobs(outcome, chosen),
        }


PERCENTILES = [f"p{percent}" for percent in PERCENTS]


def _error_rows(statistics: Sequence[str], errors: Floats, method: str, **key: object) -> list[dict[str, object]]:
    """A row for each statistic from the errors in percent (..., statistics), NaN where there is none."""
    found = [(name, accuracy.summary(errors[..., number])) for number, name in enumerate(statistics)]
    return [{**key, "statistic": name, "method": method, **measures} for name, measures in found if measures["groups"]]


def _mean_errors(oews: Oews, first: Estimate) -> Floats:
    """Errors in percent of the major groups' mean wages (A, G) from all occupations' means, estimated ones too."""
    usd = mean_wages(oews.mean_usd, oews.is_mean_top_coded, oews.wage_cells(first)).usd
    jobs = np.where(np.isnan(usd), 0.0, first.employment)
    groups = len(oews.groups)
    pooled = ratio(sum_columns(jobs * np.nan_to_num(usd), oews.group, groups), sum_columns(jobs, oews.group, groups))
    return 100.0 * (np.where(pooled > 0, pooled, np.nan) / oews.group_mean_usd - 1.0)


def _of_major_groups(oews: Oews, first: Estimate) -> list[dict[str, object]]:
    cells = oews.wage_cells(first)
    number = uniform(oews.keys().area, np.arange(len(oews.groups), dtype=np.uint64), PROOF_SEED)
    half = accuracy.halves(number)
    pooled = accuracy.held_out(cells, half)
    average = accuracy.averages(oews.employment, oews.knots, oews.group, len(oews.groups))
    by_method = {"pooled": pooled, "average_of_medians": 100.0 * np.expm1(average - cells.group_knots)}
    mean_errors = _mean_errors(oews, first)
    has_wages: Bools = ~np.asarray(np.isnan(oews.knots).any(axis=2))
    published = accuracy.published_pct(oews.employment, has_wages, oews.group, first.group_total)
    counted = (has_wages & (np.nan_to_num(oews.employment) > 0)).astype(np.float64)
    # a group of one published occupation tests nothing
    several = sum_columns(counted, oews.group, len(oews.groups)) >= 2
    rows = []
    for area_type in dict.fromkeys(oews.area_types):
        of_type = np.zeros(half.shape, dtype=bool)
        of_type[oews.of_type(area_type)] = True
        for band, inside in _bands(published):
            key = {"area_type": area_type, "grouping": "major group", "coverage_band": band}
            for method, errors in by_method.items():
                chosen = np.where((of_type & several & inside)[:, :, None], errors, np.nan)
                rows += _error_rows(PERCENTILES, chosen, method, **key)
            means = np.where(of_type & several & inside, mean_errors, np.nan)
            rows += _error_rows(["mean"], means[:, :, None], "pooled", **key)
    return rows


def _of_the_nation(oews: Oews, wage: pl.DataFrame, first: Estimate, found: Distributions) -> list[dict[str, object]]:
    nation: Ints = oews.of_type("national")
    only = replace(found, row=found.row[nation])
    rows: list[dict[str, object]] = []
    for grouping, (level, digits) in HOLD_OUT.items():
        is_level = (pl.col("occupation_group") == level) & (pl.col("area_id") == "US") & pl.col("has_percentiles")
        of_level = wage.filter(is_level).sort("soc_code")
        codes = of_level["soc_code"].str.slice(0, digits)
        inside = [[place for place, soc in enumerate(oews.occupations) if soc[:digits] == code] for code in codes]
        several = [place for place, occupations in enumerate(inside) if len(occupations) > 1]
        if not several:
            continue
        occupation = np.array([one for place in several for one in inside[place]])
        group = np.repeat(np.arange(len(several)), [len(inside[place]) for place in several])
        members = Members(occupation, group, np.ones(len(group)), len(several))
        published = log(of_level[several].select(f"wage_p{p}_usd" for p in PERCENTS).to_numpy())[None]
        errors = accuracy.of_groups(only, first.employment[nation], members, published)
        key = {"area_type": "national", "grouping": grouping, "coverage_band": EVERY}
        rows += _error_rows(PERCENTILES, errors, "pooled", **key)
    return rows


def _known(frames: Frames) -> tuple[Oews, Estimate, dict[str, Members]]:
    """The areas' cells, their estimate of core.occupation_estimate, and the nation's groups by level."""
    oews = read_oews(frames)
    _, jobs = spread_jobs(frames["core.occupation_estimate"], oews.areas, oews.occupations)
    groups = frames["core.occupation_group"].filter(
        (pl.col("scheme") == "national") & (pl.col("basis") == "unduplicated")
    )
    levels = {level: members_of(groups.filter(pl.col("level") == level), oews.occupations)[1] for level in LEVELS}
    return oews, estimated(oews.cells(), jobs), levels


def make_constants(frames: Frames) -> dict[str, pl.DataFrame]:
    """core.interval_constant."""
    oews, first, levels = _known(frames)
    parameter = frames["reference.method_parameter"].filter(pl.col("parameter") == "interval_constant")
    constants = interval_constants(oews, first, levels["cluster"], float(parameter["value"].item()))
    columns = {"area_type": list(constants), "interval_constant": list(constants.values())}
    return {"core.interval_constant": pl.DataFrame(columns).sort("area_type")}


def make_accuracy(frames: Frames) -> dict[str, pl.DataFrame]:
    """core.oews_interval_accuracy and quality.method_accuracy."""
    oews, first, levels = _known(frames)
    constants = dict(frames["core.interval_constant"].select("area_type", "interval_constant").iter_rows())
    found = read_distributions(frames, oews.areas, oews.occupations)
    wages = [*_of_major_groups(oews, first), *_of_the_nation(oews, frames["core.occupation_wage"], first, found)]
    return {
        "core.oews_interval_accuracy": interval_accuracy(oews, first, levels, constants),
        "quality.method_accuracy": pl.DataFrame(wages, schema=WAGE_SCHEMA),
    }
