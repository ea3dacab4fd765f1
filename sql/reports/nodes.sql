-- Clusters and sub-clusters of a basis: the framework's, or those of the overlay that the basis names.
with framework as (
    select
        'cluster' as level,
        cluster_id,
        'all' as sub_cluster_id,
        cluster_name as node_name,
        is_cross_cutting,
        sort_order,
        scope_note
    from reference.cluster
    union all
    select 'sub_cluster', cluster_id, sub_cluster_id, sub_cluster_name, false, sort_order, scope_note
    from reference.sub_cluster
)

select *
from framework
where not contains($basis, ':')
union all
select
    place.level,
    place.cluster_id,
    place.sub_cluster_id,
    place.node_name,
    place.is_cross_cutting,
    -- the state's own come after the framework's
    coalesce(
        framework.sort_order,
        1000 + dense_rank() over (partition by place.level order by place.node_name)
    ) as sort_order,
    framework.scope_note
from reference.overlay_node as place
left join framework
    on framework.level = place.level
    and framework.sub_cluster_id = place.sub_cluster_id
    and (place.level = 'sub_cluster' or framework.cluster_id = place.cluster_id)
where place.overlay_id = split_part($basis, ':', 2)
