-- Shares of the jobs of all and each cluster of an area in occupations that are nontraditional for one sex.
select gender.*, coalesce(cluster.cluster_name, 'All clusters') as cluster_name
from marts.cluster_gender as gender
left join reference.cluster as cluster on cluster.cluster_id = gender.cluster_id
where gender.area_id in (select unnest($areas)) and gender.level <> 'sub_cluster'
order by gender.area_id, gender.level, cluster.sort_order
