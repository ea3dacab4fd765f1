"""Staged tables to arrays and back: `core.qcew_fill`, the estimates of withheld QCEW cells.

Reads core.qcew_cell, core.qcew_industry and reference.area. The nation is filled first, then the states from it, then
the counties of one state after another, so that memory holds the counties of one state in one year at a time.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.estimation.arrays import Bools, Floats, Ints
from pipelines.estimation.industry import Cells, Parent, as_parent, fill, rates, without_parent

OWNERS = ("1", "2", "3", "5")


@dataclass(frozen=True)
class Industries:
    """The industries of a year under each owner, numbered: `upper` is the number one level up, -1 at the top."""

    codes: list[str]
    depth: Ints
    upper: Ints

    @property
    def numbers(self) -> int:
        """How many numbers there are: industries times owners."""
        return len(self.upper)

    def owner_and_code(self, number: Ints) -> tuple[pl.Series, pl.Series]:
        """The owner and the code of each number."""
        owner, code = np.divmod(number, len(self.codes))
        return pl.Series(OWNERS).gather(owner), pl.Series(self.codes, dtype=pl.String).gather(code)


@dataclass(frozen=True)
class Group:
    """Cells of areas with one parent, None without it; `counted` are those of areas that make up the parent."""

    area_type: str
    areas: list[str]
    cells: Cells
    counted: Bools
    parent: Parent | None

    def fill(self, cells: Cells, industries: Industries) -> Floats:
        """Jobs of all `cells`, the group's own or the same with more of them withheld."""
        parent = without_parent(cells, industries.upper) if self.parent is None else self.parent
        return fill(cells, parent, self.counted)


def read_industries(industry: pl.DataFrame) -> Industries:
    """Number the industries of one year from core.qcew_industry, under one owner after another."""
    rows = industry.sort("naics_code")
    codes = rows["naics_code"].to_list()
    place = {code: number for number, code in enumerate(codes)}
    above = np.array([-1 if code is None else place[code] for code in rows["parent_code"]], dtype=np.int64)
    start = np.arange(len(OWNERS))[:, None] * len(codes)
    upper = np.where(above < 0, -1, start + above).ravel()
    return Industries(codes, np.tile(rows["depth"].to_numpy(), len(OWNERS)), upper)


def read_cells(cell: pl.DataFrame, industries: Industries) -> tuple[list[str], Cells]:
    """Areas, and their cells by area, owner and industry, from rows of core.qcew_cell of one year."""
    areas = cell["area_id"].unique().sort().to_list()
    owner = pl.col("own_code").cast(pl.Enum(OWNERS)).to_physical().cast(pl.Int64)
    code = pl.col("naics_code").cast(pl.Enum(industries.codes)).to_physical().cast(pl.Int64)
    rows = cell.select(
        area=pl.col("area_id").cast(pl.Enum(areas)).to_physical().cast(pl.Int64),
        industry=owner * len(industries.codes) + code,
        establishments="establishments",
        employment=pl.col("employment").fill_null(float("nan")),
    ).sort("area", "industry")
    area, industry = rows["area"].to_numpy(), rows["industry"].to_numpy()
    key = area * industries.numbers + industry
    above = area * industries.numbers + industries.upper[industry]
    place = np.minimum(np.searchsorted(key, above), len(key) - 1)
    has_cell_above = (industries.upper[industry] >= 0) & (key[place] == above)
    return areas, Cells(
        area,
        industry,
        np.where(has_cell_above, place, -1),
        industries.depth[industry],
        rows["establishments"].to_numpy(),
        rows["employment"].to_numpy(),
    )


def families(area: pl.DataFrame) -> Iterator[tuple[str, str | None, list[str]]]:
    """Areas of reference.area that have one parent: area type, parent, ids. A parent comes before its areas."""
    of_qcew = area.filter(pl.col("area_type").is_in(["national", "state", "county"])).sort("area_id")
    nation = of_qcew.filter(area_type="national")["area_id"].to_list()
    yield "national", None, nation
    yield "state", next(iter(nation), None), of_qcew.filter(area_type="state")["area_id"].to_list()
    counties = of_qcew.filter(area_type="county").group_by("state_id", maintain_order=True).agg("area_id")
    for state, ids in counties.iter_rows():
        yield "county", state, ids


