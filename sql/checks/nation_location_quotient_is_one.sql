-- Measured against itself, the nation is neither more nor less concentrated in any cluster.
-- table: marts.cluster_indicators
-- severity: error
-- expected: location quotient of the nation = 1 (1e-6) wherever it has employment
select cluster_id, sub_cluster_id, basis, status, location_quotient
from marts.cluster_indicators
where area_id = 'US'
    and employment > 0
    and abs(coalesce(location_quotient, 0) - 1) > 1e-6
order by cluster_id, sub_cluster_id, basis
