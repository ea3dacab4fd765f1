-- The estimates of all metro and nonmetro areas together come close to the nation's occupations, scaled to the major
-- groups that the publisher gives for these areas: it assigns some jobs to no area.
-- table: core.occupation_wage
-- severity: error
-- expected: every cluster of all areas together within 3 percent of the nation's
with

summed as (select * from area_sums)

select parent_id, cluster_id, areas_employment, expected_employment
from summed
where parent_id = 'US'
    and expected_employment >= 0
    and not coalesce(areas_employment between 0.97 * expected_employment and 1.03 * expected_employment, false)
order by parent_id, cluster_id
