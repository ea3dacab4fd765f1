-- What land a county code or a region covers by year, where county codes changed: the territory when all codes in use
-- in it are there, else the codes that are. Figures of two years are compared only where this is the same.
with

part as (
    select territory_id, year, area_id as county_fips
    from core.county_code
    where territory_id is not null
        and is_in_use
),

whole as (
    select territory_id, year, count(*) as codes
    from part
    group by territory_id, year
),

covered as (
    select county_fips as area_id, *
    from part
    union all
    select county.region_area_id as area_id, part.*
    from core.region_county as county
    inner join part
        on part.county_fips = county.area_id
        and part.year = county.year
),

held as (
    select
        covered.area_id,
        covered.year,
        covered.territory_id,
        count(*) = max(whole.codes) as is_whole,
        string_agg(covered.county_fips, ',' order by covered.county_fips) as codes
    from covered
    inner join whole
        on whole.territory_id = covered.territory_id
        and whole.year = covered.year
    group by covered.area_id, covered.year, covered.territory_id
)

select
    area_id,
    year,
    string_agg(
        case when is_whole then 'territory ' || territory_id else codes end, '; ' order by territory_id
    ) as territory
from held
group by area_id, year
order by area_id, year
