-- National jobs by industry home add up: sub-clusters to clusters, clusters to all, all to the published total.
-- table: marts.industry_employment
-- severity: error
-- expected: each sum within 0.01 percent (published industries are rounded to tens)
with

total as (
    select cast(employment as double) as employment
    from core.oews_area_occupation
    where area_id = 'US'
        and soc_code = '00-0000'
),

all_jobs as (
    select sum(employment) as employment
    from marts.industry_employment
    where level = 'all'
),

clusters as (
    select sum(employment) as employment
    from marts.industry_employment
    where level = 'cluster'
),

cluster_parts as (
    select cluster_id, sum(employment) as employment
    from marts.industry_employment
    where level = 'sub_cluster'
    group by cluster_id
),

compared as (
    select 'all jobs' as part, all_jobs.employment as employment, total.employment as expected_employment
    from total
    cross join all_jobs
    union all
    select 'sum of clusters' as part, clusters.employment as employment, all_jobs.employment as expected_employment
    from all_jobs
    cross join clusters
    union all
    select
        coalesce(industry.cluster_id, cluster_parts.cluster_id) as part,
        cluster_parts.employment as employment,
        industry.employment as expected_employment
    from (
        select cluster_id, employment
        from marts.industry_employment
        where level = 'cluster'
    ) as industry
    full outer join cluster_parts on cluster_parts.cluster_id = industry.cluster_id
)

select part, employment, expected_employment
from compared
where employment is null
    or expected_employment is null
    or abs(employment - expected_employment) > 0.0001 * expected_employment
order by part
