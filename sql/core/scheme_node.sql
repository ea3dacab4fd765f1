-- The clusters and sub-clusters that have a row in every area of a scheme, by basis, whether or not anything is known
-- of them.
with

scheme as (
    select distinct scheme
    from core.area_group_scheme
),

basis as (
    select unnest(['unduplicated', 'duplicated']) as basis
),

framework_node as (
    select 'cluster' as level, cluster_id, 'all' as sub_cluster_id
    from reference.cluster
    union all
    select 'sub_cluster' as level, cluster_id, sub_cluster_id
    from reference.sub_cluster
)

select scheme.scheme, basis.basis, framework_node.level, framework_node.cluster_id, framework_node.sub_cluster_id
from scheme
cross join basis
cross join framework_node
union all
select
    scheme.scheme,
    basis.basis || ':' || overlay.overlay_id as basis,
    overlay_node.level,
    overlay_node.cluster_id,
    overlay_node.sub_cluster_id
from scheme
inner join reference.overlay as overlay
    on overlay.changes_groups
    and scheme.scheme in (overlay.state_id, overlay.state_id || '_regions')
inner join reference.overlay_node as overlay_node on overlay_node.overlay_id = overlay.overlay_id
cross join basis
order by scheme, basis, level, cluster_id, sub_cluster_id