def filled_groups(cell: pl.LazyFrame, industries: Industries, area: pl.DataFrame) -> Iterator[tuple[Group, Floats]]:
    """The nation, all states, and the counties of each state, those with cells, each with the jobs of its cells.

    `cell` has the rows of core.qcew_cell of one year, `area` is reference.area. Territories are no part of the nation.
    """
    parents: dict[str | None, Parent] = {}
    territories = set(area.filter(pl.col("is_territory"))["area_id"])
    for area_type, parent_id, ids in families(area):
        rows = cell.filter(pl.col("area_id").is_in(ids)).collect(engine="streaming")
        if rows.is_empty():
            continue
        group = read_group(rows, industries, area_type, territories, parents.get(parent_id))
        jobs = group.fill(group.cells, industries)
        if area_type != "county":
            parents.update(as_parents(group, jobs, industries))
        yield group, jobs


def read_group(
    rows: pl.DataFrame, industries: Industries, area_type: str, territories: Collection[str], parent: Parent | None
) -> Group:
    """The cells of areas with one parent in one year, from rows of core.qcew_cell."""
    areas, cells = read_cells(rows, industries)
    counts = np.array([area_type == "county" or name not in territories for name in areas], dtype=np.bool_)
    return Group(area_type, areas, cells, counts[cells.area], parent)


def as_parents(group: Group, jobs: Floats, industries: Industries) -> dict[str, Parent]:
    """The areas of a group as parents of others, by their ids."""
    cells = group.cells
    usual = rates(cells, industries.upper)
    parents = {}
    for number, name in enumerate(group.areas):
        own = np.flatnonzero(cells.area == number)
        parents[name] = as_parent(cells.industry[own], jobs[own], cells.establishments[own], usual)
    return parents


def fill_frame(year: int, industries: Industries, group: Group, jobs: Floats) -> pl.DataFrame:
    """Rows of core.qcew_fill of one group, in the order of the key."""
    rows = np.flatnonzero(group.cells.is_withheld & ~np.isnan(jobs))
    own_code, naics_code = industries.owner_and_code(group.cells.industry[rows])
    return pl.DataFrame(
        {
            "area_id": pl.Series(group.areas, dtype=pl.String).gather(group.cells.area[rows]),
            "year": np.full(len(rows), year, dtype=np.int64),
            "own_code": own_code,
            "naics_code": naics_code,
            "employment_estimate": jobs[rows],
        }
    )


def fill_frames(cell: pl.LazyFrame, industry: pl.DataFrame, area: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """core.qcew_fill in pieces, in the order of its key: the withheld cells that have an estimate.

    `employment_estimate` of a single cell is not for publication: it stands in sums only.
    """
    for year in industry["year"].unique().sort():
        industries = read_industries(industry.filter(year=year))
        of_year = cell.filter(pl.col("year") == year)
        above: list[pl.DataFrame] = []
        for group, jobs in filled_groups(of_year, industries, area):
            frame = fill_frame(year, industries, group, jobs)
            if group.area_type != "county":
                above.append(frame)
            elif frame.height:
                yield frame
        # ids of states come after those of counties
        last = pl.concat(above).sort("area_id", "own_code", "naics_code") if above else pl.DataFrame()
        if last.height:
            yield last


def make_fill(scans: Mapping[str, pl.LazyFrame]) -> dict[str, Iterator[pl.DataFrame]]:
    """core.qcew_fill from core.qcew_cell, core.qcew_industry and reference.area."""
    industry, area = scans["core.qcew_industry"].collect(), scans["reference.area"].collect()
    return {"core.qcew_fill": fill_frames(scans["core.qcew_cell"], industry, area)}
