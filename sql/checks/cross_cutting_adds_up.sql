-- The industries that the people of a cross-cutting cluster work in add up to the cluster's national figure.
-- table: marts.cross_cutting_context
-- severity: error
-- expected: sum over home clusters = the nation's unduplicated employment, within 0.05 jobs, for all cross-cutting ones
with

context as (
    select level, cluster_id, sub_cluster_id, sum(employment) as employment
    from marts.cross_cutting_context
    group by level, cluster_id, sub_cluster_id
),

nation as (
    select indicator.level, indicator.cluster_id, indicator.sub_cluster_id, indicator.employment
    from marts.cluster_indicators as indicator
    inner join reference.cluster as cluster on cluster.cluster_id = indicator.cluster_id
    where indicator.area_id = 'US'
        and indicator.basis = 'unduplicated'
        and indicator.employment > 0
        and cluster.is_cross_cutting
)

select
    coalesce(nation.cluster_id, context.cluster_id) as cluster_id,
    coalesce(nation.sub_cluster_id, context.sub_cluster_id) as sub_cluster_id,
    nation.employment as indicator_employment,
    context.employment as context_employment
from nation
full outer join context
    on context.level = nation.level
    and context.cluster_id = nation.cluster_id
    and context.sub_cluster_id = nation.sub_cluster_id
where nation.cluster_id is null
    or context.cluster_id is null
    or abs(nation.employment - context.employment) > 0.05
order by cluster_id, sub_cluster_id
