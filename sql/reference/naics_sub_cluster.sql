-- The home of every NAICS code and OEWS government code: that of its longest mapped prefix.
with

industry as (
    select 'naics_2022' as code_system, naics_code, naics_title, sector_code
    from raw.naics
    union all
    select code_system, naics_code, naics_title, naics_code as sector_code
    from seed.naics_home
    where code_system = 'oews'
)

select
    industry.code_system,
    industry.naics_code,
    industry.naics_title,
    home.cluster_id,
    home.sub_cluster_id,
    home.naics_code as mapped_code,
    home.reason,
    home.advance_cte_agrees
from industry
inner join seed.naics_home as home
    on home.code_system = industry.code_system
    and (starts_with(industry.naics_code, home.naics_code) or home.naics_code = industry.sector_code)
qualify row_number() over (
    partition by industry.code_system, industry.naics_code
    order by
        -- a sector's range code is longer than the codes of its sub-sectors, but less specific
        case when home.naics_code = industry.naics_code then 9
             when home.naics_code = industry.sector_code then 0
             else length(home.naics_code) end desc
) = 1
order by industry.code_system, industry.naics_code
