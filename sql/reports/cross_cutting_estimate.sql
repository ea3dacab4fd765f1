-- Estimated jobs of each area's cross-cutting clusters by home cluster of the industry: a model, not published figures.
select estimate.*
from marts.cluster_by_industry_estimate as estimate
inner join reference.cluster as cluster on cluster.cluster_id = estimate.cluster_id
where estimate.area_id in (select unnest($areas)) and estimate.level = 'cluster' and cluster.is_cross_cutting
