-- No cluster swallows the nation, and Energy & Natural Resources stays an energy cluster: with managers or
-- construction trades counted into it in full it would show many times its size.
-- table: marts.cluster_indicators
-- severity: error
-- expected: each cluster under 30 percent of the nation's jobs, Energy & Natural Resources under 3 million jobs
select cluster_id, employment, employment_share_pct
from marts.cluster_indicators
where area_id = 'US'
    and level = 'cluster'
    and basis = 'unduplicated'
    and (
        employment_share_pct > 30
        or (cluster_id = 'energy_natural_resources' and employment > 3000000)
    )
order by cluster_id
