-- Awards against openings of all jobs and each cluster of an area, at each level of education that has awards.
-- `evidence_pct` is that of the cluster's jobs: the same weights share openings and awards among clusters.
select supply.*, coalesce(cluster.cluster_name, 'All clusters') as cluster_name, indicator.evidence_pct
from marts.supply_demand as supply
left join reference.cluster as cluster on cluster.cluster_id = supply.cluster_id
left join marts.cluster_indicators as indicator
    on indicator.area_id = supply.area_id
    and indicator.level = supply.level
    and indicator.cluster_id = supply.cluster_id
    and indicator.sub_cluster_id = supply.sub_cluster_id
    and indicator.basis = 'unduplicated'
where supply.area_id in (select unnest($areas))
    and supply.level <> 'sub_cluster'
    and supply.awards is not null
order by supply.area_id, supply.level, cluster.sort_order
