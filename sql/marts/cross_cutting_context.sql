-- Where people in the cross-cutting clusters work: national jobs of each cross-cutting cluster and sub-cluster by home
-- of the industry, with the mean wage there. Jobs are unduplicated, so the homes add up to the nation's rows in
-- marts.cluster_indicators.
with

member as (
    select allocation.*, cluster.is_cross_cutting
    from marts.soc_allocation as allocation
    inner join reference.cluster as cluster on cluster.cluster_id = allocation.cluster_id
),

sector_member as (
    select distinct soc_code, cluster_id
    from member
    where not is_cross_cutting
),

-- jobs in the home industries of another cluster of the occupation belong to that cluster
open_home as (
    select
        home.soc_code,
        home.home_cluster_id,
        sum(home.employment) as employment,
        sum(home.wage_employment) as wage_employment,
        sum(home.wages_usd) as wages_usd
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
        member.cluster_id,
        member.sub_cluster_id,
        coalesce(open_home.home_cluster_id, 'unassigned') as home_cluster_id,
        member.weight * national.employment
            * coalesce(
                open_home.employment / sum(open_home.employment) over (
                    partition by member.soc_code, member.cluster_id, member.sub_cluster_id
                ), 1
            ) as employment,
        open_home.wages_usd / nullif(open_home.wage_employment, 0) as wage_mean_usd
    from member
    inner join core.oews_area_occupation as national
        on national.soc_code = member.soc_code
        and national.area_id = 'US'
        and national.occupation_group = 'detailed'
    left join open_home on open_home.soc_code = member.soc_code
    where member.is_cross_cutting
        and member.weight > 0
        and national.employment is not null
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
