-- Every detailed occupation of OEWS belongs to a cluster; else its jobs would be missing from all of them.
-- table: reference.oews_occupation
-- severity: error
-- expected: each detailed occupation is in marts.soc_allocation
select occupation.soc_code, occupation.occupation_name
from reference.oews_occupation as occupation
left join marts.soc_allocation as allocation on allocation.soc_code = occupation.soc_code
where occupation.occupation_group = 'detailed'
    and allocation.soc_code is null
order by occupation.soc_code
