-- The area list holds the nation exactly once, and every other area names a state of the list.
-- table: reference.area
-- severity: error
-- expected: one national area, US; each state its own state_id; each other area a state of the list
with

nation as (
    select count(*) as nations, count(*) filter (where area_id = 'US') as nations_named_us
    from reference.area
    where area_type = 'national'
)

select area.area_id, area.area_type, area.state_id, 'state not in the list' as problem
from reference.area as area
left join reference.area as state
    on state.area_id = area.state_id
    and state.area_type = 'state'
where area.area_type <> 'national'
    and (state.area_id is null or (area.area_type = 'state' and area.state_id <> area.area_id))
union all
select 'US' as area_id, 'national' as area_type, null as state_id, 'not exactly one nation' as problem
from nation
where nations <> 1
    or nations_named_us <> 1
order by area_id, problem
