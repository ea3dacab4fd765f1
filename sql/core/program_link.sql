-- The occupations that awards of each program are shared among: the publisher's list, which holds in the nation and the
-- states, and the list of a state whose overlay drops or adds links.
with

published as (
    select distinct cip_code, soc_code
    from reference.cip_soc
    where link_use = 'used'
),

own as (
    select state_id
    from reference.overlay
    where exists (select 1 from seed.program_link_change)
)

select 'US' as link_list, cip_code, soc_code, false as is_added
from published
union all
select own.state_id as link_list, published.cip_code, published.soc_code, false as is_added
from published
cross join own
left join seed.program_link_change as change
    on change.cip_code = published.cip_code
    and change.soc_code = published.soc_code
where change.action is distinct from 'drop'
union all
select own.state_id as link_list, change.cip_code, change.soc_code, true as is_added
from seed.program_link_change as change
cross join own
where change.action = 'add'
order by link_list, cip_code, soc_code
