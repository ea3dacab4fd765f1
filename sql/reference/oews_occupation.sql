-- OEWS occupations of every level; combined codes name the SOC 2018 codes they stand for.
with

combined as (
    select
        combined_code as soc_code,
        string_agg(member_code, ', ' order by member_code) as member_codes
    from seed.soc_combined
    group by combined_code
)

select
    occupation.soc_code,
    occupation.occupation_name,
    occupation.occupation_group,
    case when occupation.occupation_group <> 'total' then left(occupation.soc_code, 2) || '-0000' end as major_code,
    combined.soc_code is not null as is_combined,
    combined.member_codes
from raw.oews_occupation as occupation
left join combined
    on combined.soc_code = occupation.soc_code
    and occupation.occupation_group = 'detailed'
order by occupation.soc_code
