-- The flow into each cluster and sub-cluster from the legacy clusters is complete.
-- table: marts.legacy_cluster_flow
-- severity: error
-- expected: the sum over legacy clusters is the node's unduplicated employment, within 0.05 (rounded figures)
with

estimate_cell as (select * from estimate_cells),

-- the flow takes away from the jobs of today's clusters; an occupation without a former cluster came from none of them
entry as (
    select indicator.area_id, indicator.cluster_id, indicator.sub_cluster_id, indicator.employment, null as share_pct
    from marts.cluster_indicators as indicator
    inner join reference.area as area on area.area_id = indicator.area_id
    where area.area_type in ('national', 'state')
        and indicator.level in ('cluster', 'sub_cluster')
        and indicator.basis = 'unduplicated'
    union all
    select area_id, cluster_id, sub_cluster_id, -employment as employment, share_of_cluster_pct as share_pct
    from marts.legacy_cluster_flow
    union all
    select estimate_cell.area_id, estimate_cell.cluster_id, estimate_cell.sub_cluster_id, -estimate_cell.jobs, null
    from estimate_cell
    inner join reference.area as area on area.area_id = estimate_cell.area_id
    where area.area_type in ('national', 'state')
        and estimate_cell.basis = 'unduplicated'
        and estimate_cell.soc_code not in (select former.soc_code from reference.soc_legacy_cluster as former)
)

select area_id, cluster_id, sub_cluster_id, sum(employment) as jobs_not_in_flow, sum(share_pct) as share_pct
from entry
group by all
having abs(sum(employment)) > 0.05
    or abs(sum(share_pct) - 100) > 0.001
order by area_id, cluster_id, sub_cluster_id
