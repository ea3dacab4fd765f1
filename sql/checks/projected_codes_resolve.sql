-- Every job of a projected code counts once: its shares add up to 1, and the nation's codes stand for themselves.
-- table: core.projection_member
-- severity: error
-- expected: shares of each code add up to 1; every code of the nation once, as itself
with

code as (
    select nem_code, max(soc_code) as soc_code, bool_or(area_id = 'US') as is_national
    from core.occupation_projection
    where occupation_group = 'detailed'
    group by nem_code
),

resolved as (
    select nem_code, sum(member_share) as member_share, count(*) as members, min(soc_code) as soc_code
    from core.projection_member
    group by nem_code
)

select
    coalesce(code.nem_code, resolved.nem_code) as nem_code,
    resolved.member_share,
    resolved.members
from code
full outer join resolved on resolved.nem_code = code.nem_code
where code.nem_code is null
    or abs(resolved.member_share - 1) > 0.000001
    or (code.is_national and resolved.nem_code is null)
    or (code.is_national and (resolved.members <> 1 or resolved.soc_code <> code.soc_code))
order by nem_code
