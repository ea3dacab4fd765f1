-- Few states have a list that contradicts itself or openings that cannot be right, and in the others few occupations
-- are doubtful. Many would mean that the source or the test has changed.
-- table: core.occupation_projection
-- severity: warn
-- expected: at most 3 areas doubtful as a whole, and at most 0.5 percent of the occupations of the others
with

area as (
    select
        area_id,
        bool_or(openings_status = 'doubtful' and occupation_group = 'total') as is_doubtful,
        count(*) as occupations,
        count(*) filter (where openings_status = 'doubtful') as occupations_doubtful
    from core.occupation_projection
    group by area_id
),

counted as (
    select
        count(*) filter (where is_doubtful) as areas_doubtful,
        coalesce(sum(occupations) filter (where not is_doubtful), 0) as occupations,
        coalesce(sum(occupations_doubtful) filter (where not is_doubtful), 0) as occupations_doubtful
    from area
)

select areas_doubtful, occupations, occupations_doubtful
from counted
where areas_doubtful > 3
    or occupations_doubtful > 0.005 * occupations
