-- On an unduplicated basis the sub-clusters of a cluster add up to it in every area.
-- table: marts.cluster_indicators
-- severity: error
-- expected: sum of sub-clusters = cluster, within 0.05 jobs (figures rounded to 3 decimals)
with

clusters as (
    select area_id, basis, cluster_id, coalesce(employment, 0) as employment
    from marts.cluster_indicators
    where level = 'cluster'
        and starts_with(basis, 'unduplicated')
),

sub_clusters as (
    select area_id, basis, cluster_id, coalesce(sum(employment), 0) as employment
    from marts.cluster_indicators
    where level = 'sub_cluster'
        and starts_with(basis, 'unduplicated')
    group by area_id, basis, cluster_id
)

select
    coalesce(clusters.area_id, sub_clusters.area_id) as area_id,
    coalesce(clusters.basis, sub_clusters.basis) as basis,
    coalesce(clusters.cluster_id, sub_clusters.cluster_id) as cluster_id,
    clusters.employment as cluster_employment,
    sub_clusters.employment as sub_cluster_employment
from clusters
full outer join sub_clusters
    on sub_clusters.area_id = clusters.area_id
    and sub_clusters.basis = clusters.basis
    and sub_clusters.cluster_id = clusters.cluster_id
where clusters.area_id is null
    or sub_clusters.area_id is null
    or abs(clusters.employment - sub_clusters.employment) > 0.05
order by area_id, basis, cluster_id
