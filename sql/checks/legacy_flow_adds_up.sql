-- The flow out of each legacy cluster is complete, by cluster and by sub-cluster, and its shares add up to 100
-- percent.
-- table: marts.legacy_cluster_flow
-- severity: error
-- expected: rows of a level add up to the legacy cluster's jobs within 0.05 (rounded), shares to 100 within 0.001
with

entry as (
    select
        indicator.area_id,
        indicator.legacy_cluster_id,
        unnest(['cluster', 'sub_cluster']) as level,
        indicator.employment,
        null as share_pct
    from marts.legacy_cluster_indicators as indicator
    inner join reference.area as area on area.area_id = indicator.area_id
    where area.area_type in ('national', 'state')
    union all
    select area_id, legacy_cluster_id, level, -employment as employment, share_of_legacy_cluster_pct as share_pct
    from marts.legacy_cluster_flow
)

select area_id, legacy_cluster_id, level, sum(employment) as jobs_not_in_flow, sum(share_pct) as share_pct
from entry
group by all
having abs(sum(employment)) > 0.05
    or abs(sum(share_pct) - 100) > 0.001
order by area_id, legacy_cluster_id, level
