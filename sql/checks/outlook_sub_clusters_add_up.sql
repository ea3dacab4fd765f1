-- On unduplicated bases the sub-clusters of a cluster add up to it in every area, in jobs and openings.
-- table: marts.cluster_outlook
-- severity: error
-- expected: sum of sub-clusters = cluster, within 0.05 (figures rounded to 3 decimals)
with

clusters as (
    select
        area_id, basis, cluster_id,
        coalesce(base_jobs, 0) as base_jobs,
        coalesce(projected_jobs, 0) as projected_jobs,
        coalesce(annual_openings, 0) as annual_openings,
        coalesce(openings_exits, 0) as openings_exits
    from marts.cluster_outlook
    where level = 'cluster'
        and starts_with(basis, 'unduplicated')
),

sub_clusters as (
    select
        area_id, basis, cluster_id,
        coalesce(sum(base_jobs), 0) as base_jobs,
        coalesce(sum(projected_jobs), 0) as projected_jobs,
        coalesce(sum(annual_openings), 0) as annual_openings,
        coalesce(sum(openings_exits), 0) as openings_exits
    from marts.cluster_outlook
    where level = 'sub_cluster'
        and starts_with(basis, 'unduplicated')
    group by area_id, basis, cluster_id
)

select
    coalesce(clusters.area_id, sub_clusters.area_id) as area_id,
    coalesce(clusters.basis, sub_clusters.basis) as basis,
    coalesce(clusters.cluster_id, sub_clusters.cluster_id) as cluster_id,
    clusters.base_jobs as cluster_base_jobs,
    sub_clusters.base_jobs as sub_clusters_base_jobs
from clusters
full outer join sub_clusters
    on sub_clusters.area_id = clusters.area_id
    and sub_clusters.basis = clusters.basis
    and sub_clusters.cluster_id = clusters.cluster_id
where clusters.area_id is null
    or sub_clusters.area_id is null
    or abs(clusters.base_jobs - sub_clusters.base_jobs) > 0.05
    or abs(clusters.projected_jobs - sub_clusters.projected_jobs) > 0.05
    or abs(clusters.annual_openings - sub_clusters.annual_openings) > 0.05
    or abs(clusters.openings_exits - sub_clusters.openings_exits) > 0.05
order by area_id, basis, cluster_id
