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
        sub_cluster.cluster_id as home_cluster_id,
        6 * sqrt(max(occupation.occupations) * (count(*) + 1) / 12.0) / 1024 as jobs
    from reference.sub_cluster as sub_cluster
    cross join (
        select count(*) as occupations
        from reference.oews_occupation
        where occupation_group = 'detailed'
    ) as occupation
    group by sub_cluster.cluster_id
),

home as (
    select area_id, home_cluster_id, sum(employment) as qcew_jobs
    from core.qcew_staffed_cell
    group by area_id, home_cluster_id
),

clusters as (
    select
        area_id,
        home_cluster_id,
        count(*) as parts,
        sum(qcew_jobs) as qcew_jobs,
        sum(qcew_jobs) filter (where status = 'modelled') as modelled_qcew_jobs,
        sum(employment) as employment
    from marts.cluster_by_industry_estimate
    where level = 'cluster'
    group by area_id, home_cluster_id
),

sub_clusters as (
    select
        area_id,
        home_cluster_id,
        cluster_id,
        count(*) as parts,
        sum(qcew_jobs) as qcew_jobs,
        sum(employment) as employment
    from marts.cluster_by_industry_estimate
    where level = 'sub_cluster'
    group by area_id, home_cluster_id, cluster_id
),

compared as (
    select
        home.area_id,
        home.home_cluster_id,
        'published jobs of the home' as what,
        clusters.parts,
        coalesce(rounding.jobs, 0) as rounding,
        home.qcew_jobs as whole,
        coalesce(clusters.qcew_jobs, 0) as sum_of_parts
    from home
    left join rounding on rounding.home_cluster_id = home.home_cluster_id
    left join clusters
        on clusters.area_id = home.area_id
        and clusters.home_cluster_id = home.home_cluster_id
    union all
    select
        whole.area_id,
        whole.home_cluster_id,
        'QCEW jobs of all' as what,
        clusters.parts,
        0 as rounding,
        whole.qcew_jobs,
        coalesce(clusters.modelled_qcew_jobs, 0)
    from marts.cluster_by_industry_estimate as whole
    left join clusters
        on clusters.area_id = whole.area_id
        and clusters.home_cluster_id = whole.home_cluster_id
    where whole.level = 'all'
    union all
    select
        whole.area_id,
        whole.home_cluster_id,
        'jobs of all' as what,
        clusters.parts,
        0 as rounding,
        whole.employment,
        coalesce(clusters.employment, 0)
    from marts.cluster_by_industry_estimate as whole
    left join clusters
        on clusters.area_id = whole.area_id
        and clusters.home_cluster_id = whole.home_cluster_id
    where whole.level = 'all'
    union all
    select
        whole.area_id,
        whole.home_cluster_id,
        whole.cluster_id || ',
        jobs' as what,
        sub_clusters.parts,
        0 as rounding,
        whole.employment,
        coalesce(sub_clusters.employment, 0)
    from marts.cluster_by_industry_estimate as whole
    inner join reference.area as area on area.area_id = whole.area_id
    left join sub_clusters
        on sub_clusters.area_id = whole.area_id
        and sub_clusters.home_cluster_id = whole.home_cluster_id
        and sub_clusters.cluster_id = whole.cluster_id
    where whole.level = 'cluster'
        and whole.status = 'modelled'
        and area.area_type <> 'county'
)

select area_id, home_cluster_id, what, whole, sum_of_parts
from compared
where abs(whole - sum_of_parts) > 0.001 * (coalesce(parts, 0) + 1) + rounding
order by area_id, home_cluster_id, what
