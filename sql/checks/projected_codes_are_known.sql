-- States' codes that belong to no cluster hold hardly any of their jobs.
-- table: core.occupation_projection
-- severity: warn
-- expected: at most 0.1 percent of a state's projected jobs under codes that stand for no occupation of the nation
with

placed as (
    select distinct nem_code
    from core.projection_member
),

jobs as (
    select
        projection.area_id,
        sum(projection.base_jobs) as base_jobs,
        coalesce(sum(projection.base_jobs) filter (where placed.nem_code is null), 0) as unplaced_jobs
    from core.occupation_projection as projection
    left join placed on placed.nem_code = projection.nem_code
    where projection.occupation_group = 'detailed'
    group by projection.area_id
)

select area_id, base_jobs, unplaced_jobs
from jobs
where unplaced_jobs > 0.001 * base_jobs
order by area_id
