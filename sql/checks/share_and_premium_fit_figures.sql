-- Shares compare with the area's published total, wage premiums with the median of all its jobs pooled in the same way.
-- table: marts.cluster_indicators
-- severity: error
-- expected: share = employment / total (1e-5 points), premium = median / pooled median of all jobs - 1 (0.001 points)
with

total as (
    select area_id, basis, employment
    from marts.cluster_indicators
    where level = 'all'
),

all_jobs as (
    select area_id, wage_p50_usd
    from core.group_percentile
    where group_id = 'publisher/00-0000/all'
)

select
    indicator.area_id,
    indicator.cluster_id,
    indicator.sub_cluster_id,
    indicator.basis,
    indicator.employment_share_pct,
    100.0 * indicator.employment / total.employment as expected_share_pct,
    indicator.wage_premium_pct,
    100.0 * (indicator.wage_p50_usd / all_jobs.wage_p50_usd - 1) as expected_premium_pct
from marts.cluster_indicators as indicator
left join total
    on total.area_id = indicator.area_id
    and total.basis = indicator.basis
left join all_jobs on all_jobs.area_id = indicator.area_id
where total.area_id is null
    or abs(indicator.employment_share_pct - 100.0 * indicator.employment / total.employment) > 1e-5
    or (indicator.level <> 'all'
        and abs(indicator.wage_premium_pct - 100.0 * (indicator.wage_p50_usd / all_jobs.wage_p50_usd - 1)) > 0.001)
    or (indicator.level <> 'all'
        and (indicator.wage_premium_pct is null) <> (indicator.wage_p50_usd is null or all_jobs.wage_p50_usd is null))
order by indicator.area_id, indicator.cluster_id, indicator.sub_cluster_id, indicator.basis
