-- Awards of distance institutions that meet openings are no more than all that a state has at that level.
-- table: marts.supply_demand
-- severity: error
-- expected: awards x distance_institution_pct <= such awards of marts.program_completions, in all clusters together
with

award_group as (
    select distinct award_group, education_group
    from reference.award_level
),

found as (
    select area_id, education_group, awards * distance_institution_pct / 100 as distance_awards
    from marts.supply_demand
    where level = 'all'
        and awards > 0
),

whole as (
    select
        completions.area_id,
        award_group.education_group,
        sum(completions.awards * completions.distance_institution_pct) / 100 as distance_awards
    from marts.program_completions as completions
    inner join award_group on award_group.award_group = completions.award_group
    where completions.award_period = 'mean'
    group by completions.area_id, award_group.education_group
)

select found.area_id, found.education_group, found.distance_awards, whole.distance_awards as in_completions
from found
left join whole
    on whole.area_id = found.area_id
    and whole.education_group = found.education_group
where found.distance_awards > coalesce(whole.distance_awards, 0) + 0.1
order by found.area_id, found.education_group
