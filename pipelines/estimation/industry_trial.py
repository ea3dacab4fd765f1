"""How far estimates of withheld QCEW cells lie from figures that are known: `core.qcew_fill_accuracy`.

The publisher withholds cells by their establishments and size, and then others, so that no cell is what its siblings
leave of a total. Published cells are hidden alike, and filled again:

1. with the share that is withheld among cells of their owner, depth, establishments and expected jobs (establishments
   times jobs per establishment elsewhere), drawn to the share without expected jobs with the weight of 5 cells;
2. from the finest industries up: where one cell alone is hidden or withheld below a published one, the smallest
   published cell beside it is hidden, or, if there is none, the one above.

Numbers hashed from the ids of area, owner and industry decide, so the same cells are hidden in every run. Errors are
those of the newest year. Limits: cells hidden in an area leave those of its parent as published; a hidden cell is never
empty, which some withheld ones are; that one employer dominates, for which cells are withheld, shows in nothing that is
published.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.estimation.accuracy_tables import BAND_NAMES, BANDS, EVERY
from pipelines.estimation.arrays import Bools, Floats, Ints, ratio, sum_by
from pipelines.estimation.hiding import HIGHEST, SHRINKAGE, SIZES, uniform, words
from pipelines.estimation.industry import Cells, bounds, rates
from pipelines.estimation.industry_tables import OWNERS, Group, Industries, filled_groups, read_industries

#: Lower ends of the classes of establishments.
ESTABLISHMENTS = np.array([0.5, 1.5, 2.5, 3.5, 5.5, 8.5, 12.5, 20.5, 40.5, 100.5])
#: Cells are hidden once with each seed, and errors are over all.
SEEDS = (1, 2, 3)
SMALL = 3.0
DECIMALS = 4


def chances(cells: Cells, owner: Ints, rate: Floats) -> Floats:
    """The probability of each cell to be withheld, as among cells alike; 0 for an owner's total."""
    expected = cells.establishments * rate[cells.industry]
    size = (owner * 8 + cells.depth) * (len(ESTABLISHMENTS) + 1) + np.digitize(cells.establishments, ESTABLISHMENTS)
    number, withheld = _counts(size, cells.is_withheld)
    usual = withheld / number
    number, withheld = _counts(size * (len(SIZES) + 1) + np.digitize(expected, SIZES), cells.is_withheld)
    chance = np.clip((withheld + SHRINKAGE * usual) / (number + SHRINKAGE), 0.0, HIGHEST)
    return np.where(cells.depth > 0, chance, 0.0)


def _counts(kind: Ints, is_withheld: Bools) -> tuple[Ints, Ints]:
    """For each cell, how many cells are of its kind, and how many of them are withheld."""
    number = np.bincount(kind)
    return number[kind], np.bincount(kind[is_withheld], minlength=len(number))[kind]


def cover(cells: Cells, hidden: Bools) -> Bools:
    """Hide further published cells until none that is hidden or withheld is what its siblings leave of a total."""
    gone = hidden | cells.is_withheld
    jobs, size = np.nan_to_num(cells.employment), len(gone)
    for depth in range(int(cells.depth.max(initial=0)), 0, -1):
        rows = np.flatnonzero((cells.depth == depth) & (cells.parent >= 0))
        lone = (sum_by(cells.parent[rows], gone[rows].astype(np.float64), size) == 1) & ~gone
        beside = rows[lone[cells.parent[rows]] & ~gone[rows] & (jobs[rows] > 0)]
        by_jobs = beside[np.lexsort((jobs[beside], cells.parent[beside]))]
        above, first = np.unique(cells.parent[by_jobs], return_index=True)
        gone[by_jobs[first]] = True
        lone[above] = False
        gone |= lone & (cells.depth > 0)
    return gone & ~cells.is_withheld


def hide(group: Group, industries: Industries, seed: int) -> Cells:
    """The cells of a group with more of them withheld."""
    cells = group.cells
    names = [f"{owner} {code}" for owner in OWNERS for code in industries.codes]
    numbers = uniform(words(group.areas), words(names), seed)[cells.area, cells.industry]
    owner = cells.industry // len(industries.codes)
    drawn = numbers < chances(cells, owner, rates(cells, industries.upper))
    hidden = cover(cells, drawn & ~cells.is_withheld)
    return replace(cells, employment=np.where(hidden, np.nan, cells.employment))


@dataclass(frozen=True)
class Outcome:
    """Jobs of cells or sums of cells with some that were hidden: true and estimated ones, the fewest and the most."""

    truth: Floats
    estimate: Floats
    low: Floats
    high: Floats

    def where(self, chosen: Bools | Ints) -> "Outcome":
        """Those that are chosen."""
        return Outcome(self.truth[chosen], self.estimate[chosen], self.low[chosen], self.high[chosen])

    def summed(self, index: Ints, size: int) -> "Outcome":
        """Sums by `index`."""
        return Outcome(*(sum_by(index, figure, size) for figure in (self.truth, self.estimate, self.low, self.high)))

    def figures(self) -> dict[str, float | int | None]:
        """Errors in percent of the true jobs, how often these lie within the bounds, and half of the bounds' width."""
        error = self.estimate - self.truth
        size = 100.0 * np.abs(error) / self.truth
        holds = (self.low - 1e-6 <= self.truth) & ~(self.high + 1e-6 < self.truth)
        width = 50.0 * ratio(self.high - self.low, self.estimate)
        found = (
            100.0 * holds.mean(),
            np.nanmedian(width) if not np.isnan(width).all() else None,
            np.median(size),
            np.quantile(size, 0.9),
            100.0 * error.sum() / self.truth.sum(),
            100.0 * np.abs(error).sum() / self.truth.sum(),
        )
        rounded = [None if figure is None else round(float(figure), DECIMALS) for figure in found]
        return {"groups": self.truth.size, **dict(zip(FIGURES, rounded, strict=True))}


