"""Staged tables to arrays and back: `core.occupation_estimate`, `core.wage_distribution`, `quality.interval_accuracy`.

Reads core.occupation_wage, reference.area, reference.oews_occupation and core.oews_industry_part as frames.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.errors import BadInputError
from pipelines.estimation.arrays import Floats, Ints, Words, log
from pipelines.estimation.distribution import LOWEST, PERCENTS, POINTS
from pipelines.estimation.interval import fit_constant, held
from pipelines.estimation.members import Members
from pipelines.estimation.trial import Keys, hide_and_estimate
from pipelines.estimation.wages import Distributions, WageCells, mean_wages, percentiles
from pipelines.estimation.withheld import Cells, Estimate, kinship

#: Tiers of areas: an area's parent is of the tier before.
TIERS = {"national": 0, "state": 1, "metro": 2, "nonmetro": 2}
#: Log wages are stored as whole steps of 0.01 percent above the lowest of the grid.
STORED_STEP = 1e-4
#: Lower ends of the coverage bands, in percent.
BANDS = (0.0, 50.0, 70.0, 85.0, 95.0)
FIT_SEED, PROOF_SEED = 1, 2
#: Area types in the order in which constants are fitted; the nation takes the states'.
FITTED = ("metro", "nonmetro", "state")


@dataclass(frozen=True)
class Oews:
    """OEWS as arrays: names of rows and columns, published figures, NaN where there are none."""

    areas: list[str]
    area_types: list[str]
    occupations: list[str]
    groups: list[str]
    parent: Ints
    group: Ints
    employment: Floats
    rse: Floats
    group_total: Floats
    total: Floats
    mean_usd: Floats
    knots: Floats
    bound: Floats
    group_knots: Floats
    total_knots: Floats
    staffing: Floats

    def cells(self) -> Cells:
        """Jobs for `withheld.estimate`."""
        return Cells(self.employment, self.group_total, self.total, self.parent, self.group)

    def wage_cells(self, estimate: Estimate) -> WageCells:
        """Wages for `wages.distributions`, with the estimated jobs."""
        return WageCells(
            estimate.employment,
            self.knots,
            self.bound,
            estimate.group_total,
            self.group_knots,
            self.total_knots,
            self.parent,
            np.array([TIERS[kind] for kind in self.area_types]),
            self.group,
        )

    def of_type(self, area_type: str) -> Ints:
        """Rows of the areas of a type."""
        return np.array([row for row, kind in enumerate(self.area_types) if kind == area_type], dtype=np.int64)

    def keys(self) -> Keys:
        """Words for random numbers, from the ids."""
        return Keys(_words(self.areas), _words(self.occupations))


def _words(names: Sequence[str]) -> Words:
    digests = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names]
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)


def _places(column: pl.Series, names: Sequence[str]) -> Ints:
    """The position of each value among the names."""
    place = {name: number for number, name in enumerate(names)}
    return np.array([place[value] for value in column], dtype=np.int64)


def _spread_out(rows: pl.DataFrame, columns: Sequence[str], at: tuple[Ints, ...], shape: tuple[int, ...]) -> Floats:
    """The columns of rows as an array (*shape, columns), NaN where there is no row or no value."""
    result = np.full((*shape, len(columns)), np.nan)
    result[at] = rows.select(pl.col(columns).cast(pl.Float64).fill_null(float("nan"))).to_numpy()
    return result


def _parents(areas: pl.DataFrame) -> Ints:
    """Rows of the areas' parents: the nation's for a state, the state's for an area, the nation's without its state."""
    place = {area: number for number, area in enumerate(areas["area_id"])}
    nation = [row for row, kind in enumerate(areas["area_type"]) if kind == "national"]
    if len(nation) != 1:
        raise BadInputError(
            source="oews", file="core.occupation_wage", problem="needs the nation once", value=len(nation)
        )
    parents = []
    for kind, state in areas.select("area_type", "state_id").iter_rows():
        tier = TIERS[kind]
        parents.append(-1 if tier == 0 else place.get(state, nation[0]) if tier == 2 else nation[0])
    return np.array(parents, dtype=np.int64)


def read_oews(wage: pl.DataFrame, area: pl.DataFrame, occupation: pl.DataFrame, industry: pl.DataFrame) -> Oews:
    """Arrays from core.occupation_wage, reference.area, reference.oews_occupation and core.oews_industry_part.

    Areas are the nation, states, metro and nonmetro areas, in the order of their ids. Minor and broad groups are left.
    Raises BadInputError when the nation is missing.
    """
    of_oews = area.filter(pl.col("area_type").is_in(list(TIERS)))
    areas = of_oews.join(wage.select("area_id").unique(), on="area_id", how="semi").sort("area_id")
    detail = occupation.filter(pl.col("occupation_group") == "detailed").sort("soc_code")
    names, codes = areas["area_id"].to_list(), detail["soc_code"].to_list()
    groups = detail["major_code"].unique().sort().to_list()
    wage = wage.filter(pl.col("area_id").is_in(names))
    known = [f"wage_p{percent}_usd" for percent in PERCENTS]

    def part(kind: str) -> pl.DataFrame:
        return wage.filter(pl.col("occupation_group") == kind)

    cell, major, total = part("detailed"), part("major"), part("total")
    at = (_places(cell["area_id"], names), _places(cell["soc_code"], codes))
    major_at = (_places(major["area_id"], names), _places(major["soc_code"], groups))
    figures = ["employment", "employment_rse_pct", "wage_mean_usd", "top_coded_from_usd"]
    cells = _spread_out(cell, [*figures, *known], at, (len(names), len(codes)))
    majors = _spread_out(major, ["employment", *known], major_at, (len(names), len(groups)))
    totals = _spread_out(total, ["employment", *known], (_places(total["area_id"], names),), (len(names),))
    return Oews(
        areas=names,
        area_types=areas["area_type"].to_list(),
        occupations=codes,
        groups=groups,
        parent=_parents(areas),
        group=_places(detail["major_code"], groups),
        employment=cells[..., 0],
        rse=cells[..., 1] / 100.0,
        group_total=majors[..., 0],
        total=totals[..., 0],
        mean_usd=cells[..., 2],
        knots=log(cells[..., 4:]),
        bound=np.where(np.isnan(cells[..., 3]), np.inf, log(cells[..., 3])),
        group_knots=log(majors[..., 1:]),
        total_knots=log(totals[..., 1:]),
        staffing=_staffing(industry, codes),
    )


def _staffing(industry: pl.DataFrame, codes: list[str]) -> Floats:
    """National jobs by occupation and industry (D, I) from core.oews_industry_part."""
    rows = industry.filter(pl.col("soc_code").is_in(codes) & (pl.col("employment") > 0))
    industries = rows["industry_code"].unique().sort().to_list()
    result = np.zeros((len(codes), len(industries)))
    result[_places(rows["soc_code"], codes), _places(rows["industry_code"], industries)] = rows["employment"].to_numpy()
    return result


def alike(oews: Oews) -> Floats:
    """The kinship of the occupations (D, D)."""
    return kinship(oews.staffing)


def members_of(frame: pl.DataFrame, oews: Oews, group_column: str) -> tuple[list[str], Members]:
    """Names of groups and their members from a frame of a group's name, soc_code and weight; weights add up."""
    rows = frame.filter(pl.col("soc_code").is_in(oews.occupations))
    rows = rows.group_by(group_column, "soc_code").agg(pl.col("weight").sum()).sort(group_column, "soc_code")
    names = rows[group_column].unique().sort().to_list()
    occupation = _places(rows["soc_code"], oews.occupations)
    weight = rows["weight"].to_numpy()
    return names, Members(occupation, _places(rows[group_column], names), weight, len(names))


