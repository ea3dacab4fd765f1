-- Projected jobs, growth and openings of every cluster and sub-cluster of the nation and the states, with names,
-- each job counted once.
select
    area.area_name,
    area.area_type,
    area.state_id,
    cluster.cluster_name,
    sub_cluster.sub_cluster_name,
    outlook.* exclude (basis)
from marts.cluster_outlook as outlook
inner join reference.area as area on area.area_id = outlook.area_id
left join reference.cluster as cluster on cluster.cluster_id = outlook.cluster_id
left join reference.sub_cluster as sub_cluster on sub_cluster.sub_cluster_id = outlook.sub_cluster_id
where outlook.basis = 'unduplicated'
