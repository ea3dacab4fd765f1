-- First-major awards by place, program, award group and year: the metro area of the institution, its county outside
-- metro areas, or its state. Institutions without a known place count for the nation only.
with

located as (
    select
        institution.unit_id,
        state.area_id as state_id,
        coalesce(metro.area_id, county.area_id, state.area_id) as place_id,
        institution.is_distance
    from reference.institution as institution
    inner join reference.area as state
        on state.area_id = institution.state_id
        and state.area_type = 'state'
    left join reference.area as county
        on county.area_id = institution.county_fips
        and county.area_type = 'county'
    left join reference.area as metro
        on metro.area_id = institution.metro_area_id
        and metro.area_type = 'metro'
)

select
    coalesce(located.state_id, 'US') as state_id,
    coalesce(located.place_id, 'US') as place_id,
    completions.unit_id,
    completions.cip_code,
    level.award_group,
    completions.award_year,
    sum(completions.awards) as awards,
    sum(completions.awards_women) as awards_women,
    coalesce(bool_or(located.is_distance), false) as is_distance
from raw.ipeds_completions as completions
inner join reference.award_level as level on level.award_level = completions.award_level
left join located on located.unit_id = completions.unit_id
group by all
order by
    state_id,
    place_id,
    completions.unit_id,
    completions.cip_code,
    level.award_group,
    completions.award_year
