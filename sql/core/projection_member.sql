-- The occupations that each projected code stands for: itself, where the nation projects it and the framework has it;
-- else the combined code that it is part of, or the occupations of a combination, shared by national jobs in the base
-- year (equally where the nation has none).
with

code as (
    select distinct nem_code, soc_code
    from core.occupation_projection
    where occupation_group = 'detailed'
),

nation as (
    select soc_code, base_jobs
    from core.occupation_projection
    where area_id = 'US'
        and occupation_group = 'detailed'
        and soc_code in (select soc_code from core.scheme_membership)
),

elsewhere as (
    select nem_code, soc_code
    from code
    where soc_code not in (select soc_code from nation)
),

combination as (
    select
        elsewhere.nem_code,
        nation.soc_code,
        nation.base_jobs,
        sum(nation.base_jobs) over (partition by elsewhere.nem_code) as combined_jobs,
        count(*) over (partition by elsewhere.nem_code) as members
    from elsewhere
    inner join seed.projection_combination as combination on combination.combined_code = elsewhere.nem_code
    inner join nation on nation.soc_code = combination.member_code
)

select
    code.nem_code,
    code.soc_code,
    1.0 as member_share,
    'same' as member_method
from code
inner join nation on nation.soc_code = code.soc_code
union all
select
    elsewhere.nem_code,
    nation.soc_code,
    1.0 as member_share,
    'part' as member_method
from elsewhere
inner join seed.soc_combined as combined on combined.member_code = elsewhere.soc_code
inner join nation on nation.soc_code = combined.combined_code
union all
select
    nem_code,
    soc_code,
    case when combined_jobs > 0 then base_jobs / combined_jobs else 1.0 / members end as member_share,
    case when members = 1 then 'renamed' when combined_jobs > 0 then 'national_jobs' else 'equal_split' end
        as member_method
from combination
order by nem_code, soc_code
