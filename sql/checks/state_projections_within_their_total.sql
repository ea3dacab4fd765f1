-- The occupations of a state count no job twice: together they have no more jobs than its total.
-- table: core.occupation_projection
-- severity: error
-- expected: jobs of the occupations at most 1 percent above the state's published total
with

jobs as (
    select
        area_id,
        sum(base_jobs) filter (where occupation_group = 'detailed') as occupations,
        sum(base_jobs) filter (where occupation_group = 'total') as published_total
    from core.occupation_projection
    where status <> 'doubtful'
    group by area_id
)

select area_id, occupations, published_total
from jobs
where occupations > 1.01 * published_total
order by area_id
