-- Areas of the OEWS release, the counties of QCEW and the regions of a state overlay, each with the state it is listed
-- under.
with

state_area as (
    select state_code, area_id as state_id
    from raw.oews_area
    where area_type = 'state'
),

listed as (
    select area_id, area_name, area_type, nullif(state_code, '00') as state_fips, area_code as oews_area_code
    from raw.oews_area
    union all by name
    select
        county_fips as area_id,
        area_name,
        'county' as area_type,
        state_fips,
        cbsa_area_id,
        first_year,
        last_year,
        territory_id
    from seed.county
    union all by name
    select region.region_area_id as area_id, region.area_name, 'region' as area_type, state.state_fips
    from seed.region as region
    left join seed.state as state on state.state_id = region.state_id
)

select
    listed.area_id,
    listed.area_name,
    listed.area_type,
    state_area.state_id,
    listed.state_fips,
    listed.oews_area_code,
    listed.cbsa_area_id,
    listed.first_year,
    listed.last_year,
    listed.territory_id,
    coalesce(state.is_territory, false) as is_territory
from listed
left join state_area on state_area.state_code = listed.state_fips
left join seed.state as state on state.state_fips = listed.state_fips
order by listed.area_id
