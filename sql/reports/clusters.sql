-- All jobs, clusters and sub-clusters of each area on a basis: the total first, then by jobs, withheld ones last.
select
    indicator.*,
    area.area_name,
    area.area_type,
    cluster.node_name as cluster_name,
    sub_cluster.node_name as sub_cluster_name,
    cluster.is_cross_cutting,
    case indicator.level when 'cluster' then cluster.scope_note else sub_cluster.scope_note end as scope_note
from marts.cluster_indicators as indicator
inner join reference.area as area on area.area_id = indicator.area_id
left join node as cluster
    on cluster.level = 'cluster'
    and cluster.cluster_id = indicator.cluster_id
left join node as sub_cluster
    on sub_cluster.level = 'sub_cluster'
    and sub_cluster.sub_cluster_id = indicator.sub_cluster_id
where indicator.area_id in (select unnest($areas)) and indicator.basis = $basis
order by
    indicator.area_id,
    indicator.level,
    case indicator.level when 'sub_cluster' then cluster.sort_order end,
    indicator.employment desc nulls last,
    coalesce(sub_cluster.sort_order, cluster.sort_order)
