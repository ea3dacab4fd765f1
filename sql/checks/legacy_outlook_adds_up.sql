-- Former clusters and present clusters hold the same projected jobs and openings.
-- table: marts.legacy_cluster_outlook
-- severity: error
-- expected: over former clusters = over present clusters (unduplicated), within 0.05 (rounded figures)
with

former as (
    select
        area_id,
        coalesce(sum(base_jobs), 0) as base_jobs,
        coalesce(sum(projected_jobs), 0) as projected_jobs,
        coalesce(sum(annual_openings), 0) as annual_openings
    from marts.legacy_cluster_outlook
    group by area_id
),

present as (
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

select
    coalesce(former.area_id, present.area_id) as area_id,
    former.base_jobs as former_base_jobs,
    present.base_jobs as present_base_jobs,
    former.projected_jobs as former_projected_jobs,
    present.projected_jobs as present_projected_jobs,
    former.annual_openings as former_openings,
    present.annual_openings as present_openings
from former
full outer join present on present.area_id = former.area_id
where former.area_id is null
    or present.area_id is null
    or abs(former.base_jobs - present.base_jobs) > 0.05
    or abs(former.projected_jobs - present.projected_jobs) > 0.05
    or abs(former.annual_openings - present.annual_openings) > 0.05
order by area_id
