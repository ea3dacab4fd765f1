-- The levels of an award group meet openings at one level of education.
-- table: reference.award_level
-- severity: error
-- expected: one education_group and one level_rank for each award_group
select award_group, count(distinct (education_group, level_rank)) as levels
from reference.award_level
group by award_group
having count(distinct (education_group, level_rank)) > 1
order by award_group
