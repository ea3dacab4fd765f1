-- Few states have a list that contradicts its own totals; many would mean that the source or the test has changed.
-- table: core.occupation_projection
-- severity: warn
-- expected: at most 3 areas whose projections are doubtful
with

area as (
    select area_id, bool_or(status = 'doubtful') as is_doubtful
    from core.occupation_projection
    group by area_id
)

select count(*) as areas_doubtful
from area
where is_doubtful
having count(*) > 3
