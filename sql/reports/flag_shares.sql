-- Shares of jobs and openings of all jobs and each cluster that a policy flags, does not flag, or cannot judge.
select share.*, coalesce(node.node_name, 'All clusters') as cluster_name
from marts.cluster_flag_share as share
left join node
    on node.level = 'cluster'
    and node.cluster_id = share.cluster_id
where share.area_id in (select unnest($areas))
    and share.level <> 'sub_cluster'
    and share.policy = $policy
    and share.basis = $basis
order by share.area_id, node.sort_order nulls first, share.flag
