"""The figures that policies use: of an occupation in an area, of all jobs there, and projections.

Projections exist for the nation and the states. Any other area uses those of its state; `demand_area_id` names it.
"""

from dataclasses import dataclass
from typing import get_args

import duckdb
import polars as pl

from pipelines.policies.evaluate import KEY
from pipelines.policies.model import WageFigure
from pipelines.tables import TableName

_WAGE_COLUMNS = [name for wage in get_args(WageFigure) for name in (wage, wage.replace("_usd", "_status"))]
_OF_AREA = ("employment",)
_PROJECTED = ("base_jobs", "growth_pct", "cagr_pct", "annual_openings", "openings_growth", "openings_rate_pct")
_PREPARATION = ("entry_education", "work_experience", "on_the_job_training", "job_zone_mean")

NATION = "US"
#: Published tables that the figures are read from.
TABLES = (
    TableName("reference", "area"),
    TableName("marts", "occupation_indicators"),
    TableName("marts", "cluster_indicators"),
    TableName("marts", "occupation_outlook"),
    TableName("core", "occupation_projection"),
    TableName("core", "national_projection"),
)

_NEWEST = "qualify projection_period = max(projection_period) over (partition by area_id)"
#: Figures of all jobs together, from a projection of them.
_RATES = (
    "growth_pct, 100.0 * {openings} / base_jobs as openings_rate_pct, "
    "100.0 * (power(1 + growth_pct / 100.0, 1.0 / {years}) - 1) as cagr_pct"
)
_TOTALS = "where level = 'all' and basis = 'unduplicated'"


@dataclass(frozen=True)
class Published:
    """Published figures, a frame for each table."""

    areas: pl.DataFrame
    occupations: pl.DataFrame
    totals: pl.DataFrame
    outlook: pl.DataFrame
    total_outlook: pl.DataFrame
    national_outlook: pl.DataFrame


def read_published(connection: duckdb.DuckDBPyConnection) -> Published:
    """Read the figures of a release, or of staged tables."""
    figures = ", ".join([*_OF_AREA, *_WAGE_COLUMNS])
    return Published(
        areas=connection.sql(
            "select area_id, area_type, state_id from reference.area "
            f"where area_id in (select area_id from marts.cluster_indicators {_TOTALS})"
        ).pl(),
        occupations=connection.sql(f"select area_id, soc_code, {figures} from marts.occupation_indicators").pl(),
        totals=connection.sql(f"select area_id, {figures} from marts.cluster_indicators {_TOTALS}").pl(),
        # states do not publish the parts of openings: openings by growth are the mean yearly change of jobs
        outlook=connection.sql(
            "select area_id, soc_code, base_jobs, growth_pct, cagr_pct, annual_openings, openings_rate_pct, "
            "coalesce(openings_growth, change_jobs / (projected_year - base_year)) as openings_growth, "
            f"{', '.join(_PREPARATION)} from marts.occupation_outlook {_NEWEST}"
        ).pl(),
        total_outlook=connection.sql(
            "select area_id, "
            + _RATES.format(
                openings="case when openings_status = 'ok' then annual_openings end",
                years="(projected_year - base_year)",
            )
            + " from core.occupation_projection where occupation_group = 'total' and status = 'ok' "
            + _NEWEST
        ).pl(),
        # of the nation in the cycle of each area's newest projections
        national_outlook=connection.sql(
            f"select area_id, {_RATES.format(openings='annual_openings', years='years')} from "
            "(select area_id, max(projection_period) as projection_period from marts.occupation_outlook "
            "group by area_id) inner join core.national_projection using (projection_period) "
            "where occupation_group = 'total'"
        ).pl(),
    )


def occupation_figures(published: Published) -> pl.DataFrame:
    """Occupations in areas with every figure that a policy can use, in the columns that `evaluate` needs.

    One row per area_id and soc_code, also for occupations that are only projected there, without wages. Further
    columns: area_type, state_id (null for the nation) and demand_area_id (null when there are no projections).
    """
    keys = pl.concat([published.occupations.select(KEY), published.outlook.select(KEY)]).unique()
    projected = published.outlook.select(*KEY, *_PROJECTED)
    nation = _prefixed(published.totals.filter(area_id=NATION), "nation_all_").drop("area_id")
    figures = (
        keys.join(_areas(published), on="area_id", how="inner")
        .join(published.occupations, on=KEY, how="left")
        .join(projected, left_on=["demand_area_id", "soc_code"], right_on=KEY, how="left")
    )
    for key, of_area in (
        ("area_id", _prefixed(published.totals, "all_")),
        ("wage_state_id", _prefixed(published.totals, "state_all_")),
        ("area_id", _across(published.occupations, _OF_AREA)),
        ("demand_area_id", _across(published.outlook, _PROJECTED)),
        ("demand_area_id", _prefixed(published.total_outlook, "all_")),
        ("wage_state_id", _prefixed(published.total_outlook, "state_all_")),
        ("demand_area_id", _prefixed(published.national_outlook, "nation_all_")),
    ):
        figures = figures.join(of_area, left_on=key, right_on="area_id", how="left")
    if nation.height:
        figures = figures.join(nation, how="cross")
    share = pl.col("median_across_employment", "mean_across_employment") / pl.col("all_employment") * 100
    figures = figures.with_columns(share.name.replace("employment", "employment_share_pct"))
    # an occupation's education, experience, training and job zone are the same in every area
    preparation = published.outlook.group_by("soc_code").agg(pl.col(*_PREPARATION).drop_nulls().first())
    return figures.join(preparation, on="soc_code", how="left").drop("wage_state_id").sort(KEY)


def _areas(published: Published) -> pl.DataFrame:
    """Areas with the state whose wages and the area whose projections they are compared with."""
    with_outlook = published.outlook["area_id"].unique().implode()
    return published.areas.with_columns(
        pl.coalesce("state_id", "area_id").alias("wage_state_id"),
        pl.when(pl.col("area_id").is_in(with_outlook))
        .then("area_id")
        .when(pl.col("state_id").is_in(with_outlook))
        .then("state_id")
        .alias("demand_area_id"),
    )


def _prefixed(totals: pl.DataFrame, prefix: str) -> pl.DataFrame:
    return totals.rename({name: f"{prefix}{name}" for name in totals.columns if name != "area_id"})


def _across(occupations: pl.DataFrame, measures: tuple[str, ...]) -> pl.DataFrame:
    """Median and mean of each measure over an area's occupations, each counted once."""
    chosen = pl.col(*measures).cast(pl.Float64)
    return occupations.group_by("area_id").agg(
        chosen.median().name.prefix("median_across_"), chosen.mean().name.prefix("mean_across_")
    )
