-- Indicators of every area for the 16 clusters of the framework before 2024, each job once.
select
    area_id,
    cluster_id as legacy_cluster_id,
    period,
    employment,
    employment_published,
    modelled_pct,
    evidence_pct,
    employment_share_pct,
    location_quotient,
    wage_mean_usd,
    wage_p25_usd,
    wage_p50_usd,
    wage_p75_usd,
    wage_mean_status,
    wage_p25_status,
    wage_p50_status,
    wage_p75_status,
    wage_premium_pct,
    employment_rse_pct,
    total_error_pct,
    reliability,
    reliability_reason,
    employment_low,
    employment_high,
    coverage_pct,
    wage_coverage_pct,
    occupations,
    occupations_without_employment,
    status
from core.group_indicator
where level = 'legacy_cluster'
order by area_id, legacy_cluster_id
