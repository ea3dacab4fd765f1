-- The nation's awards of each program and year are all first-major awards of the files.
-- table: marts.program_completions
-- severity: error
-- expected: awards of the nation = sum of the institutions' awards, program by program
-- keys: cip_code, award_group, award_period
-- figures: awards within 0.001
with

found as (
    select cip_code, award_group, award_period, awards
    from marts.program_completions
    where area_id = 'US'
        and award_period <> 'mean'
),

expected as (
    select
        completions.cip_code,
        level.award_group,
        period.award_period,
        cast(sum(completions.awards) as double) as awards
    from raw.ipeds_completions as completions
    inner join core.award_period as period on period.award_year = completions.award_year
    inner join reference.award_level as level on level.award_level = completions.award_level
    group by completions.cip_code, level.award_group, period.award_period
)

select * from differences