def estimate_frame(oews: Oews, estimate: Estimate) -> pl.DataFrame:
    """core.occupation_estimate: a row for each cell with jobs, published or estimated.

    `employment_estimate` of a single modelled cell is not for publication: it stands in sums only.
    """
    means = mean_wages(oews.mean_usd, oews.wage_cells(estimate))
    area, occupation = np.nonzero((estimate.employment > 0) | ~estimate.is_modelled)
    return pl.DataFrame(
        {
            "area_id": pl.Series(oews.areas).gather(area),
            "soc_code": pl.Series(oews.occupations).gather(occupation),
            "employment_published": oews.employment[area, occupation],
            "employment_estimate": estimate.employment[area, occupation],
            "is_modelled": estimate.is_modelled[area, occupation],
            "employment_rse_pct": 100.0 * oews.rse[area, occupation],
            "wage_mean_estimate_usd": means.usd[area, occupation],
            "is_wage_mean_modelled": means.is_modelled[area, occupation],
        },
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def distribution_frame(oews: Oews, found: Distributions) -> pl.DataFrame:
    """core.wage_distribution: a row for each cell with a distribution, its points as whole steps of 0.01 percent.

    `log_wage_steps` has 29 numbers: wage = 5000 * exp(number / 10000) dollars a year at the shares of jobs in
    `distribution.POINTS`. From `top_coded_from_usd` on nothing is known.
    """
    steps = np.clip(np.rint((found.points - LOWEST) / STORED_STEP), 0, 2**16 - 1).astype(np.uint16)
    bound = np.where(np.isfinite(found.bound), np.round(np.exp(np.minimum(found.bound, 50.0)), 2), np.nan)
    return pl.DataFrame(
        {
            "area_id": pl.Series(oews.areas).gather(found.area),
            "soc_code": pl.Series(oews.occupations).gather(found.occupation),
            "is_modelled": found.is_modelled,
            "top_coded_from_usd": bound,
            "log_wage_steps": pl.Series(steps, dtype=pl.Array(pl.UInt16, len(POINTS))),
        },
    ).with_columns(pl.col("top_coded_from_usd").fill_nan(None))


def read_distributions(frame: pl.DataFrame, oews: Oews) -> Distributions:
    """core.wage_distribution back as arrays."""
    area, occupation = _places(frame["area_id"], oews.areas), _places(frame["soc_code"], oews.occupations)
    row = np.full(oews.employment.shape, -1, dtype=np.int64)
    row[area, occupation] = np.arange(len(area))
    steps = frame["log_wage_steps"].cast(pl.Array(pl.Float64, len(POINTS))).to_numpy()
    bound = log(frame["top_coded_from_usd"].fill_null(float("inf")).to_numpy())
    return Distributions(
        area, occupation, row, LOWEST + steps * STORED_STEP, bound, frame["is_modelled"].to_numpy().copy()
    )


def percentile_frame(
    oews: Oews, found: Distributions, estimate: Estimate, names: list[str], members: Members
) -> pl.DataFrame:
    """Percentiles of groups in areas, in dollars, with the jobs that they rest on; no row for a group without any."""
    read = percentiles(found, estimate.employment, members)
    area, group = np.nonzero(read.jobs > 0)
    wage = np.round(np.exp(read.log_wage[area, group]), 2)
    lower_bound = read.is_lower_bound()[area, group]
    columns: dict[str, object] = {
        "area_id": pl.Series(oews.areas).gather(area),
        "group_id": pl.Series(names).gather(group),
        "wage_employment": np.round(read.jobs[area, group], 4),
    }
    for number, percent in enumerate(PERCENTS):
        columns[f"wage_p{percent}_usd"] = wage[:, number]
        columns[f"wage_p{percent}_is_lower_bound"] = lower_bound[:, number]
    return pl.DataFrame(columns)


def interval_accuracy(
    oews: Oews, kin: Floats, first: Estimate, levels: Mapping[str, Members]
) -> tuple[dict[str, float], pl.DataFrame]:
    """The constant of the interval for each area type, and quality.interval_accuracy.

    Constants are fitted on the clusters (`levels["cluster"]`) of each type with one seed, a state's no lower than the
    metros' (few of its cells are withheld); shares that hold are measured for every level with another.
    """
    constants: dict[str, float] = {}
    rows: list[dict[str, object]] = []
    for area_type in FITTED:
        chosen = oews.of_type(area_type)
        if not chosen.size:
            continue
        fit, proof = (
            hide_and_estimate(oews.cells(), kin, oews.rse, first=first, rows=chosen, keys=oews.keys(), seed=seed)
            for seed in (FIT_SEED, PROOF_SEED)
        )
        fitted = fit.groups(levels["cluster"])
        own = fit_constant(fitted.estimate, fitted.truth, fitted.parts)
        constants[area_type] = max(own, constants.get("metro", 0.0)) if area_type == "state" else own
        for level, members in levels.items():
            outcome = proof.groups(members)
            band = np.digitize(outcome.coverage_pct, BANDS) - 1
            width = outcome.parts.half_width(constants[area_type])
            every = held(outcome.estimate, outcome.truth, width, np.zeros_like(band), 1)
            for number, one in enumerate([*every, *held(outcome.estimate, outcome.truth, width, band, len(BANDS))]):
                low = None if number == 0 else BANDS[number - 1]
                rows.append(
                    {
                        "area_type": area_type,
                        "level": level,
                        "coverage_from_pct": low,
                        "groups": one.groups,
                        "held_pct": one.held_pct,
                        "median_width_pct": one.median_width_pct,
                        "constant": constants[area_type],
                    }
                )
    constants["national"] = constants.get("state", 0.0)
    return constants, pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.col(pl.Float64).fill_nan(None))
