-- The estimates of a state's metro and nonmetro areas come close to the state's occupations, scaled to the major groups
-- that the publisher gives for these areas: a metro area across a border counts in the state it is listed under,
-- so states whose areas hold 10 percent more or less than the state are left out.
-- table: core.occupation_wage
-- severity: warn
-- expected: every cluster of 5,000 jobs or more within 15 percent of the state's
with

summed as (select * from area_sums)

select parent_id, cluster_id, areas_employment, expected_employment
from summed
where parent_id <> 'US'
    and expected_employment >= 5000
    and areas_share between 0.9 and 1.1
    and not coalesce(areas_employment between 0.85 * expected_employment and 1.15 * expected_employment, false)
order by parent_id, cluster_id
