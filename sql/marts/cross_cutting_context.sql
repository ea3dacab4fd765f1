-- Where people in the cross-cutting clusters work: national jobs of each cross-cutting cluster and sub-cluster by home
-- of the industry, with the mean wage there. Jobs are unduplicated, so the homes add up to the nation's rows in
-- marts.cluster_indicators.
with

cross_cutting as (
    select allocation.soc_code, allocation.cluster_id, allocation.sub_cluster_id, allocation.weight
    from marts.soc_allocation as allocation
    inner join reference.cluster as cluster on cluster.cluster_id = allocation.cluster_id
    where cluster.is_cross_cutting
),

sector_member as (
    select distinct allocation.soc_code, allocation.cluster_id
    from marts.soc_allocation as allocation
    inner join reference.cluster as cluster on cluster.cluster_id = allocation.cluster_id
    where not cluster.is_cross_cutting
),

national as (
    select soc_code, cast(employment as double) as employment
    from core.oews_area_occupation
    where area_id = 'US'
        and occupation_group = 'detailed'
        and employment is not null
),

-- jobs in the home industries of another cluster of the occupation belong to that cluster
open_home as (
    select home.soc_code, home.home_cluster_id, sum(home.employment) as employment,
        sum(home.wage_employment) as wage_employment, sum(home.wages_usd) as wages_usd
    from core.occupation_home_employment as home
    left join sector_member
        on sector_member.soc_code = home.soc_code
        and sector_member.cluster_id = home.home_cluster_id
    where sector_member.soc_code is null
        and home.soc_code <> '00-0000'
    group by home.soc_code, home.home_cluster_id
),

context as (
    select
        cross_cutting.cluster_id,
        cross_cutting.sub_cluster_id,
        coalesce(open_home.home_cluster_id, 'unassigned') as home_cluster_id,
        cross_cutting.weight * national.employment
            * coalesce(
                open_home.employment / sum(open_home.employment) over (
                    partition by cross_cutting.soc_code, cross_cutting.cluster_id, cross_cutting.sub_cluster_id
                ), 1
            ) as employment,
        open_home.wages_usd / nullif(open_home.wage_employment, 0) as wage_mean_usd
    from cross_cutting
    inner join national on national.soc_code = cross_cutting.soc_code
    left join open_home on open_home.soc_code = cross_cutting.soc_code
    where cross_cutting.weight > 0
),

levelled as (
    select 'cluster' as level, cluster_id, 'all' as sub_cluster_id, home_cluster_id, employment, wage_mean_usd
    from context
    union all
    select 'sub_cluster' as level, cluster_id, sub_cluster_id, home_cluster_id, employment, wage_mean_usd
    from context
),

-- sums are rounded far below the published digits, so that every run rounds figures halfway between two alike
summed as (
    select
        level,
        cluster_id,
        sub_cluster_id,
        home_cluster_id,
        round(sum(employment), 6) as employment,
        round(sum(employment * wage_mean_usd) / nullif(sum(employment) filter (where wage_mean_usd is not null), 0), 6)
            as wage_mean_usd
    from levelled
    group by level, cluster_id, sub_cluster_id, home_cluster_id
)

select
    'US' as area_id,
    summed.level,
    summed.cluster_id,
    summed.sub_cluster_id,
    summed.home_cluster_id,
    release.period,
    round(summed.employment, 3) as employment,
    round(
        100.0 * summed.employment
        / round(sum(summed.employment) over (partition by summed.level, summed.cluster_id, summed.sub_cluster_id), 6), 6
    ) as employment_share_pct,
    round(summed.wage_mean_usd, 2) as wage_mean_usd
from summed
cross join raw.oews_release as release
order by summed.level, summed.cluster_id, summed.sub_cluster_id, summed.home_cluster_id
