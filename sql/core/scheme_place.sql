-- The clusters and sub-clusters that have a row in every area of a scheme, by basis, whatever is known of them.
with

scheme as (
    select distinct scheme
    from core.area_group_scheme
),

basis as (
    select unnest(['unduplicated', 'duplicated']) as basis
),

place as (
    select 'cluster' as level, cluster_id, 'all' as sub_cluster_id
    from reference.cluster
    union all
    select 'sub_cluster' as level, cluster_id, sub_cluster_id
    from reference.sub_cluster
)

select
    scheme.scheme,
    basis.basis,
    place.level,
    place.cluster_id,
    place.sub_cluster_id
from scheme
cross join basis
cross join place
order by scheme.scheme, basis.basis, place.level, place.cluster_id, place.sub_cluster_id
