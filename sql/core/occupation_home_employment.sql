-- National jobs of each occupation (00-0000: all occupations) by home of the industry, each job once. Jobs that no
-- industry shows are unassigned. Jobs that only an industry of several homes shows have the home of that industry's own
-- code and count as mixed.
with

homed as (
    select
        part.soc_code,
        coalesce(industry.home_cluster_id, 'unassigned') as home_cluster_id,
        coalesce(industry.home_sub_cluster_id, 'unassigned') as home_sub_cluster_id,
        industry.is_one_cluster,
        part.employment,
        part.wage_mean_usd
    from core.oews_industry_part as part
    inner join core.oews_industry as industry on industry.industry_code = part.industry_code
)

select
    soc_code,
    home_cluster_id,
    home_sub_cluster_id,
    cast(sum(employment) as double) as employment,
    cast(coalesce(sum(employment) filter (where not is_one_cluster and home_cluster_id <> 'unassigned'), 0) as double)
        as mixed_employment,
    cast(coalesce(sum(employment) filter (where wage_mean_usd is not null), 0) as double) as wage_employment,
    cast(coalesce(sum(employment * wage_mean_usd), 0) as double) as wages_usd
from homed
group by soc_code, home_cluster_id, home_sub_cluster_id
having sum(employment) > 0
order by soc_code, home_cluster_id, home_sub_cluster_id
