-- What completers earn by cluster and credential in each area, in the order of the credentials.
select earnings.*, cluster.cluster_name
from marts.cluster_earnings as earnings
inner join reference.cluster as cluster on cluster.cluster_id = earnings.cluster_id
where earnings.area_id in (select unnest($areas)) and earnings.level = 'cluster'
order by earnings.area_id, earnings.credential_level, cluster.sort_order