FIGURES = ("held_pct", "median_width_pct", "median_error_pct", "p90_error_pct", "bias_pct", "weighted_error_pct")

ACCURACY: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("source", "area_type", "level", "coverage_band"), pl.String),
    "groups": pl.Int64,
    **dict.fromkeys(FIGURES, pl.Float64),
}


def joined(outcomes: list[Outcome]) -> Outcome:
    """All of them, one after another."""
    parts = [(each.truth, each.estimate, each.low, each.high) for each in outcomes]
    return Outcome(*(np.concatenate(figures) for figures in zip(*parts, strict=True)))


def nodes(industry: pl.DataFrame, industries: Industries, level: str) -> Ints:
    """The cluster or sub-cluster that each industry is summed for, apart for private owners; -1 for none."""
    columns = ["cluster_id", "sub_cluster_id"] if level == "sub_cluster" else ["cluster_id"]
    rows = industry.sort("naics_code")
    node = rows.select(pl.struct(columns).rank("dense")).to_series().to_numpy().astype(np.int64)
    node = np.where(rows[f"is_{level}_frontier"].to_numpy(), node, -1)
    private = np.array([owner == "5" for owner in OWNERS], dtype=np.int64)[:, None]
    return np.where(node < 0, -1, 2 * node + private).ravel()


def trial(group: Group, industries: Industries, node: dict[str, Ints], seed: int) -> Iterator[tuple[str, Outcome]]:
    """Hide cells of a group, fill them again, and give the outcomes by level, of what has hidden cells and jobs.

    A cluster counts where none of its cells is withheld in truth; private owners and governments count apart.
    """
    cells, truth = hide(group, industries, seed), group.cells.employment
    is_hidden = cells.is_withheld & ~group.cells.is_withheld
    every = Outcome(truth, group.fill(cells, industries), *bounds(cells))
    finest = is_hidden & cells.is_finest & (truth > 0) & ~np.isnan(every.estimate)
    yield "industry", every.where(finest)
    yield "small_industry", every.where(finest & (cells.establishments <= SMALL))
    for level, numbers in node.items():
        rows = np.flatnonzero(numbers[cells.industry] >= 0)
        found, index = np.unique(
            cells.area[rows] * (int(numbers.max()) + 1) + numbers[cells.industry[rows]], return_inverse=True
        )
        has_hidden = sum_by(index, is_hidden[rows].astype(np.float64), len(found)) > 0
        sums = every.where(rows).summed(index, len(found))
        yield level, sums.where(has_hidden & (sums.truth > 0) & ~np.isnan(sums.estimate))


def accuracy_frame(cell: pl.LazyFrame, industry: pl.DataFrame, area: pl.DataFrame) -> pl.DataFrame:
    """core.qcew_fill_accuracy: a row by area type, level and band of coverage, for classes that have anything.

    Coverage is the published part of the true jobs. States and counties; the nation's cells are hardly withheld.
    """
    year = industry["year"].max()
    industry = industry.filter(year=year)
    industries = read_industries(industry)
    node = {level: nodes(industry, industries, level) for level in ("cluster", "sub_cluster")}
    outcomes: dict[tuple[str, str], list[Outcome]] = {}
    for group, _ in filled_groups(cell.filter(pl.col("year") == year), industries, area):
        for seed in SEEDS if group.area_type != "national" else ():
            for level, outcome in trial(group, industries, node, seed):
                outcomes.setdefault((group.area_type, level), []).append(outcome)
    rows: list[dict[str, object]] = []
    for (area_type, level), parts in sorted(outcomes.items()):
        outcome = joined(parts)
        band = np.digitize(100.0 * ratio(outcome.low, outcome.truth), BANDS) - 1
        classes = {EVERY: outcome}
        if level in node:
            classes |= {name: outcome.where(band == number) for number, name in enumerate(BAND_NAMES)}
        for name, chosen in classes.items():
            if chosen.truth.size:
                key = {"source": "qcew", "area_type": area_type, "level": level, "coverage_band": name}
                rows.append({**key, **chosen.figures()})
    return pl.DataFrame(rows, schema=ACCURACY, orient="row")


def make_fill_accuracy(scans: Mapping[str, pl.LazyFrame]) -> dict[str, pl.DataFrame]:
    """core.qcew_fill_accuracy from core.qcew_cell, core.qcew_industry and reference.area."""
    industry, area = scans["core.qcew_industry"].collect(), scans["reference.area"].collect()
    return {"core.qcew_fill_accuracy": accuracy_frame(scans["core.qcew_cell"], industry, area)}
