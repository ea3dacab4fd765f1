-- The clusters of an area, or the sub-clusters of one of them, each job counted once.
select *
from main.v_cluster
where area_id = $area
    and level = case when $cluster is null then 'cluster' else 'sub_cluster' end
    and ($cluster is null or cluster_id = $cluster)
order by employment desc nulls last, cluster_name, sub_cluster_name
