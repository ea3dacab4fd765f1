"""Questions to a release, each one function: SQL over the published DuckDB, opened read only, to a Polars frame.

Every function takes the areas it is asked for and answers for all of them at once, so that one state costs about as
much as fifty. Rows come in the order they are shown in. Columns keep their published names and units
(`lmi dictionary`); a column with a prefix is the same figure of another area (`us_`) or basis (`duplicated_`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import BusyError, NoReleaseError

UNDUPLICATED = "unduplicated"
DUPLICATED = "duplicated"
NATION = "US"
DEFAULT_POLICY = "default"

#: Tables without which there is no profile; all others leave their section with a word of explanation.
NEEDED = (
    "marts.cluster_indicators",
    "marts.occupation_indicators",
    "core.area_group_scheme",
    "marts.area_soc_allocation",
    "marts.overlay_allocation",
    "reference.area",
    "reference.cluster",
    "reference.overlay",
    "reference.overlay_node",
    "reference.sub_cluster",
    "reference.source_vintage",
    "quality.release",
)

#: Figures of a cluster that profiles show, with the statuses that go with them.
_CLUSTER_FIGURES = """
    indicator.employment,
    indicator.employment_share_pct,
    indicator.location_quotient,
    indicator.wage_mean_usd,
    indicator.wage_mean_status,
    indicator.wage_p10_usd,
    indicator.wage_p10_status,
    indicator.wage_p25_usd,
    indicator.wage_p25_status,
    indicator.wage_p50_usd,
    indicator.wage_p50_status,
    indicator.wage_p75_usd,
    indicator.wage_p75_status,
    indicator.wage_p90_usd,
    indicator.wage_p90_status,
    indicator.wage_premium_pct,
    indicator.employment_rse_pct,
    indicator.reliability,
    indicator.employment_low,
    indicator.employment_high,
    indicator.coverage_pct,
    indicator.wage_coverage_pct,
    indicator.occupations,
    indicator.occupations_without_employment,
    indicator.status
"""

#: The clusters and sub-clusters of a basis: the framework's, or those of the overlay that the basis names, by the
#: state's names and with its own after the framework's.
_PLACES = """
    cluster as (
        select cluster_id, cluster_name, is_cross_cutting, sort_order, scope_note
        from reference.cluster
        where not contains($basis, ':')
        union all
        select
            place.cluster_id,
            place.node_name as cluster_name,
            place.is_cross_cutting,
            coalesce(framework.sort_order, 1000 + dense_rank() over (order by place.node_name)) as sort_order,
            framework.scope_note
        from reference.overlay_node as place
        left join reference.cluster as framework on framework.cluster_id = place.cluster_id
        where place.level = 'cluster' and place.overlay_id = split_part($basis, ':', 2)
    ),

    sub_cluster as (
        select sub_cluster_id, sub_cluster_name, sort_order, scope_note
        from reference.sub_cluster
        where not contains($basis, ':')
        union all
        select
            place.sub_cluster_id,
            place.node_name as sub_cluster_name,
            coalesce(framework.sort_order, 1000 + dense_rank() over (order by place.node_name)) as sort_order,
            framework.scope_note
        from reference.overlay_node as place
        left join reference.sub_cluster as framework on framework.sub_cluster_id = place.sub_cluster_id
        where place.level = 'sub_cluster' and place.overlay_id = split_part($basis, ':', 2)
    )
"""


@contextmanager
def open_database(path: Path, needed: Sequence[str] = NEEDED) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database, read only.

    Raises NoReleaseError where there is none, where the file is no database, or where it lacks one of the tables
    `needed`; BusyError where another program has it open for writing.
    """
    if not path.is_file():
        raise NoReleaseError(f"{path} does not exist; run `lmi run` first")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise BusyError(f"{path} is open for writing in another program; close it and try again") from error
        raise NoReleaseError(f"{path} is not a readable release: {error}; `lmi run --force` makes a new one") from error
    except duckdb.Error as error:
        raise NoReleaseError(f"{path} is not a readable release: {error}; `lmi run --force` makes a new one") from error
    with connection:
        lacking = sorted(set(needed) - tables(connection))
        if lacking:
            raise NoReleaseError(
                f"{path} has no table {', '.join(lacking)}: another version of this project made it; "
                "run `lmi run --force` to publish a release that has it"
            )
        yield connection


def tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the release's tables, with their schemas."""
    rows = connection.sql("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    return {str(name) for (name,) in rows}


def _frame(connection: duckdb.DuckDBPyConnection, sql: str, **parameters: object) -> pl.DataFrame:
    frame: pl.DataFrame = connection.sql(sql, params=parameters or None).pl()
    return frame


def overlay_of(basis: str) -> str | None:
    """The overlay whose clusters a basis is of: `ohio` of `unduplicated:ohio`, None for the framework's."""
    return basis.partition(":")[2] or None


def is_counted_once(basis: str) -> bool:
    """Whether every job counts once on a basis, so that clusters add up."""
    return basis.partition(":")[0] == UNDUPLICATED


def counterpart(basis: str) -> str:
    """The other way to count, overlay kept: `duplicated:ohio` for `unduplicated:ohio` and the other way round."""
    _, colon, overlay = basis.partition(":")
    return (DUPLICATED if is_counted_once(basis) else UNDUPLICATED) + colon + overlay


def release(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """The release that the database is: release_id, published_at, project_version, period."""
    return _frame(connection, "select release_id, published_at, project_version, period from quality.release").row(
        0, named=True
    )


def vintages(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The sources of the release with edition, period, status and the words to name them with, one row each."""
    return _frame(
        connection,
        """
        select
            source, publisher, title, url, vintage, reference_period, released_on, retrieved_on, status, licence,
            attribution, notes
        from reference.source_vintage
        order by source
        """,
    )


def areas(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Areas with figures by occupation: area_id, area_name, area_type, state_id, is_territory. The nation first."""
    return _frame(
        connection,
        """
        select area_id, area_name, area_type, state_id, is_territory
        from reference.area
        where area_id in (select distinct trim(area_id) from marts.cluster_indicators)
        order by
            case area_type when 'national' then 1 when 'state' then 2 when 'region' then 3 else 4 end,
            area_name,
            area_id
        """,
    )


def bases(connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str]) -> pl.DataFrame:
    """The bases that each area has figures on, with the overlay that a basis is of.

    One row per area and basis: area_id, basis, overlay_id, overlay_title, overlay_source, state_id; the framework's
    first. The last four are missing for the framework's bases.
    """
    return _frame(
        connection,
        """
        with present as (
            select distinct trim(area_id) as area_id, trim(basis) as basis
            from marts.cluster_indicators
            where area_id in (select unnest($areas))
        )

        select
            present.area_id,
            present.basis,
            overlay.overlay_id,
            overlay.overlay_title,
            overlay.overlay_source,
            overlay.state_id
        from present
        left join reference.overlay as overlay on overlay.overlay_id = split_part(present.basis, ':', 2)
        order by present.area_id, overlay.overlay_id nulls first, not starts_with(present.basis, 'unduplicated')
        """,
        areas=list(area_ids),
    )


def overlay(connection: duckdb.DuckDBPyConnection, basis: str) -> dict[str, object] | None:
    """The overlay that a basis is of: overlay_id, state_id, overlay_title, overlay_source, as_of_year; or None."""
    frame = _frame(
        connection,
        """
        select overlay_id, state_id, overlay_title, overlay_source, as_of_year
        from reference.overlay
        where overlay_id = split_part($basis, ':', 2)
        """,
        basis=basis,
    )
    return frame.row(0, named=True) if frame.height else None


def parameters(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Thresholds of the method, by name: parameter, value, unit, meaning."""
    return _frame(
        connection,
        """
        select parameter, value, unit, meaning
        from reference.method_parameter
        order by parameter
        """,
    )


def totals(connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str], basis: str = UNDUPLICATED) -> pl.DataFrame:
    """The published total of each area: one row per area with the figures of all its jobs, the same on every basis."""
    return _frame(
        connection,
        f"""
        select
            indicator.area_id,
            indicator.level,
            indicator.cluster_id,
            indicator.sub_cluster_id,
            indicator.basis,
            indicator.period,
            area.area_name,
            area.area_type,
            area.state_id,
            {_CLUSTER_FIGURES}
        from marts.cluster_indicators as indicator
        inner join reference.area as area on area.area_id = indicator.area_id
        where indicator.area_id in (select unnest($areas))
            and indicator.level = 'all'
            and indicator.basis = $basis
        order by indicator.area_id
        """,
        areas=list(area_ids),
        basis=basis,
    )


def clusters(connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str], basis: str = UNDUPLICATED) -> pl.DataFrame:
    """The clusters of each area by employment, the largest first, beside the nation and the other basis.

    `us_` columns are the nation's figures on the same basis of the framework, missing for a state's own clusters;
    `other_employment` is counted the other way (`counterpart`). A cluster whose jobs are withheld comes last.
    """
    return _frame(
        connection,
        f"""
        with {_PLACES}

        select
            indicator.area_id,
            indicator.level,
            indicator.cluster_id,
            indicator.sub_cluster_id,
            indicator.basis,
            indicator.period,
            cluster.cluster_name,
            cluster.is_cross_cutting,
            cluster.sort_order,
            cluster.scope_note,
            {_CLUSTER_FIGURES},
            other.employment as other_employment,
            other.status as other_employment_status,
            nation.employment_share_pct as us_employment_share_pct,
            nation.status as us_employment_share_status,
            nation.wage_p50_usd as us_wage_p50_usd,
            nation.wage_p50_status as us_wage_p50_status
        from marts.cluster_indicators as indicator
        inner join cluster on cluster.cluster_id = indicator.cluster_id
        left join marts.cluster_indicators as other
            on other.area_id = indicator.area_id
            and other.cluster_id = indicator.cluster_id
            and other.level = 'cluster'
            and other.basis = $other
            and other.period = indicator.period
        left join marts.cluster_indicators as nation
            on nation.area_id = 'US'
            and nation.cluster_id = indicator.cluster_id
            and nation.level = 'cluster'
            and nation.basis = split_part($basis, ':', 1)
            and nation.period = indicator.period
        where indicator.area_id in (select unnest($areas))
            and indicator.level = 'cluster'
            and indicator.basis = $basis
        order by indicator.area_id, indicator.employment desc nulls last, cluster.sort_order
        """,
        areas=list(area_ids),
        basis=basis,
        other=counterpart(basis),
    )


def sub_clusters(
    connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str], basis: str = UNDUPLICATED
) -> pl.DataFrame:
    """The sub-clusters of each area within their clusters, the largest first."""
    return _frame(
        connection,
        f"""
        with {_PLACES}

        select
            indicator.area_id,
            indicator.level,
            indicator.cluster_id,
            indicator.sub_cluster_id,
            indicator.basis,
            indicator.period,
            cluster.cluster_name,
            sub_cluster.sub_cluster_name,
            sub_cluster.scope_note,
            {_CLUSTER_FIGURES}
        from marts.cluster_indicators as indicator
        inner join cluster on cluster.cluster_id = indicator.cluster_id
        inner join sub_cluster on sub_cluster.sub_cluster_id = indicator.sub_cluster_id
        where indicator.area_id in (select unnest($areas))
            and indicator.level = 'sub_cluster'
            and indicator.basis = $basis
        order by
            indicator.area_id,
            cluster.sort_order,
            indicator.employment desc nulls last,
            sub_cluster.sort_order
        """,
        areas=list(area_ids),
        basis=basis,
    )


def occupations(
    connection: duckdb.DuckDBPyConnection,
    area_ids: Sequence[str],
    per_cluster: int = 8,
    basis: str = UNDUPLICATED,
) -> pl.DataFrame:
    """The largest occupations of each cluster in each area, by the jobs that count in the cluster.

    `employment` is the area's published figure; `cluster_weight` the share of each job that counts in the cluster on
    the basis (1 where jobs are counted in full), `cluster_employment` their product. `weights_of` is the area whose
    weights they are: the nation, or the state where the release is made with weights by state. Occupations with
    withheld employment cannot be ranked and are not among them.
    """
    return _frame(
        connection,
        f"""
        with {_PLACES},

        allocation as (
            select area_id, '' as overlay_id, soc_code, cluster_id, cluster_weight
            from marts.area_soc_allocation
            union all
            select area_id, overlay_id, soc_code, cluster_id, cluster_weight
            from marts.overlay_allocation
        ),

        cluster_share as (
            select
                scheme.area_id,
                scheme.weights_of,
                trim(allocation.soc_code) as soc_code,
                trim(allocation.cluster_id) as cluster_id,
                case
                    when starts_with($basis, 'duplicated') then 1
                    else max(allocation.cluster_weight)
                end as cluster_weight
            from core.area_group_scheme as scheme
            inner join allocation
                on allocation.area_id = scheme.weights_of
                and allocation.overlay_id = split_part($basis, ':', 2)
            where scheme.area_id in (select unnest($areas))
                and (starts_with($basis, 'duplicated') or allocation.cluster_weight > 0)
            group by scheme.area_id, scheme.weights_of, trim(allocation.soc_code), trim(allocation.cluster_id)
        ),

        ranked as (
            select
                occupation.area_id,
                cluster_share.cluster_id,
                occupation.soc_code,
                occupation.period,
                occupation.occupation_name,
                occupation.employment,
                occupation.employment_status,
                cluster_share.weights_of,
                split_part($basis, ':', 2) as overlay_id,
                cluster_share.cluster_weight,
                occupation.employment * cluster_share.cluster_weight as cluster_employment,
                occupation.employment_rse_pct,
                occupation.reliability,
                occupation.employment_low,
                occupation.employment_high,
                occupation.location_quotient,
                occupation.wage_p10_usd,
                occupation.wage_p10_status,
                occupation.wage_p50_usd,
                occupation.wage_p50_status,
                occupation.wage_p90_usd,
                occupation.wage_p90_status,
                occupation.clusters,
                row_number() over (
                    partition by occupation.area_id, cluster_share.cluster_id
                    order by occupation.employment * cluster_share.cluster_weight desc, occupation.soc_code
                ) as cluster_rank
            from marts.occupation_indicators as occupation
            inner join cluster_share
                on cluster_share.area_id = occupation.area_id
                and cluster_share.soc_code = occupation.soc_code
            where occupation.area_id in (select unnest($areas)) and occupation.employment is not null
        )

        select ranked.*, cluster.cluster_name
        from ranked
        inner join cluster on cluster.cluster_id = ranked.cluster_id
        where ranked.cluster_rank <= $per_cluster
        order by ranked.area_id, cluster.sort_order, ranked.cluster_rank
        """,
        areas=list(area_ids),
        per_cluster=per_cluster,
        basis=basis,
    )


def compared_areas(connection: duckdb.DuckDBPyConnection, state_ids: Sequence[str]) -> pl.DataFrame:
    """The metro and nonmetro areas of states with all their jobs and median wage, the best paid first.

    An area that crosses state lines is listed under the one state that the publisher lists it under.
    """
    return _frame(
        connection,
        f"""
        select
            area.state_id,
            indicator.area_id,
            indicator.level,
            indicator.cluster_id,
            indicator.sub_cluster_id,
            indicator.basis,
            indicator.period,
            area.area_name,
            area.area_type,
            {_CLUSTER_FIGURES}
        from marts.cluster_indicators as indicator
        inner join reference.area as area on area.area_id = indicator.area_id
        where area.area_type in ('metro', 'nonmetro')
            and area.state_id in (select unnest($states))
            and indicator.level = 'all'
            and indicator.basis = 'unduplicated'
        order by area.state_id, indicator.wage_p50_usd desc nulls last, area.area_name
        """,
        states=list(state_ids),
    )


def region_parts(connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str]) -> pl.DataFrame:
    """The metro and nonmetro areas that make each region's figures by occupation, and those left out of them.

    One row per region and area: region_area_id, area_id, area_name, treatment, share_pct; none for other areas.
    """
    return _frame(
        connection,
        """
        select member.region_area_id, member.area_id, area.area_name, member.treatment, member.share_pct
        from reference.region_member as member
        inner join reference.area as area on area.area_id = member.area_id
        where member.region_area_id in (select unnest($areas)) and member.area_type <> 'county'
        order by member.region_area_id, member.share_pct desc, area.area_name
        """,
        areas=list(area_ids),
    )


def metro_counties(connection: duckdb.DuckDBPyConnection, state_ids: Sequence[str]) -> pl.DataFrame:
    """Counties of states that belong to a metro area, with the median wage of all jobs of that area.

    One row per county: state_id, state_fips, county_fips, area_id and area_name of the metro area, wage_p50_usd,
    wage_p50_status. Unlike `compared_areas` it has the metro areas that only reach into a state.
    """
    return _frame(
        connection,
        """
        select
            county.state_id,
            county.state_fips,
            county.area_id as county_fips,
            metro.area_id,
            metro.area_name,
            indicator.wage_p50_usd,
            indicator.wage_p50_status
        from reference.area as county
        inner join reference.area as metro on metro.area_id = county.cbsa_area_id
        inner join marts.cluster_indicators as indicator
            on indicator.area_id = metro.area_id
            and indicator.level = 'all'
            and indicator.basis = 'unduplicated'
        where county.area_type = 'county' and county.state_id in (select unnest($states))
        order by county.area_id
        """,
        states=list(state_ids),
    )


def states_compared(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """All states and territories with all their jobs and median wage, the best paid first."""
    return _frame(
        connection,
        f"""
        select
            indicator.area_id,
            indicator.level,
            indicator.cluster_id,
            indicator.sub_cluster_id,
            indicator.basis,
            indicator.period,
            area.area_name,
            area.area_type,
            area.is_territory,
            {_CLUSTER_FIGURES}
        from marts.cluster_indicators as indicator
        inner join reference.area as area on area.area_id = indicator.area_id
        where area.area_type = 'state' and indicator.level = 'all' and indicator.basis = 'unduplicated'
        order by indicator.wage_p50_usd desc nulls last, area.area_name
        """,
    )


def concentrations(
    connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str], basis: str = UNDUPLICATED, per_area: int = 1
) -> pl.DataFrame:
    """The clusters that are most over-represented in each area, by location quotient, the first `per_area` of each.

    Left out are clusters with reliability D and those without a location quotient because too little is published.
    """
    return _frame(
        connection,
        f"""
        with {_PLACES},

        ranked as (
            select
                indicator.area_id,
                indicator.level,
                indicator.cluster_id,
                indicator.sub_cluster_id,
                indicator.basis,
                indicator.period,
                indicator.employment,
                indicator.location_quotient,
                indicator.reliability,
                indicator.coverage_pct,
                indicator.status,
                row_number() over (
                    partition by indicator.area_id order by indicator.location_quotient desc, indicator.cluster_id
                ) as concentration_rank
            from marts.cluster_indicators as indicator
            where indicator.area_id in (select unnest($areas))
                and indicator.level = 'cluster'
                and indicator.basis = $basis
                and indicator.location_quotient is not null
                and indicator.reliability <> 'D'
        )

        select ranked.*, cluster.cluster_name
        from ranked
        inner join cluster on cluster.cluster_id = ranked.cluster_id
        where ranked.concentration_rank <= $per_area
        order by ranked.area_id, ranked.concentration_rank
        """,
        areas=list(area_ids),
        basis=basis,
        per_area=per_area,
    )


def cross_cutting(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Where the nation's people of the cross-cutting clusters work, by home cluster of the industry, most first."""
    return _frame(
        connection,
        """
        select
            context.area_id,
            context.level,
            context.cluster_id,
            context.sub_cluster_id,
            context.home_cluster_id,
            context.period,
            cluster.cluster_name,
            coalesce(home.cluster_name, 'No published industry') as home_cluster_name,
            context.employment,
            context.employment_share_pct,
            context.wage_mean_usd
        from marts.cross_cutting_context as context
        inner join reference.cluster as cluster on cluster.cluster_id = context.cluster_id
        left join reference.cluster as home on home.cluster_id = context.home_cluster_id
        where context.level = 'cluster'
        order by cluster.sort_order, context.employment desc, context.home_cluster_id
        """,
    )


def industries(connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str], ownership: str = "all") -> pl.DataFrame:
    """Each cluster from the employers' side in the newest year of each area: establishments, jobs with bounds, pay.

    The total (`all`) and establishments without an industry (`unassigned`) are among the rows. A cluster whose jobs are
    withheld comes after those that are shown.
    """
    return _frame(
        connection,
        """
        with newest as (
            select trim(area_id) as area_id, max(year) as year
            from marts.industry_indicators
            where area_id in (select unnest($areas))
            group by trim(area_id)
        )

        select
            indicator.area_id,
            indicator.level,
            indicator.cluster_id,
            indicator.sub_cluster_id,
            indicator.ownership,
            indicator.year,
            coalesce(
                cluster.cluster_name,
                case indicator.cluster_id when 'all' then 'All industries' else 'No industry stated' end
            ) as cluster_name,
            indicator.establishments,
            indicator.employment,
            indicator.employment_low,
            indicator.employment_high,
            indicator.pay_annual_avg_usd,
            indicator.employment_share_pct,
            indicator.location_quotient,
            indicator.location_quotient_status,
            indicator.employment_change_pct,
            indicator.employment_cagr_5yr_pct,
            indicator.disclosed_pct,
            indicator.cells,
            indicator.cells_withheld,
            indicator.status
        from marts.industry_indicators as indicator
        inner join newest on newest.area_id = indicator.area_id and newest.year = indicator.year
        left join reference.cluster as cluster on cluster.cluster_id = indicator.cluster_id
        where indicator.level <> 'sub_cluster' and indicator.ownership = $ownership
        order by
            indicator.area_id,
            case indicator.cluster_id when 'all' then 3 when 'unassigned' then 2 else 1 end,
            indicator.employment desc nulls last,
            indicator.employment_high desc nulls last,
            indicator.cluster_id
        """,
        areas=list(area_ids),
        ownership=ownership,
    )


def accuracy(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """How far the pooled wages are off, held against the publisher's own figures for major groups, by kind of area."""
    return _frame(
        connection,
        """
        select area_type, grouping, statistic, method, groups, median_abs_error_pct, p90_abs_error_pct
        from quality.method_accuracy
        where grouping = 'major group' and method = 'pooled'
        order by area_type, statistic
        """,
    )


def occupation_outlook(connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str]) -> pl.DataFrame:
    """Projected jobs and openings of each occupation in the newest period of each area, with what it asks for.

    Figures count self-employed people, unlike those of OEWS. Only the nation and the states have projections.
    """
    return _frame(
        connection,
        """
        with newest as (
            select trim(area_id) as area_id, max(projection_period) as projection_period
            from marts.occupation_outlook
            where area_id in (select unnest($areas))
            group by trim(area_id)
        )

        select
            outlook.area_id,
            outlook.soc_code,
            outlook.projection_period,
            outlook.base_jobs,
            outlook.projected_jobs,
            outlook.change_jobs,
            outlook.growth_pct,
            outlook.cagr_pct,
            outlook.annual_openings,
            outlook.openings_rate_pct,
            outlook.entry_education,
            outlook.work_experience,
            outlook.on_the_job_training,
            outlook.job_zone_mean,
            outlook.status
        from marts.occupation_outlook as outlook
        inner join newest
            on newest.area_id = outlook.area_id and newest.projection_period = outlook.projection_period
        order by outlook.area_id, outlook.soc_code
        """,
        areas=list(area_ids),
    )


def policies(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The rule sets of the release with their rules in words: one row each, the neutral default first."""
    return _frame(
        connection,
        """
        select *
        from reference.policy
        order by policy <> 'default', state_id nulls first, policy
        """,
    )


def flags(connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str], policy: str = DEFAULT_POLICY) -> pl.DataFrame:
    """Verdicts of a policy on every occupation of each area: `true`, `false`, `unknown`, or empty where not defined."""
    return _frame(
        connection,
        """
        select area_id, soc_code, policy, high_skill, high_wage, in_demand, listed
        from marts.occupation_flag
        where area_id in (select unnest($areas)) and policy = $policy
        order by area_id, soc_code
        """,
        areas=list(area_ids),
        policy=policy,
    )


def flag_thresholds(
    connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str], policy: str = DEFAULT_POLICY
) -> pl.DataFrame:
    """What occupations were held against in each area: area_id, policy, flag, measure, threshold, one row each.

    `threshold` is text for high_skill (BLS's words) and a figure in the unit of `measure` otherwise, kept as
    `threshold_value` too. `soc_code` is an occupation that was held against it.
    """
    return _frame(
        connection,
        """
        with threshold as (
            select
                area_id, policy, soc_code, 'high_wage' as flag, high_wage_measure as measure,
                cast(high_wage_threshold as varchar) as threshold, high_wage_threshold as threshold_value
            from marts.occupation_flag
            union all
            select
                area_id, policy, soc_code, 'high_skill' as flag, high_skill_measure as measure,
                high_skill_threshold as threshold, null as threshold_value
            from marts.occupation_flag
            union all
            select
                area_id, policy, soc_code, 'in_demand' as flag, in_demand_measure as measure,
                cast(in_demand_threshold as varchar) as threshold, in_demand_threshold as threshold_value
            from marts.occupation_flag
        )

        select
            trim(area_id) as area_id,
            trim(policy) as policy,
            flag,
            trim(measure) as measure,
            trim(threshold) as threshold,
            max(threshold_value) as threshold_value,
            min(soc_code) as soc_code,
            count(*) as occupations
        from threshold
        where area_id in (select unnest($areas)) and policy = $policy and threshold is not null
        group by all
        order by area_id, flag, measure, threshold_value, threshold
        """,
        areas=list(area_ids),
        policy=policy,
    )


def flag_shares(
    connection: duckdb.DuckDBPyConnection,
    area_ids: Sequence[str],
    policy: str = DEFAULT_POLICY,
    basis: str = UNDUPLICATED,
) -> pl.DataFrame:
    """Shares of jobs and openings of each cluster, and of all jobs, that a policy flags, does not, or cannot judge.

    One row per area, cluster and flag; the area's total first, then clusters in alphabetical order.
    """
    return _frame(
        connection,
        f"""
        with {_PLACES}

        select
            share.area_id,
            share.level,
            share.cluster_id,
            share.sub_cluster_id,
            share.basis,
            share.policy,
            share.flag,
            coalesce(cluster.cluster_name, 'All clusters') as cluster_name,
            share.jobs_flagged_pct,
            share.jobs_not_flagged_pct,
            share.jobs_unknown_pct,
            share.openings_flagged_pct,
            share.openings_not_flagged_pct,
            share.openings_unknown_pct,
            share.coverage_pct,
            share.status
        from marts.cluster_flag_share as share
        left join cluster on cluster.cluster_id = share.cluster_id
        where share.area_id in (select unnest($areas))
            and share.level <> 'sub_cluster'
            and share.policy = $policy
            and share.basis = $basis
        order by share.area_id, cluster.sort_order nulls first, share.flag
        """,
        areas=list(area_ids),
        policy=policy,
        basis=basis,
    )


def cluster_outlook(
    connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str], basis: str = UNDUPLICATED
) -> pl.DataFrame:
    """Projected jobs, growth and openings of each cluster in the newest period of each area, most openings first.

    The area's total, as published, comes first.
    """
    return _frame(
        connection,
        f"""
        with {_PLACES},

        newest as (
            select trim(area_id) as area_id, max(projection_period) as projection_period
            from marts.cluster_outlook
            where area_id in (select unnest($areas))
            group by trim(area_id)
        )

        select
            outlook.area_id,
            outlook.level,
            outlook.cluster_id,
            outlook.sub_cluster_id,
            outlook.basis,
            outlook.projection_period,
            coalesce(cluster.cluster_name, 'All jobs') as cluster_name,
            outlook.base_year,
            outlook.projected_year,
            outlook.base_jobs,
            outlook.projected_jobs,
            outlook.change_jobs,
            outlook.growth_pct,
            outlook.cagr_pct,
            outlook.annual_openings,
            outlook.openings_growth,
            outlook.openings_exits,
            outlook.openings_transfers,
            outlook.openings_rate_pct,
            outlook.middle_skill_pct,
            outlook.job_zone_mean,
            outlook.coverage_pct,
            outlook.source,
            outlook.vintage,
            outlook.status
        from marts.cluster_outlook as outlook
        inner join newest
            on newest.area_id = outlook.area_id and newest.projection_period = outlook.projection_period
        left join cluster on cluster.cluster_id = outlook.cluster_id
        where outlook.level <> 'sub_cluster' and outlook.basis = $basis
        order by
            outlook.area_id,
            outlook.level <> 'all',
            outlook.annual_openings desc nulls last,
            cluster.sort_order
        """,
        areas=list(area_ids),
        basis=basis,
    )


def education_mix(
    connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str], basis: str = UNDUPLICATED
) -> pl.DataFrame:
    """Shares of each cluster's openings, and of all openings, by typical entry education, lowest level first."""
    return _frame(
        connection,
        f"""
        with {_PLACES},

        newest as (
            select trim(area_id) as area_id, max(projection_period) as projection_period
            from marts.cluster_education_mix
            where area_id in (select unnest($areas))
            group by trim(area_id)
        )

        select
            mix.area_id,
            mix.level,
            mix.cluster_id,
            mix.sub_cluster_id,
            mix.basis,
            mix.projection_period,
            mix.entry_education,
            mix.education_rank,
            coalesce(cluster.cluster_name, 'All jobs') as cluster_name,
            mix.openings_pct,
            mix.base_jobs_pct
        from marts.cluster_education_mix as mix
        inner join newest on newest.area_id = mix.area_id and newest.projection_period = mix.projection_period
        left join cluster on cluster.cluster_id = mix.cluster_id
        where mix.level <> 'sub_cluster' and mix.basis = $basis
        order by mix.area_id, mix.level <> 'all', cluster.sort_order, mix.education_rank
        """,
        areas=list(area_ids),
        basis=basis,
    )


def cross_cutting_estimate(connection: duckdb.DuckDBPyConnection, area_ids: Sequence[str]) -> pl.DataFrame:
    """Estimated jobs of each area's cross-cutting clusters by home cluster of the industry; a model, not published."""
    return _frame(
        connection,
        """
        select
            estimate.area_id,
            estimate.level,
            estimate.cluster_id,
            estimate.sub_cluster_id,
            estimate.home_cluster_id,
            estimate.year,
            estimate.period,
            estimate.employment,
            estimate.status
        from marts.cluster_by_industry_estimate as estimate
        inner join reference.cluster as cluster on cluster.cluster_id = estimate.cluster_id
        where estimate.area_id in (select unnest($areas)) and estimate.level = 'cluster' and cluster.is_cross_cutting
        order by estimate.area_id, cluster.sort_order, estimate.employment desc nulls last, estimate.home_cluster_id
        """,
        areas=list(area_ids),
    )


def default_policies(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The policy that a state's overlay names as its default, by state."""
    frame = _frame(
        connection,
        "select state_id, default_policy from reference.overlay where default_policy is not null order by overlay_id",
    )
    return {str(state): str(policy) for state, policy in frame.iter_rows()}
