-- A wage or demand flag is true only where the figure reaches the threshold, and false only where the figure is
-- known and does not exceed it. Nothing withheld becomes false.
-- table: marts.occupation_flag
-- severity: error
-- expected: true: value >= threshold; false: value <= threshold, both known; flags are empty as the rules say
select
    flag.policy,
    flag.area_id,
    flag.soc_code,
    flag.high_wage,
    flag.high_wage_value,
    flag.high_wage_threshold,
    flag.in_demand,
    flag.in_demand_value,
    flag.in_demand_threshold
from marts.occupation_flag as flag
inner join reference.policy as policy on policy.policy = flag.policy
where (flag.high_wage = 'true' and not coalesce(flag.high_wage_value >= flag.high_wage_threshold, false))
    or (flag.high_wage = 'false' and not coalesce(flag.high_wage_value <= flag.high_wage_threshold, false))
    or (flag.in_demand = 'true' and not coalesce(flag.in_demand_value >= flag.in_demand_threshold, false))
    or (flag.in_demand = 'false' and not coalesce(flag.in_demand_value <= flag.in_demand_threshold, false))
    or (flag.high_skill in ('true', 'false') and flag.high_skill_value is null)
    or (flag.high_skill is null) <> (policy.high_skill_rule is null)
    or (flag.high_wage is null) <> (policy.high_wage_rule is null)
    or (flag.in_demand is null) <> (policy.in_demand_rule is null)
    or (flag.listed is null) <> (policy.combine = 'separate')
order by flag.policy, flag.area_id, flag.soc_code
