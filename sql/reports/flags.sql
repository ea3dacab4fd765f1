-- Whether each occupation of an area has a flag under a policy.
select area_id, soc_code, policy, high_skill, high_wage, in_demand, listed
from marts.occupation_flag
where area_id in (select unnest($areas)) and policy = $policy
