-- The scheme of every area that has figures by occupation: the nodes and weights by which its figures are grouped. It
-- is national unless a state has nodes or weights of its own. A metro area has the scheme of the state it is listed
-- under. Regions have a scheme of their own, in which each occupation is a group, pooled from the region's areas.
with

own_weights as (
    select distinct allocation.area_id as state_id
    from marts.area_soc_allocation as allocation
    inner join reference.setting as setting
        on setting.setting = 'weights'
        and setting.setting_value = 'state'
    where allocation.area_id <> 'US'
),

own_state as (
    select state_id
    from own_weights
    union
    select state_id
    from reference.overlay
    where changes_groups
)

select
    area.area_id,
    case
        when area.area_type = 'region' then area.state_id || '_regions'
        else coalesce(own_state.state_id, 'national')
    end as scheme,
    coalesce(own_weights.state_id, 'US') as weights_of
from reference.area as area
left join own_state on own_state.state_id = area.state_id
left join own_weights on own_weights.state_id = area.state_id
where area.area_id in (select area_id from core.area_part)
order by area.area_id
