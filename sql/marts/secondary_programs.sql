-- CTE concentrators of the state's secondary schools by cluster and year, as its overlay gives them.
select
    overlay.state_id as area_id,
    secondary.cluster_id,
    secondary.school_year,
    node.node_name as cluster_name,
    secondary.concentrators,
    overlay.overlay_id
from seed.secondary_program as secondary
cross join reference.overlay as overlay
inner join seed.overlay_node as node
    on node.cluster_id = secondary.cluster_id
    and node.level = 'cluster'
order by area_id, secondary.cluster_id, secondary.school_year
