-- The policies that are applied to a state's programs, and the award years that the mean is of.
select
    policy.policy,
    policy.policy_title,
    (
        select string_agg(distinct completions.award_period, ', ' order by completions.award_period)
        from marts.program_completions as completions
        where completions.area_id = $area
            and completions.award_period <> 'mean'
    ) as award_periods
from reference.policy as policy
where policy.policy in (
    select alignment.policy
    from marts.program_alignment as alignment
    where alignment.area_id = $area
)
order by policy.policy
