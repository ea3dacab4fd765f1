-- A mean wage far outside the percentiles hints at mixed-up columns or units.
-- table: marts.cluster_indicators
-- severity: warn
-- expected: mean between 0.85 times the 10th and 1.6 times the 90th percentile, unless top-coded
select area_id, cluster_id, sub_cluster_id, basis, wage_p10_usd, wage_mean_usd, wage_p90_usd
from marts.cluster_indicators
where wage_mean_usd < 0.85 * wage_p10_usd
    or (wage_p90_status <> 'top_coded' and wage_mean_usd > 1.6 * wage_p90_usd)
order by area_id, cluster_id, sub_cluster_id, basis
