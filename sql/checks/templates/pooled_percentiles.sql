-- the percentiles of pooled wages, one row each
select
        area_id,
        basis,
        cluster_id,
        sub_cluster_id,
        unnest([10, 25, 50, 75, 90]) as percentile,
        unnest([wage_p10_usd, wage_p25_usd, wage_p50_usd, wage_p75_usd, wage_p90_usd]) as wage_usd,
        unnest([wage_p10_status, wage_p25_status, wage_p50_status, wage_p75_status, wage_p90_status]) as wage_status
    from marts.cluster_indicators
    where level <> 'all'
