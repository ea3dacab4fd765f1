-- The clusters and sub-clusters that have a row in every area of a scheme, by basis, whatever is known of them.
with

scheme as (
    select distinct scheme
    from core.area_group_scheme
),

basis as (
    select unnest(['unduplicated', 'duplicated']) as basis
),

framework_place as (
    select 'cluster' as level, cluster_id, 'all' as sub_cluster_id
    from reference.cluster
    union all
    select 'sub_cluster' as level, cluster_id, sub_cluster_id
    from reference.sub_cluster
),

place as (
    select scheme.scheme, basis.basis, framework_place.level, framework_place.cluster_id, framework_place.sub_cluster_id
    from scheme
    cross join basis
    cross join framework_place
    union all
    select
        scheme.scheme,
        basis.basis || ':' || overlay.overlay_id as basis,
        overlay_place.level,
        overlay_place.cluster_id,
        overlay_place.sub_cluster_id
    from scheme
    inner join reference.overlay as overlay
        on overlay.changes_groups
        and scheme.scheme in (overlay.state_id, overlay.state_id || '_regions')
    inner join reference.overlay_place as overlay_place on overlay_place.overlay_id = overlay.overlay_id
    cross join basis
)

select
    scheme,
    basis,
    level,
    cluster_id,
    sub_cluster_id
from place
order by scheme, basis, level, cluster_id, sub_cluster_id
