-- the rows that each area has by its scheme: its total, and every node, on every basis
select area_scheme.area_id, node.level, node.cluster_id, node.sub_cluster_id, node.basis
    from core.area_group_scheme as area_scheme
    inner join core.scheme_node as node on node.scheme = area_scheme.scheme
    union
    select area_scheme.area_id, 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id, node.basis
    from core.area_group_scheme as area_scheme
    inner join core.scheme_node as node on node.scheme = area_scheme.scheme
