-- Where the nation's people of the cross-cutting clusters work, by home cluster of the industry, most first.
select
    context.*,
    cluster.cluster_name,
    coalesce(
        home.cluster_name,
        case context.home_cluster_id when 'no_home' then 'No one cluster' else 'No published industry' end
    ) as home_cluster_name
from marts.cross_cutting_context as context
inner join reference.cluster as cluster on cluster.cluster_id = context.cluster_id
left join reference.cluster as home on home.cluster_id = context.home_cluster_id
where context.level = 'cluster'
order by cluster.sort_order, context.employment desc, context.home_cluster_id
