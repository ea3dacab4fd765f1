-- The flow into each cluster and sub-cluster from the legacy clusters is complete.
-- table: marts.legacy_cluster_flow
-- severity: error
-- expected: the sum over legacy clusters is the node's unduplicated employment, within 0.05 (rounded figures)
with

flow as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        coalesce(sum(employment), 0) as employment,
        sum(share_of_cluster_pct) as share_pct
    from marts.legacy_cluster_flow
    group by area_id, level, cluster_id, sub_cluster_id
),

-- an occupation without a former cluster came from none of them
unplaced as (
    select
        figure.area_id,
        allocation.cluster_id,
        allocation.sub_cluster_id,
        sum(allocation.weight * figure.employment) as employment
    from core.occupation_wage as figure
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = figure.area_id
    inner join core.scheme_membership as allocation
        on allocation.scheme = area_scheme.scheme
        and allocation.basis = 'unduplicated'
        and allocation.soc_code = figure.soc_code
    where figure.occupation_group = 'detailed'
        and figure.soc_code not in (select former.soc_code from reference.soc_legacy_cluster as former)
    group by figure.area_id, allocation.cluster_id, allocation.sub_cluster_id
),

unplaced_place as (
    select area_id, cluster_id, sub_cluster_id, employment
    from unplaced
    union all
    select area_id, cluster_id, 'all' as sub_cluster_id, sum(employment) as employment
    from unplaced
    group by area_id, cluster_id
),

present as (
    select
        indicator.area_id,
        indicator.level,
        indicator.cluster_id,
        indicator.sub_cluster_id,
        coalesce(indicator.employment, 0) - coalesce(unplaced_place.employment, 0) as employment
    from marts.cluster_indicators as indicator
    inner join reference.area as area on area.area_id = indicator.area_id
    left join unplaced_place
        on unplaced_place.area_id = indicator.area_id
        and unplaced_place.cluster_id = indicator.cluster_id
        and unplaced_place.sub_cluster_id = indicator.sub_cluster_id
    where area.area_type in ('national', 'state')
        and indicator.level in ('cluster', 'sub_cluster')
        and indicator.basis = 'unduplicated'
)

select
    coalesce(present.area_id, flow.area_id) as area_id,
    coalesce(present.level, flow.level) as level,
    coalesce(present.cluster_id, flow.cluster_id) as cluster_id,
    coalesce(present.sub_cluster_id, flow.sub_cluster_id) as sub_cluster_id,
    present.employment as cluster_employment,
    flow.employment as flow_employment,
    flow.share_pct
from present
full outer join flow
    on flow.area_id = present.area_id
    and flow.level = present.level
    and flow.cluster_id = present.cluster_id
    and flow.sub_cluster_id = present.sub_cluster_id
where present.area_id is null
    or abs(coalesce(flow.employment, 0) - present.employment) > 0.05
    or abs(flow.share_pct - 100) > 0.001
order by area_id, level, cluster_id, sub_cluster_id
