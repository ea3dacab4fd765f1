-- National jobs by home of the industry: OEWS employment of all occupations, each job once. Jobs whose home is a
-- cluster only have the sub-cluster 'unassigned'.
with

summed as (
    select
        case
            when home_cluster_id is null then 'all'
            when home_sub_cluster_id is null then 'cluster'
            else 'sub_cluster'
        end as level,
        coalesce(home_cluster_id, 'all') as cluster_id,
        coalesce(home_sub_cluster_id, 'all') as sub_cluster_id,
        sum(employment) as employment,
        sum(mixed_employment) as mixed_employment,
        sum(wage_employment) as wage_employment,
        sum(wages_usd) as wages_usd
    from core.occupation_home_employment
    where soc_code = '00-0000'
    group by rollup (home_cluster_id, home_sub_cluster_id)
)

select
    'US' as area_id,
    summed.level,
    summed.cluster_id,
    summed.sub_cluster_id,
    release.period,
    summed.employment,
    round(100.0 * summed.employment / max(summed.employment) filter (where summed.level = 'all') over (), 6)
        as employment_share_pct,
    round(summed.wages_usd / nullif(summed.wage_employment, 0), 2) as wage_mean_usd,
    round(100.0 * summed.mixed_employment / summed.employment, 4) as mixed_pct
from summed
cross join raw.oews_release as release
order by summed.level, summed.cluster_id, summed.sub_cluster_id
