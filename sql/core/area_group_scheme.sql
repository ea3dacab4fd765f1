-- The scheme of every area that occupation figures are made for: the set of groups, with their weights, that is pooled
-- there. National everywhere unless a state has groups or weights of its own; a metro area follows the state that it is
-- listed under.
with

own_weights as (
    select distinct allocation.area_id as state_id
    from marts.area_soc_allocation as allocation
    inner join reference.setting as setting
        on setting.setting = 'weights'
        and setting.setting_value = 'state'
    where allocation.area_id <> 'US'
)

select
    area.area_id,
    coalesce(own_weights.state_id, 'national') as scheme
from reference.area as area
left join own_weights on own_weights.state_id = area.state_id
where area.area_type <> 'county'
order by area.area_id
