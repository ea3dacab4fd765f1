-- The policies that are applied to a state's programs, the award years that the mean is of, and the years of openings.
select
    policy.policy,
    policy.policy_title,
    (
        select string_agg(distinct completions.award_period, ', ' order by completions.award_period)
        from marts.program_completions as completions
        where completions.area_id = $area
            and completions.award_period <> 'mean'
    ) as award_periods,
    (
        select max(outlook.projection_period)
        from marts.occupation_outlook as outlook
        where outlook.area_id = $area
    ) as projection_period
from reference.policy as policy
where policy.policy in (
    select alignment.policy
    from marts.program_alignment as alignment
    where alignment.area_id = $area
)
order by policy.policy
