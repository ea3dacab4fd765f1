-- The home of each six-digit industry by year: that of its longest mapped prefix. A home listed for the NAICS edition
-- of the year goes before one listed for NAICS 2022. Besides the industries of QCEW's years it holds those on both
-- sides of each change of edition.
with

-- trim() changes no code: without it DuckDB 2.0 groups by the file's dictionary of codes and fails once in twenty runs
code as (
    select distinct year, trim(naics_code) as naics_code
    from raw.qcew
    where depth = 7
    union
    select first_year - 1 as year, naics_code_before as naics_code
    from seed.naics_change
    union
    select first_year as year, naics_code
    from seed.naics_change
),

sector as (
    select
        *,
        case when year >= 2022 then 'naics_2022' else 'naics_before_2022' end as code_system,
        case
            when left(naics_code, 2) in ('31', '32', '33') then '31-33'
            when left(naics_code, 2) in ('44', '45') then '44-45'
            when left(naics_code, 2) in ('48', '49') then '48-49'
            else left(naics_code, 2)
        end as sector_code
    from code
),

mapped as (
    select sector.year, sector.naics_code, home.cluster_id, home.sub_cluster_id
    from sector
    inner join seed.naics_home as home
        on home.code_system in (sector.code_system, 'naics_2022')
        and (starts_with(sector.naics_code, home.naics_code) or home.naics_code = sector.sector_code)
    qualify row_number() over (
        partition by sector.year, sector.naics_code
        order by
            case when home.code_system = sector.code_system then 0 else 1 end,
            -- a sector's range code is longer than the codes of its sub-sectors, but less specific
            case when home.naics_code = sector.sector_code then 0 else length(home.naics_code) end desc
    ) = 1
)

select
    sector.year,
    sector.naics_code,
    sector.sector_code,
    coalesce(mapped.cluster_id, 'unassigned') as cluster_id,
    coalesce(mapped.sub_cluster_id, 'unassigned') as sub_cluster_id
from sector
left join mapped
    on mapped.year = sector.year
    and mapped.naics_code = sector.naics_code
order by sector.year, sector.naics_code
