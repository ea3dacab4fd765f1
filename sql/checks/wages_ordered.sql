-- Percentiles of a cluster's wages rise from the 10th to the 90th.
-- table: marts.cluster_indicators
-- severity: error
-- expected: p10 <= p25 <= p50 <= p75 <= p90, wherever two are known
select area_id, cluster_id, sub_cluster_id, basis, wage_p10_usd, wage_p25_usd, wage_p50_usd, wage_p75_usd, wage_p90_usd
from marts.cluster_indicators
where wage_p10_usd > coalesce(wage_p25_usd, wage_p50_usd, wage_p75_usd, wage_p90_usd)
    or wage_p25_usd > coalesce(wage_p50_usd, wage_p75_usd, wage_p90_usd)
    or wage_p50_usd > coalesce(wage_p75_usd, wage_p90_usd)
    or wage_p75_usd > wage_p90_usd
order by area_id, cluster_id, sub_cluster_id, basis
