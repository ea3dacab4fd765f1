-- A former cluster's withheld figures stay missing, what is shown says so, and its wages are in order.
-- table: marts.legacy_cluster_indicators
-- severity: error
-- expected: withheld if and only if missing, for jobs and each wage; P25 <= P50 <= P75
select
    area_id,
    legacy_cluster_id,
    employment,
    status,
    wage_mean_usd,
    wage_mean_status,
    wage_p25_usd,
    wage_p50_usd,
    wage_p75_usd,
    wage_p50_status
from marts.legacy_cluster_indicators
where (employment is null) <> (status = 'withheld')
    or (employment is null and coalesce(employment_low, employment_high, location_quotient) is not null)
    or (wage_mean_usd is null) <> (wage_mean_status = 'withheld')
    or (wage_p25_usd is null) <> (wage_p25_status = 'withheld')
    or (wage_p50_usd is null) <> (wage_p50_status = 'withheld')
    or (wage_p75_usd is null) <> (wage_p75_status = 'withheld')
    or wage_p25_usd > wage_p50_usd
    or wage_p50_usd > wage_p75_usd
order by area_id, legacy_cluster_id
