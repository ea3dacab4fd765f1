-- No job gets lost between QCEW and the estimate: in every home the clusters and the jobs without a pattern add up to its
-- published jobs, and sub-clusters to their cluster.
-- table: marts.cluster_by_industry_estimate
-- severity: error
-- expected: sums of qcew_jobs and of employment within a thousandth of a job for each row added
with

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
    select area_id, home_cluster_id, cluster_id, count(*) as parts, sum(qcew_jobs) as qcew_jobs, sum(employment) as employment
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
        home.qcew_jobs as whole,
        coalesce(clusters.qcew_jobs, 0) as sum_of_parts
    from home
    left join clusters
        on clusters.area_id = home.area_id
        and clusters.home_cluster_id = home.home_cluster_id
    union all
    select whole.area_id, whole.home_cluster_id, 'QCEW jobs of all' as what, clusters.parts, whole.qcew_jobs, coalesce(clusters.modelled_qcew_jobs, 0)
    from marts.cluster_by_industry_estimate as whole
    left join clusters
        on clusters.area_id = whole.area_id
        and clusters.home_cluster_id = whole.home_cluster_id
    where whole.level = 'all'
    union all
    select whole.area_id, whole.home_cluster_id, 'jobs of all' as what, clusters.parts, whole.employment, coalesce(clusters.employment, 0)
    from marts.cluster_by_industry_estimate as whole
    left join clusters
        on clusters.area_id = whole.area_id
        and clusters.home_cluster_id = whole.home_cluster_id
    where whole.level = 'all'
    union all
    select whole.area_id, whole.home_cluster_id, whole.cluster_id || ', jobs' as what, sub_clusters.parts, whole.employment, coalesce(sub_clusters.employment, 0)
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
where abs(whole - sum_of_parts) > 0.001 * (coalesce(parts, 0) + 1)
order by area_id, home_cluster_id, what
