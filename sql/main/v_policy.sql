-- The policy that stands for each area where none is named: that of the state's overlay, else the state's own, the
-- first by name where it has several, else the neutral default.
with of_state as (
    select
        state.area_id as state_id,
        coalesce(min(overlay.default_policy), min(policy.policy)) as policy
    from reference.area as state
    left join reference.overlay as overlay on overlay.state_id = state.area_id
    left join reference.policy as policy on policy.state_id = state.area_id
    where state.area_type = 'state'
    group by state.area_id
)

select
    area.area_id,
    policy.policy,
    policy.policy_title
from reference.area as area
left join of_state on of_state.state_id = area.state_id
inner join reference.policy as policy on policy.policy = coalesce(of_state.policy, 'default')
