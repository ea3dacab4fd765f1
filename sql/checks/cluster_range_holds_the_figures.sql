-- The range of a cluster starts from the figures of marts.cluster_indicators: those counted once, and those in full.
-- table: marts.cluster_range
-- severity: error
-- expected: employment as on the unduplicated basis, employment_in_full as on the duplicated one, within 0.01
-- keys: area_id, level, cluster_id, sub_cluster_id
-- figures: employment within 0.01; employment_in_full within 0.01
with

found as (
    select area_id, level, cluster_id, sub_cluster_id, employment, employment_in_full
    from marts.cluster_range
    where employment_in_full > 0
),

expected as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        coalesce(max(employment) filter (where basis = 'unduplicated'), 0) as employment,
        max(employment) filter (where basis = 'duplicated') as employment_in_full
    from marts.cluster_indicators
    where level <> 'all'
        and basis in ('unduplicated', 'duplicated')
    group by area_id, level, cluster_id, sub_cluster_id
    having employment_in_full > 0
)

select * from differences
