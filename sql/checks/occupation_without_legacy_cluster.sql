-- Every detailed occupation of the figures had a legacy cluster; jobs of one without are in none of them.
-- table: reference.soc_legacy_cluster
-- severity: warn
-- expected: each detailed OEWS occupation has a legacy cluster
select occupation.soc_code, occupation.occupation_name
from reference.oews_occupation as occupation
left join reference.soc_legacy_cluster as former on former.soc_code = occupation.soc_code
where occupation.occupation_group = 'detailed'
    and former.soc_code is null
order by occupation.soc_code
