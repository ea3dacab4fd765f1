"""Staged tables to arrays and back: `core.occupation_estimate`, `core.wage_distribution`, `core.group_percentile`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.errors import BadInputError
from pipelines.estimation.arrays import Bools, Floats, Ints, in_blocks, log
from pipelines.estimation.distribution import LOWEST, PERCENTS, POINTS
from pipelines.estimation.hiding import words
from pipelines.estimation.members import Members
from pipelines.estimation.scale import LINES, Scale
from pipelines.estimation.trial import Keys
from pipelines.estimation.wages import (
    Distributions,
    Percentiles,
    Pool,
    WageCells,
    before_raking,
    distributions,
    mean_wages,
    percentiles,
)
from pipelines.estimation.withheld import Cells, Estimate, estimate, kinship

#: Staged tables by name.
Frames = Mapping[str, pl.DataFrame]

#: Log of a wage above all others, in the place of no bound.
NO_BOUND = 50.0
#: Tiers of areas: an area's parent is of the tier before.
TIERS = {"national": 0, "state": 1, "metro": 2, "nonmetro": 2}
#: Log wages are stored as whole steps of 0.01 percent above the lowest of the grid.
STORED_STEP = 1e-4


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
    is_mean_top_coded: Bools
    group_mean_usd: Floats
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
        return Keys(words(self.areas), words(self.occupations))


def _places(column: pl.Series, names: Sequence[str]) -> Ints:
    """The position of each value among the names; polars raises InvalidOperationError for one that is not there."""
    places = column.replace_strict(names, range(len(names)), return_dtype=pl.Int64)
    return places.to_numpy().astype(np.int64, copy=False)


def _spread_out(rows: pl.DataFrame, columns: Sequence[str], at: tuple[Ints, ...], shape: tuple[int, ...]) -> Floats:
    """The columns of rows as an array (*shape, columns), NaN where there is no row or no value."""
    result = np.full((*shape, len(columns)), np.nan)
    result[at] = rows.select(pl.col(columns).cast(pl.Float64).fill_null(float("nan"))).to_numpy()
    return result


def _top_coded(rows: pl.DataFrame, at: tuple[Ints, ...], shape: tuple[int, ...]) -> Bools:
    """Where the mean wage is top-coded."""
    result = np.zeros(shape, dtype=bool)
    result[at] = (rows["wage_mean_status"] == "top_coded").to_numpy()
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


def read_oews(frames: Frames) -> Oews:
    """Arrays from core.occupation_wage, reference.area, reference.oews_occupation and core.oews_industry_part.

    Areas are the nation, states, metro and nonmetro areas, in the order of their ids. Minor and broad groups are left.
    Raises BadInputError when the nation is missing.
    """
    wage, area = frames["core.occupation_wage"], frames["reference.area"]
    occupation = frames["reference.oews_occupation"]
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
    majors = _spread_out(major, ["employment", "wage_mean_usd", *known], major_at, (len(names), len(groups)))
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
        is_mean_top_coded=_top_coded(cell, at, (len(names), len(codes))),
        group_mean_usd=np.where(_top_coded(major, major_at, (len(names), len(groups))), np.nan, majors[..., 1]),
        group_knots=log(majors[..., 2:]),
        total_knots=log(totals[..., 1:]),
        staffing=_staffing(frames["core.oews_industry_part"], codes),
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


def members_of(groups: pl.DataFrame, occupations: Sequence[str]) -> tuple[list[str], Members]:
    """Names of groups and their members among the occupations, from rows of core.occupation_group of one scheme."""
    rows = groups.filter(pl.col("soc_code").is_in(occupations)).sort("group_id", "soc_code")
    names = rows["group_id"].unique().sort().to_list()
    occupation = _places(rows["soc_code"], occupations)
    return names, Members(occupation, _places(rows["group_id"], names), rows["weight"].to_numpy(), len(names))


def estimate_frame(oews: Oews, estimate: Estimate) -> pl.DataFrame:
    """core.occupation_estimate: a row for each cell with jobs, published or estimated.

    `employment_estimate` of a single modelled cell is not for publication: it stands in sums only.
    """
    means = mean_wages(oews.mean_usd, oews.is_mean_top_coded, oews.wage_cells(estimate))
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
            "is_wage_mean_lower_bound": means.is_lower_bound[area, occupation],
        },
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


def _stored(log_wage: Floats) -> NDArray[np.uint16]:
    """Log wages as whole steps of 0.01 percent above the lowest."""
    return np.clip(np.rint((log_wage - LOWEST) / STORED_STEP), 0, 2**16 - 1).astype(np.uint16)


def distribution_frame(oews: Oews, found: Distributions) -> pl.DataFrame:
    """core.wage_distribution: a row for each cell with a distribution, its points as whole steps of 0.01 percent.

    `log_wage_steps` has 29 numbers: wage = 5000 * exp(number / 10000) dollars a year at the shares of jobs in
    `distribution.POINTS`. From `top_coded_from_usd` on nothing is known.
    """
    bound = found.scale.back(found.bound)
    steps = np.concatenate([_stored(found.scale.back(points)) for points in in_blocks(found.points)])
    bound = np.where(np.isfinite(bound), np.round(np.exp(np.minimum(bound, NO_BOUND)), 2), np.nan)
    return pl.DataFrame(
        {
            "area_id": pl.Series(oews.areas).gather(found.area),
            "soc_code": pl.Series(oews.occupations).gather(found.occupation),
            "is_modelled": found.is_modelled,
            "top_coded_from_usd": bound,
            "log_wage_steps": pl.Series(steps, dtype=pl.Array(pl.UInt16, len(POINTS))),
        },
    ).with_columns(pl.col("top_coded_from_usd").fill_nan(None))


def scale_frame(scale: Scale) -> pl.DataFrame:
    """core.wage_scale: where each log wage of a step of 1 percent stands on the scale, as wages of that log."""
    return pl.DataFrame({"wage_line": np.arange(len(LINES)), "wage_scale": scale.at})


def read_distributions(frames: Frames, areas: Sequence[str], occupations: Sequence[str]) -> Distributions:
    """core.wage_distribution back as arrays, on the scale of core.wage_scale."""
    frame = frames["core.wage_distribution"]
    scale = Scale(frames["core.wage_scale"].sort("wage_line")["wage_scale"].to_numpy())
    area, occupation = _places(frame["area_id"], areas), _places(frame["soc_code"], occupations)
    row = np.full((len(areas), len(occupations)), -1, dtype=np.int64)
    row[area, occupation] = np.arange(len(area))
    steps = frame["log_wage_steps"].to_numpy()
    place = scale.to(LOWEST + STORED_STEP * np.arange(2**16, dtype=np.float64))
    bound = log(frame["top_coded_from_usd"].fill_null(float("inf")).to_numpy())
    is_modelled = frame["is_modelled"].to_numpy().copy()
    return Distributions(area, occupation, row, place[steps], scale.to(bound), is_modelled, scale)


def make_estimates(frames: Frames) -> dict[str, pl.DataFrame]:
    """core.occupation_estimate, core.wage_distribution and core.wage_scale."""
    oews = read_oews(frames)
    found = estimate(oews.cells(), alike(oews))
    shapes = distributions(before_raking(oews.wage_cells(found)))
    return {
        "core.occupation_estimate": estimate_frame(oews, found),
        "core.wage_distribution": distribution_frame(oews, shapes),
        "core.wage_scale": scale_frame(shapes.scale),
    }


def _percentile_frame(areas: Sequence[str], names: Sequence[str], read: Percentiles) -> pl.DataFrame:
    """Rows of core.group_percentile; none for a group without jobs."""
    area, group = np.nonzero(read.jobs > 0)
    bound = np.exp(np.minimum(read.bound[area, group], NO_BOUND))
    columns: dict[str, object] = {
        "area_id": pl.Series(areas).gather(area),
        "group_id": pl.Series(names).gather(group),
        "wage_employment": np.round(read.jobs[area, group], 4),
    }
    wage = np.round(np.exp(read.log_wage[area, group]), 2)
    columns |= {f"wage_p{percent}_usd": wage[:, number] for number, percent in enumerate(PERCENTS)}
    columns["top_coded_from_usd"] = np.where(np.isfinite(read.bound[area, group]), np.round(bound, 2), np.nan)
    return pl.DataFrame(columns).with_columns(pl.col("top_coded_from_usd").fill_nan(None))


def spread_jobs(jobs: pl.DataFrame, areas: Sequence[str], occupations: Sequence[str]) -> tuple[Floats, Floats]:
    """Published and estimated jobs (A, D) from rows of core.occupation_estimate, 0 where there are none."""
    at = _places(jobs["area_id"], areas), _places(jobs["soc_code"], occupations)
    known = _spread_out(jobs, ["employment_published", "employment_estimate"], at, (len(areas), len(occupations)))
    return np.nan_to_num(known[..., 0]), np.nan_to_num(known[..., 1])


def make_percentiles(frames: Frames) -> dict[str, pl.DataFrame]:
    """core.group_percentile: percentiles of every group of occupations in every area that has a scheme.

    A single occupation (in regions, which are pooled from several areas) rests on published cells only.
    """
    jobs = frames["core.occupation_estimate"].sort("area_id", "soc_code")
    areas, occupations = (jobs[name].unique().sort().to_list() for name in ("area_id", "soc_code"))
    published, estimated = spread_jobs(jobs, areas, occupations)
    found = read_distributions(frames, areas, occupations)
    own = (found.row >= 0) & ~found.is_modelled[found.row]
    groups = frames["core.occupation_group"]
    parts = frames["core.area_part"].filter(pl.col("part_area_id").is_in(areas))
    parts = parts.join(frames["core.area_group_scheme"], on="area_id").sort("area_id", "part_area_id")
    made = []
    for scheme in parts["scheme"].unique().sort():
        of_scheme = parts.filter(pl.col("scheme") == scheme)
        pooled = of_scheme["area_id"].unique().sort().to_list()
        part, share = _places(of_scheme["part_area_id"], areas), of_scheme["share"].to_numpy()
        pool = _places(of_scheme["area_id"], pooled)
        pools = [Pool(part[pool == number], share[pool == number]) for number in range(len(pooled))]
        is_occupation = pl.col("level") == "occupation"
        for level, cells in ((~is_occupation, estimated), (is_occupation, np.where(own, published, 0.0))):
            names, members = members_of(groups.filter((pl.col("scheme") == scheme) & level), occupations)
            made.append(_percentile_frame(pooled, names, percentiles(found, cells, members, pools)))
    return {"core.group_percentile": pl.concat(made).sort("area_id", "group_id")}
