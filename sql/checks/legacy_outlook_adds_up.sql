-- Legacy clusters and clusters hold the same projected jobs and openings.
-- table: marts.legacy_cluster_outlook
-- severity: error
-- expected: sum over legacy clusters = sum over clusters (unduplicated), within 0.05 (rounded figures)
-- keys: area_id
-- figures: base_jobs within 0.05; projected_jobs within 0.05; annual_openings within 0.05
with

found as (
    select
        area_id,
        coalesce(sum(base_jobs), 0) as base_jobs,
        coalesce(sum(projected_jobs), 0) as projected_jobs,
        coalesce(sum(annual_openings), 0) as annual_openings
    from marts.legacy_cluster_outlook
    group by area_id
),

expected as (
    select
        area_id,
        coalesce(sum(base_jobs), 0) as base_jobs,
        coalesce(sum(projected_jobs), 0) as projected_jobs,
        coalesce(sum(annual_openings), 0) as annual_openings
    from marts.cluster_outlook
    where level = 'cluster'
        and basis = 'unduplicated'
    group by area_id
)

select * from differences
