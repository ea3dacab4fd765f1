-- The nation's awards of each program are those of the states and of institutions without a known place.
-- table: marts.program_completions
-- severity: error
-- expected: nation = sum of the states + awards without a place, program by program
-- keys: cip_code, award_group, award_period
-- figures: awards within 0.01
with

found as (
    select cip_code, award_group, award_period, awards
    from marts.program_completions
    where area_id = 'US'
        and award_period <> 'mean'
),

part as (
    select cip_code, award_group, award_period, awards
    from marts.program_completions
    where award_period <> 'mean'
        and area_id in (select area_id from reference.area where area_type = 'state')
    union all
    select award.cip_code, award.award_group, period.award_period, award.awards
    from core.place_award as award
    inner join core.award_period as period on period.award_year = award.award_year
    where award.state_id = 'US'
),

expected as (
    select cip_code, award_group, award_period, sum(awards) as awards
    from part
    group by cip_code, award_group, award_period
)

select * from differences
