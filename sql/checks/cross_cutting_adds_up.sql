-- The jobs of a cross-cutting cluster by home cluster add up to its national figure.
-- table: marts.cross_cutting_context
-- severity: error
-- expected: sum over home clusters = the nation's unduplicated employment, within 0.05 jobs, for all cross-cutting ones
-- keys: level, cluster_id, sub_cluster_id
-- figures: employment within 0.05
with

found as (
    select level, cluster_id, sub_cluster_id, sum(employment) as employment
    from marts.cross_cutting_context
    group by level, cluster_id, sub_cluster_id
),

expected as (
    select indicator.level, indicator.cluster_id, indicator.sub_cluster_id, indicator.employment
    from marts.cluster_indicators as indicator
    inner join reference.cluster as cluster on cluster.cluster_id = indicator.cluster_id
    where indicator.area_id = 'US'
        and indicator.basis = 'unduplicated'
        and indicator.employment > 0
        and cluster.is_cross_cutting
)

select * from differences
