-- Clusters and sub-clusters of the overlay, by the names that the state gives them.
select
    overlay.overlay_id,
    node.level,
    node.cluster_id,
    node.sub_cluster_id,
    node.node_name,
    node.is_own,
    node.is_cross_cutting
from reference.overlay as overlay
cross join seed.overlay_node as node
order by overlay.overlay_id, node.level, node.cluster_id, node.sub_cluster_id
