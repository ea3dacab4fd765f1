-- A region has the publisher's cells of its counties, in the years for which all of them have figures, and no others.
-- table: core.qcew_region_cell
-- severity: error
-- expected: the cells by owner of raw.qcew of each county, with the same establishments, jobs, wages and status
-- parts: year
-- keys: area_id, county_fips, own_code, naics_code, year
-- figures: establishments; employment; wages_usd; status
with

found as (
    select *
    from core.qcew_region_cell
),

expected as (
    select
        county.region_area_id as area_id,
        cell.area_id as county_fips,
        cell.own_code,
        cell.naics_code,
        cell.year,
        cell.establishments,
        cell.employment,
        cell.wages_usd,
        cell.status
    from core.region_county as county
    inner join raw.qcew as cell
        on cell.area_id = county.area_id
        and cell.year = county.year
    where county.is_whole_region
        and cell.own_code <> '0'
)

select * from differences
