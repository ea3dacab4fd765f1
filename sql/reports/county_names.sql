-- The names of the counties by which people look for an area: those of each metro area, also in other states. Counties
-- outside metro areas are of their state's nonmetro area; where a state has several, no source says which one a county
-- counts in, and the state itself is what is found.
with nonmetro as (
    select
        state_id,
        case when count(*) = 1 then min(area_id) end as area_id
    from reference.area
    where area_type = 'nonmetro'
    group by state_id
),

placed as (
    select
        coalesce(county.cbsa_area_id, nonmetro.area_id, county.state_id) as area_id,
        split_part(county.area_name, ', ', 1) as county_name
    from reference.area as county
    left join nonmetro on nonmetro.state_id = county.state_id
    where county.area_type = 'county'
)

select
    area_id,
    string_agg(distinct county_name, ' ' order by county_name) as county_names
from placed
where area_id is not null
group by area_id
order by area_id
