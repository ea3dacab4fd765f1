-- Shares of each cluster's openings by typical entry education in an area's newest period, the lowest level first.
select mix.*, node.node_name as cluster_name
from marts.cluster_education_mix as mix
inner join node
    on node.level = 'cluster'
    and node.cluster_id = mix.cluster_id
where mix.area_id in (select unnest($areas)) and mix.level = 'cluster' and mix.basis = $basis
qualify mix.projection_period = max(mix.projection_period) over (partition by mix.area_id)
order by mix.area_id, node.sort_order, mix.education_rank
