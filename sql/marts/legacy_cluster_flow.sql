-- Where the jobs of each legacy cluster are now, in the nation and every state: jobs of its occupations, shared by the
-- weights of the legacy clusters and those of the present clusters as if these were independent. Each job counts once
-- over all legacy clusters, and once over all present ones.
with

area as (
    select distinct figure.area_id, area_scheme.scheme
    from core.occupation_estimate as figure
    inner join reference.area as area on area.area_id = figure.area_id
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = figure.area_id
    where area.area_type in ('national', 'state')
),

figure as (
    select figure.area_id, figure.soc_code, figure.employment_estimate as employment, figure.employment_published
    from core.occupation_estimate as figure
    inner join area on area.area_id = figure.area_id
),

joint as (
    select
        allocation.scheme,
        occupation.soc_code,
        nation.employment as national_employment,
        legacy.legacy_cluster_id,
        allocation.cluster_id,
        allocation.sub_cluster_id,
        legacy.weight * allocation.weight as weight
    from reference.oews_occupation as occupation
    inner join reference.soc_legacy_cluster as legacy on legacy.soc_code = occupation.soc_code
    inner join core.scheme_membership as allocation
        on allocation.soc_code = occupation.soc_code
        and allocation.basis = 'unduplicated'
    left join figure as nation
        on nation.soc_code = occupation.soc_code
        and nation.area_id = 'US'
    where occupation.occupation_group = 'detailed'
        and legacy.weight * allocation.weight > 0
),

flow as (
    select 'sub_cluster' as level, *
    from joint
    union all by name
    select
        'cluster' as level,
        scheme,
        legacy_cluster_id,
        cluster_id,
        'all' as sub_cluster_id,
        soc_code,
        max(national_employment) as national_employment,
        sum(weight) as weight
    from joint
    group by scheme, legacy_cluster_id, cluster_id, soc_code
),

-- sums are rounded far below the published digits, so that every run rounds figures halfway between two alike
total as (
    select
        area.area_id,
        flow.level,
        flow.legacy_cluster_id,
        flow.cluster_id,
        flow.sub_cluster_id,
        cast(sum(cast(flow.weight * figure.employment as decimal(18, 6))) as double) as employment,
        cast(coalesce(sum(cast(flow.weight * figure.employment_published as decimal(18, 6))), 0) as double)
            as employment_published,
        count(figure.employment_published) as occupations,
        count(*) as occupations_defined,
        100.0 * round(
            coalesce(
                sum(flow.weight * flow.national_employment) filter (where figure.employment_published is not null), 0
            ),
            6
        ) / nullif(round(sum(flow.weight * flow.national_employment), 6), 0) as coverage_pct
    from flow
    inner join area on area.scheme = flow.scheme
    left join figure
        on figure.soc_code = flow.soc_code
        and figure.area_id = area.area_id
    group by area.area_id, flow.level, flow.legacy_cluster_id, flow.cluster_id, flow.sub_cluster_id
)

-- rounded as decimals, in which half is half: doubles would round by the engine that computes them
select
    area_id,
    legacy_cluster_id,
    level,
    cluster_id,
    sub_cluster_id,
    round(cast(employment as decimal(18, 6)), 3) as employment,
    round(
        cast(
            100.0 * employment
            / nullif(round(sum(employment) over (partition by area_id, level, legacy_cluster_id), 6), 0)
            as decimal(18, 9)
        ), 6
    ) as share_of_legacy_cluster_pct,
    round(
        cast(
            100.0 * employment
            / nullif(round(sum(employment) over (partition by area_id, level, cluster_id, sub_cluster_id), 6), 0)
            as decimal(18, 9)
        ), 6
    ) as share_of_cluster_pct,
    occupations,
    occupations_defined,
    round(cast(coverage_pct as decimal(18, 9)), 4) as coverage_pct,
    case
        when employment is null then 'withheld'
        when employment_published < 0.995 * employment then 'modelled'
        else 'ok'
    end as status
from total
order by area_id, legacy_cluster_id, level, cluster_id, sub_cluster_id
