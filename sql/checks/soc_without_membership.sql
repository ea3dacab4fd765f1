-- Every detailed code of the 2018 SOC belongs to some cluster, and every code with a membership is a known one.
-- table: reference.soc_sub_cluster
-- severity: error
-- expected: each detailed SOC code has a membership; each membership is of a detailed SOC or OEWS code
with

member as (
    select distinct soc_code
    from reference.soc_sub_cluster
),

detailed as (
    select soc_code, 'SOC 2018' as classification
    from reference.soc
    where soc_level = 'detailed'
    union all
    select soc_code, 'OEWS' as classification
    from reference.oews_occupation
    where occupation_group = 'detailed'
)

select
    coalesce(detailed.soc_code, member.soc_code) as soc_code,
    case when detailed.soc_code is null then 'not a detailed code of SOC 2018 or OEWS'
         else 'no membership' end as problem
from detailed
full outer join member on member.soc_code = detailed.soc_code
where (detailed.classification = 'SOC 2018' and member.soc_code is null)
    or detailed.soc_code is null
order by soc_code
