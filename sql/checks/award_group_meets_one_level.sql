-- The levels of an award group meet openings at one level of education.
-- table: reference.award_level
-- severity: error
-- expected: one education_group for each award_group
select award_group, count(distinct education_group) as education_groups
from reference.award_level
group by award_group
having count(distinct education_group) > 1
order by award_group
