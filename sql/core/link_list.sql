-- The lists of links that awards of each state are shared by. One list serves the nation and the state, unless the
-- state's overlay changes links: then the nation keeps the publisher's, and the state has its own.
with

list as (
    select link_list
    from core.program_link
    union
    -- without any link all awards are unlinked
    select 'US' as link_list
)

select
    award.state_id,
    list.link_list,
    list.link_list = 'US' as in_nation,
    list.link_list = award.state_id or award.state_id not in (select own.link_list from list as own) as in_state
from (select distinct state_id from core.place_award) as award
inner join list on list.link_list in ('US', award.state_id)
order by award.state_id, list.link_list
