-- Shares and wage premiums compare with the area's own published total.
-- table: marts.cluster_indicators
-- severity: error
-- expected: share = employment / total (1e-5 points), premium = median / median of all jobs - 1 (0.001 points)
with

total as (
    select area_id, basis, employment, wage_p50_usd
    from marts.cluster_indicators
    where level = 'all'
)

select
    indicator.area_id,
    indicator.cluster_id,
    indicator.sub_cluster_id,
    indicator.basis,
    indicator.employment_share_pct,
    100.0 * indicator.employment / total.employment as expected_share_pct,
    indicator.wage_premium_pct,
    100.0 * (indicator.wage_p50_usd / total.wage_p50_usd - 1) as expected_premium_pct
from marts.cluster_indicators as indicator
left join total
    on total.area_id = indicator.area_id
    and total.basis = indicator.basis
where total.area_id is null
    or abs(indicator.employment_share_pct - 100.0 * indicator.employment / total.employment) > 1e-5
    or abs(indicator.wage_premium_pct - 100.0 * (indicator.wage_p50_usd / total.wage_p50_usd - 1)) > 0.001
    or (indicator.wage_premium_pct is null) <> (indicator.wage_p50_usd is null or total.wage_p50_usd is null)
order by indicator.area_id, indicator.cluster_id, indicator.sub_cluster_id, indicator.basis
