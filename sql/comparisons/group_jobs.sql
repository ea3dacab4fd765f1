-- Jobs of each grouping of clusters in the nation and in each state. An overlay counts on bases of its own and changes
-- none of them.
-- table: marts.cluster_indicators
-- bound: 25
-- least: 10000
select
    indicator.area_id || ' ' || cluster.grouping_id as key,
    sum(indicator.employment) as figure
from marts.cluster_indicators as indicator
inner join reference.cluster as cluster on cluster.cluster_id = indicator.cluster_id
inner join reference.area as area
    on area.area_id = indicator.area_id
    and area.area_type in ('national', 'state')
where indicator.level = 'cluster'
    and indicator.basis = 'unduplicated'
group by indicator.area_id, cluster.grouping_id
order by key
