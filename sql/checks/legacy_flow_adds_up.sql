-- The flow out of each legacy cluster is complete, by cluster and by sub-cluster, and its shares add up to 100
-- percent.
-- table: marts.legacy_cluster_flow
-- severity: error
-- expected: rows of a level add up to the legacy cluster's jobs within 0.05 (rounded), shares to 100 within 0.001
with

flow as (
    select
        area_id,
        legacy_cluster_id,
        level,
        coalesce(sum(employment), 0) as employment,
        sum(share_of_legacy_cluster_pct) as share_pct
    from marts.legacy_cluster_flow
    group by area_id, legacy_cluster_id, level
),

former as (
    select
        indicator.area_id,
        indicator.legacy_cluster_id,
        level.level,
        coalesce(indicator.employment, 0) as employment
    from marts.legacy_cluster_indicators as indicator
    inner join reference.area as area on area.area_id = indicator.area_id
    cross join (select unnest(['cluster', 'sub_cluster']) as level) as level
    where area.area_type in ('national', 'state')
)

select
    coalesce(former.area_id, flow.area_id) as area_id,
    coalesce(former.legacy_cluster_id, flow.legacy_cluster_id) as legacy_cluster_id,
    coalesce(former.level, flow.level) as level,
    former.employment as legacy_cluster_employment,
    flow.employment as flow_employment,
    flow.share_pct
from former
full outer join flow
    on flow.area_id = former.area_id
    and flow.legacy_cluster_id = former.legacy_cluster_id
    and flow.level = former.level
where former.area_id is null
    or (flow.area_id is null and former.employment > 0)
    or abs(flow.employment - former.employment) > 0.05
    or abs(flow.share_pct - 100) > 0.001
order by area_id, legacy_cluster_id, level
