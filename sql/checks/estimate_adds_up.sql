-- No job is lost between QCEW and the estimate: in every home, the clusters and the jobs without a staffing pattern
-- add up to its published jobs, and sub-clusters add up to their cluster.
-- table: marts.cluster_by_industry_estimate
-- severity: error
-- expected: sums of qcew_jobs and of employment within 0.001 job for each row added, plus the effect of rounding
with

-- core.area_home_employment rounds each occupation of a home to 1/1024 of a job: the roundings of a home's occupations
-- add up to no more than six standard deviations
rounding as (
    select
        home.home_cluster_id,
        6 * sqrt(max(occupation.occupations) * (count(home.sub_cluster_id) + 1) / 12.0) / 1024 as jobs
    from (
        select cluster_id as home_cluster_id, sub_cluster_id
        from reference.sub_cluster
        union all
        select 'no_home' as home_cluster_id, null as sub_cluster_id
    ) as home
    cross join (
        select count(*) as occupations
        from reference.oews_occupation
        where occupation_group = 'detailed'
    ) as occupation
    group by home.home_cluster_id
),

part as (
    select
        area_id,
        home_cluster_id,
        case level when 'cluster' then 'all' else cluster_id end as cluster_id,
        count(*) as parts,
        coalesce(sum(qcew_jobs), 0) as published_jobs,
        coalesce(sum(qcew_jobs) filter (where status = 'modelled'), 0) as qcew_jobs,
        coalesce(sum(employment), 0) as employment
    from marts.cluster_by_industry_estimate
    where level in ('cluster', 'sub_cluster')
    group by all
),

whole as (
    select area_id, home_cluster_id, 'all' as cluster_id, 'published_jobs' as figure, sum(employment) as jobs
    from core.qcew_staffed_cell
    group by all
    union all
    select area_id, home_cluster_id, cluster_id, 'qcew_jobs' as figure, qcew_jobs as jobs
    from marts.cluster_by_industry_estimate
    where level = 'all'
    union all
    select estimate.area_id, estimate.home_cluster_id, estimate.cluster_id, 'employment' as figure, estimate.employment
    from marts.cluster_by_industry_estimate as estimate
    inner join reference.area as area on area.area_id = estimate.area_id
    where estimate.level = 'all'
        or (estimate.level = 'cluster' and estimate.status = 'modelled' and area.area_type <> 'county')
),

compared as (
    select
        whole.*,
        coalesce(
            case whole.figure
                when 'published_jobs' then part.published_jobs
                when 'qcew_jobs' then part.qcew_jobs
                else part.employment
            end,
            0
        ) as sum_of_parts,
        0.001 * (coalesce(part.parts, 0) + 1) + coalesce(rounding.jobs, 0) as tolerance
    from whole
    left join part
        on part.area_id = whole.area_id
        and part.home_cluster_id = whole.home_cluster_id
        and part.cluster_id = whole.cluster_id
    left join rounding
        on rounding.home_cluster_id = whole.home_cluster_id
        and whole.figure = 'published_jobs'
)

select area_id, home_cluster_id, cluster_id, figure, jobs, sum_of_parts
from compared
where abs(jobs - sum_of_parts) > tolerance
order by area_id, home_cluster_id, cluster_id, figure
