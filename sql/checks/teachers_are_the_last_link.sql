-- By the publisher's list, no award goes to a teacher of its subject at colleges, unless its program leads to nothing
-- else.
-- table: core.program_share
-- severity: error
-- expected: no share of an occupation that is linked as a teacher only
select distinct share.state_id, share.cip_code, share.soc_code
from core.program_share as share
inner join reference.cip_soc as link
    on link.cip_code = share.cip_code
    and link.soc_code = share.soc_code
where share.link_list = 'US'
    and left(link.listed_soc_code, 4) = '25-1'
    and share.cip_code in (
        select cip_code
        from reference.cip_soc
        where left(listed_soc_code, 4) <> '25-1'
            and soc_code is not null
    )
order by share.state_id, share.cip_code, share.soc_code
