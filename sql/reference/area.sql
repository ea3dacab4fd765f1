-- Areas of the OEWS release with the state they are listed under.
with

state_area as (
    select state_code, area_id as state_id
    from raw.oews_area
    where area_type = 'state'
)

select
    area.area_id,
    area.area_name,
    area.area_type,
    state_area.state_id,
    nullif(area.state_code, '00') as state_fips,
    area.area_code as oews_area_code,
    coalesce(state.is_territory, false) as is_territory
from raw.oews_area as area
left join state_area on state_area.state_code = area.state_code
left join seed.state as state on state.state_fips = area.state_code
order by area.area_id
