-- Legacy clusters and clusters hold the same projected jobs and openings. Later jobs and openings are added up where
-- all legacy clusters of the area have them.
-- table: marts.legacy_cluster_outlook
-- severity: error
-- expected: sum over legacy clusters = sum over clusters (unduplicated), within 0.05 (rounded figures)
-- keys: area_id
-- figures: base_jobs within 0.05; projected_jobs within 0.05; annual_openings within 0.05
with

found as (
    select
        area_id,
        sum(base_jobs) as base_jobs,
        case when count(*) = count(projected_jobs) then sum(projected_jobs) end as projected_jobs,
        case when count(*) = count(annual_openings) then sum(annual_openings) end as annual_openings
    from marts.legacy_cluster_outlook
    group by area_id
),

given as (
    select
        area_id,
        bool_and(status in ('ok', 'partial')) as has_jobs,
        bool_and(openings_status in ('ok', 'partial')) as has_openings
    from marts.legacy_cluster_outlook
    group by area_id
),

expected as (
    select
        clusters.area_id,
        sum(clusters.base_jobs) as base_jobs,
        case when any_value(given.has_jobs) then sum(clusters.projected_jobs) end as projected_jobs,
        case when any_value(given.has_openings) then sum(clusters.annual_openings) end as annual_openings
    from core.group_outlook as clusters
    left join given on given.area_id = clusters.area_id
    where clusters.level = 'cluster'
        and clusters.basis = 'unduplicated'
    group by clusters.area_id
)

select * from differences
