-- Where people in the cross-cutting clusters work: national jobs of each cross-cutting cluster and sub-cluster by home
-- of the industry, with the mean wage there. Jobs are unduplicated, so the homes add up to the nation's rows in
-- marts.cluster_indicators.
with

-- jobs of each occupation by home, and the sub-clusters that they belong to there
at_home as (
    select
        home.soc_code,
        home.home_cluster_id,
        allocation.cluster_id,
        allocation.sub_cluster_id,
        home.employment * allocation.weight as employment,
        home.wages_usd / nullif(home.wage_employment, 0) as wage_mean_usd
    from (
        select
            soc_code,
            home_cluster_id,
            sum(employment) as employment,
            sum(wage_employment) as wage_employment,
            sum(wages_usd) as wages_usd
        from core.occupation_home_employment
        group by soc_code, home_cluster_id
    ) as home
    inner join core.home_allocation as allocation
        on allocation.soc_code = home.soc_code
        and allocation.home_cluster_id = home.home_cluster_id
),

context as (
    select
        member.cluster_id,
        member.sub_cluster_id,
        coalesce(at_home.home_cluster_id, 'unassigned') as home_cluster_id,
        member.weight * national.employment
            * coalesce(
                at_home.employment / sum(at_home.employment) over (
                    partition by member.soc_code, member.cluster_id, member.sub_cluster_id
                ), 1
            ) as employment,
        at_home.wage_mean_usd
    from marts.soc_allocation as member
    inner join reference.cluster as cluster
        on cluster.cluster_id = member.cluster_id
        and cluster.is_cross_cutting
    inner join core.oews_area_occupation as national
        on national.soc_code = member.soc_code
        and national.area_id = 'US'
        and national.occupation_group = 'detailed'
    left join at_home
        on at_home.soc_code = member.soc_code
        and at_home.cluster_id = member.cluster_id
        and at_home.sub_cluster_id = member.sub_cluster_id
    where member.weight > 0
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
