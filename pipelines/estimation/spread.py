"""Estimates on Spark: the same functions, each on the rows of one area, or of the counties of one state in one year.

What is estimated of all areas at once is not spread: core.occupation_estimate with its wages, and the accuracy tables,
which hold one vintage or one year and do not grow with the years.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.contracts.enforce import polars_schema
from pipelines.contracts.model import Table, contracts
from pipelines.estimation.industry import Parent
from pipelines.estimation.industry_tables import (
    Industries,
    as_parents,
    fill_frame,
    filled_groups,
    read_group,
    read_industries,
)
from pipelines.estimation.program_tables import make_program_wages
from pipelines.estimation.tables import Frames, make_percentiles
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.spark import read, schema_of

_Make = Callable[[Frames], dict[str, pl.DataFrame]]

_JOBS, _WAGES = TableName("core", "occupation_estimate"), TableName("core", "wage_distribution")
_CELL = TableName("core", "qcew_cell")
_FILL = TableName("core", "qcew_fill")
_PARENT = {
    "year": pl.Int64,
    "parent_id": pl.String,
    "number": pl.Int64,
    "employment": pl.Float64,
    "establishments": pl.Float64,
    "rate": pl.Float64,
}
_PARENT_COLUMNS = "year bigint, parent_id string, number bigint, employment double, establishments double, rate double"


def _collected(staging: Path, *names: str) -> dict[str, pl.DataFrame]:
    """Small tables, to be sent to every task."""
    return {name: pl.read_parquet(parquet_path(staging, TableName.parse(name)), glob=False) for name in names}


def _polars(rows: pa.Table, table: TableName) -> pl.DataFrame:
    schema = polars_schema(contracts()[table])
    return cast(pl.DataFrame, pl.from_arrow(rows)).select(schema.keys()).cast(pl.Schema(schema))


def _arrow(frame: pl.DataFrame) -> pa.Table:
    """A frame with the text type that Spark knows."""
    rows = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    return rows.cast(pa.schema([(each.name, _SMALL.get(each.type, each.type)) for each in rows.schema]))


_SMALL = {pa.large_string(): pa.string()}


# Spark asks a function's type hints what it takes, and cannot read those of a partial
def _one(function: Callable[[pa.Table], pa.Table]) -> Callable[[pa.Table], pa.Table]:
    def of_group(rows: pa.Table) -> pa.Table:
        return function(rows)

    return of_group


def _two(function: Callable[[pa.Table, pa.Table], pa.Table]) -> Callable[[pa.Table, pa.Table], pa.Table]:
    def of_groups(left: pa.Table, right: pa.Table) -> pa.Table:
        return function(left, right)

    return of_groups


def _in_order(rows: Any, table: Table) -> Any:
    return rows.orderBy(*table.primary_key)


def _of_area(make: _Make, target: TableName, whole: Frames, jobs: pa.Table, wages: pa.Table) -> pa.Table:
    """The rows of `target` of one area, from the jobs and wage distributions of its parts."""
    pool = (jobs if jobs.num_rows else wages)["pool_id"][0].as_py()
    own = {name: rows.filter(area_id=pool) if "area_id" in rows.columns else rows for name, rows in whole.items()}
    of_jobs, of_wages = _polars(jobs, _JOBS), _polars(wages, _WAGES)
    # a cell may have wages and no jobs; of all areas together, its occupation has jobs in another one
    has_jobs = pl.all_horizontal(pl.col(name).is_in(of_jobs[name].implode()) for name in ("area_id", "soc_code"))
    frames = {**own, str(_JOBS): of_jobs, str(_WAGES): of_wages.filter(has_jobs)}
    return _arrow(make(frames)[str(target)].select(contracts()[target].column_names))


def _by_area(
    spark: Any, staging: Path, *, make: _Make, target: str, small: tuple[str, ...], pools: str | None = None
) -> Any:
    """A table that is made of each area by itself; `pools` is the table that names the parts of areas."""
    table = contracts()[TableName.parse(target)]
    keyed = []
    for name in (_JOBS, _WAGES):
        rows = read(spark, staging, name)
        if pools is None:
            rows = rows.withColumn("pool_id", rows["area_id"])
        else:
            parts = read(spark, staging, TableName.parse(pools)).selectExpr("area_id pool_id", "part_area_id area_id")
            rows = rows.join(parts, "area_id")
        keyed.append(rows.groupBy("pool_id"))
    function = partial(_of_area, make, table.table, _collected(staging, *small))
    made = keyed[0].cogroup(keyed[1]).applyInArrow(_two(function), schema_of(table))
    return _in_order(made, table)


def _of_year(rows: pa.Table) -> tuple[int, pl.DataFrame]:
    cell = _polars(rows, _CELL)
    return int(cell["year"][0]), cell


def _upper(industry: pl.DataFrame, area: pl.DataFrame, rows: pa.Table) -> pa.Table:
    """Rows of core.qcew_fill of the nation and the states in one year."""
    year, cell = _of_year(rows)
    industries = read_industries(industry.filter(year=year))
    found = [fill_frame(year, industries, *filled) for filled in filled_groups(cell.lazy(), industries, area)]
    return _arrow(pl.concat(found))


def _parents(industry: pl.DataFrame, area: pl.DataFrame, rows: pa.Table) -> pa.Table:
    """The states in one year as parents: jobs, establishments and rate of each industry by its number."""
    year, cell = _of_year(rows)
    industries = read_industries(industry.filter(year=year))
    parents: dict[str, Parent] = {}
    for group, jobs in filled_groups(cell.lazy(), industries, area):
        if group.area_type == "state":
            parents = as_parents(group, jobs, industries)
    frames = [pl.DataFrame(schema=_PARENT)]
    for name, parent in parents.items():
        figures = {"employment": parent.employment, "establishments": parent.establishments, "rate": parent.rate}
        number = np.arange(industries.numbers)
        frames.append(
            pl.DataFrame({"year": np.full_like(number, year), "parent_id": name, "number": number, **figures})
        )
    return _arrow(pl.concat(frames))


def _counties(industries: Mapping[int, Industries], rows: pa.Table, parent: pa.Table) -> pa.Table:
    """Rows of core.qcew_fill of the counties of one state in one year."""
    if not rows.num_rows:
        return _arrow(pl.DataFrame(schema=polars_schema(contracts()[_FILL])))
    year, cell = _of_year(rows)
    above = None
    if parent.num_rows:
        by_number = parent.sort_by("number")
        above = Parent(*(by_number[name].to_numpy() for name in ("employment", "establishments", "rate")))
    group = read_group(cell, industries[year], "county", (), above)
    return _arrow(fill_frame(year, industries[year], group, group.fill(group.cells, industries[year])))


def _fill(spark: Any, staging: Path) -> Any:
    """core.qcew_fill: the nation and the states by year, then the counties by year and state."""
    small = _collected(staging, "core.qcew_industry", "reference.area")
    industry, area = small["core.qcew_industry"], small["reference.area"]
    table = contracts()[_FILL]
    areas = read(spark, staging, TableName("reference", "area")).selectExpr(
        "area_id", "area_type", "state_id parent_id"
    )
    cell = read(spark, staging, _CELL).join(areas, "area_id")
    upper = cell.where("area_type in ('national', 'state')").groupBy("year")
    above, parents = partial(_upper, industry, area), partial(_parents, industry, area)
    numbered = {year: read_industries(industry.filter(year=year)) for year in industry["year"].unique()}
    below = partial(_counties, numbered)
    key = ("year", "parent_id")
    counties = (
        cell.where("area_type = 'county'")
        .groupBy(*key)
        .cogroup(upper.applyInArrow(_one(parents), _PARENT_COLUMNS).groupBy(*key))
        .applyInArrow(_two(below), schema_of(table))
    )
    return _in_order(upper.applyInArrow(_one(above), schema_of(table)).union(counties), table)


#: How Spark makes the tables of a step, by its name.
SPREAD: dict[str, Callable[[Any, Path], Any]] = {
    "group_percentile": partial(
        _by_area,
        make=make_percentiles,
        target="core.group_percentile",
        small=("core.area_group_scheme", "core.area_part", "core.occupation_group", "core.wage_scale"),
        pools="core.area_part",
    ),
    "program_wage": partial(
        _by_area,
        make=make_program_wages,
        target="core.program_wage",
        small=("core.wage_scale", "core.program_link", "reference.area"),
    ),
    "qcew_fill": _fill,
}
