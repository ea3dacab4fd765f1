-- Projected jobs, growth and openings of all jobs and each cluster in an area's newest period, most openings first.
select outlook.*, coalesce(node.node_name, 'All jobs') as cluster_name
from marts.cluster_outlook as outlook
left join node
    on node.level = 'cluster'
    and node.cluster_id = outlook.cluster_id
where outlook.area_id in (select unnest($areas)) and outlook.level <> 'sub_cluster' and outlook.basis = $basis
qualify outlook.projection_period = max(outlook.projection_period) over (partition by outlook.area_id)
order by outlook.area_id, outlook.level <> 'all', outlook.annual_openings desc nulls last,
    outlook.base_jobs desc nulls last, node.sort_order
