-- On unduplicated bases the sub-clusters of a cluster add up to it in every area, in jobs and openings.
-- table: core.group_outlook
-- severity: error
-- expected: sum of sub-clusters = cluster, within 0.05 (rounded figures)
-- keys: area_id, basis, cluster_id
-- figures: base_jobs within 0.05; projected_jobs within 0.05
-- figures: annual_openings within 0.05; openings_exits within 0.05
with

expected as (
    select
        area_id, basis, cluster_id,
        coalesce(sum(base_jobs), 0) as base_jobs,
        coalesce(sum(projected_jobs), 0) as projected_jobs,
        coalesce(sum(annual_openings), 0) as annual_openings,
        coalesce(sum(annual_exits), 0) as openings_exits
    from core.group_outlook
    where level = 'cluster'
        and starts_with(basis, 'unduplicated')
    group by area_id, basis, cluster_id
),

found as (
    select
        area_id, basis, cluster_id,
        coalesce(sum(base_jobs), 0) as base_jobs,
        coalesce(sum(projected_jobs), 0) as projected_jobs,
        coalesce(sum(annual_openings), 0) as annual_openings,
        coalesce(sum(annual_exits), 0) as openings_exits
    from core.group_outlook
    where level = 'sub_cluster'
        and starts_with(basis, 'unduplicated')
    group by area_id, basis, cluster_id
)

select * from differences
