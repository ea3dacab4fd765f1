-- A division by zero or an overflow leaves infinite or undefined numbers that range checks and sums pass over.
-- table: marts.cluster_indicators
-- severity: error
-- expected: every figure is a finite number or missing
select
    area_id,
    cluster_id,
    sub_cluster_id,
    basis,
    employment,
    employment_share_pct,
    location_quotient,
    wage_mean_usd,
    wage_premium_pct,
    employment_rse_pct,
    employment_low,
    employment_high,
    coverage_pct,
    wage_coverage_pct
from marts.cluster_indicators
-- NaN sorts above every number, so it is outside these bounds too
where not (coalesce(employment, 0) between 0 and 1e12)
    or not (coalesce(employment_share_pct, 0) between -1e12 and 1e12)
    or not (coalesce(location_quotient, 0) between -1e12 and 1e12)
    or not (coalesce(wage_mean_usd, 0) between -1e12 and 1e12)
    or not (coalesce(wage_p10_usd, 0) between -1e12 and 1e12)
    or not (coalesce(wage_p25_usd, 0) between -1e12 and 1e12)
    or not (coalesce(wage_p50_usd, 0) between -1e12 and 1e12)
    or not (coalesce(wage_p75_usd, 0) between -1e12 and 1e12)
    or not (coalesce(wage_p90_usd, 0) between -1e12 and 1e12)
    or not (coalesce(wage_premium_pct, 0) between -1e12 and 1e12)
    or not (coalesce(employment_rse_pct, 0) between -1e12 and 1e12)
    or not (coalesce(employment_low, 0) between -1e12 and 1e12)
    or not (coalesce(employment_high, 0) between -1e12 and 1e12)
    or not (coalesce(coverage_pct, 0) between -1e12 and 1e12)
    or not (coalesce(wage_coverage_pct, 0) between -1e12 and 1e12)
order by area_id, cluster_id, sub_cluster_id, basis
