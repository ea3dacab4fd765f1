-- On an unduplicated basis the sub-clusters of a cluster add up to it in every area.
-- table: marts.cluster_indicators
-- severity: error
-- expected: sum of sub-clusters = cluster, within 0.05 jobs (figures rounded to 3 decimals)
-- keys: area_id, basis, cluster_id
-- figures: employment within 0.05
with

expected as (
    select area_id, basis, cluster_id, coalesce(employment, 0) as employment
    from marts.cluster_indicators
    where level = 'cluster'
        and starts_with(basis, 'unduplicated')
),

found as (
    select area_id, basis, cluster_id, coalesce(sum(employment), 0) as employment
    from marts.cluster_indicators
    where level = 'sub_cluster'
        and starts_with(basis, 'unduplicated')
    group by area_id, basis, cluster_id
)

select * from differences
