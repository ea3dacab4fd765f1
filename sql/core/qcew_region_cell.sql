-- QCEW cells of the counties of each region, under the region's id, in years with figures for every county.
select
    county.region_area_id as area_id,
    cell.area_id as county_fips,
    cell.year,
    cell.own_code,
    cell.naics_code,
    cell.depth,
    cell.establishments,
    cell.employment,
    cell.employment_low,
    cell.employment_high,
    cell.wages_usd,
    cell.status
from core.region_county as county
inner join core.qcew_cell as cell
    on cell.area_id = county.area_id
    and cell.year = county.year
where county.is_whole_region
order by cell.year, area_id, county_fips, cell.own_code, cell.naics_code
