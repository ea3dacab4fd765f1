-- A wage is missing exactly when its status says so; nothing withheld is a zero.
-- table: marts.cluster_indicators
-- severity: error
-- expected: each wage present, and above 0, exactly for status ok, partial or top_coded
with

wage as (
    select area_id, cluster_id, sub_cluster_id, basis, 'mean' as statistic,
        wage_mean_usd as wage_usd, wage_mean_status as wage_status
    from marts.cluster_indicators
    union all
    select area_id, cluster_id, sub_cluster_id, basis, 'p10' as statistic,
        wage_p10_usd as wage_usd, wage_p10_status as wage_status
    from marts.cluster_indicators
    union all
    select area_id, cluster_id, sub_cluster_id, basis, 'p25' as statistic,
        wage_p25_usd as wage_usd, wage_p25_status as wage_status
    from marts.cluster_indicators
    union all
    select area_id, cluster_id, sub_cluster_id, basis, 'p50' as statistic,
        wage_p50_usd as wage_usd, wage_p50_status as wage_status
    from marts.cluster_indicators
    union all
    select area_id, cluster_id, sub_cluster_id, basis, 'p75' as statistic,
        wage_p75_usd as wage_usd, wage_p75_status as wage_status
    from marts.cluster_indicators
    union all
    select area_id, cluster_id, sub_cluster_id, basis, 'p90' as statistic,
        wage_p90_usd as wage_usd, wage_p90_status as wage_status
    from marts.cluster_indicators
)

select area_id, cluster_id, sub_cluster_id, basis, statistic, wage_status, wage_usd
from wage
where (wage_status in ('ok', 'partial', 'top_coded')) <> (wage_usd is not null)
    or wage_usd <= 0
order by area_id, cluster_id, sub_cluster_id, basis, statistic
