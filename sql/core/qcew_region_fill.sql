-- Estimates of withheld QCEW cells of the counties of each region, under the region's id.
select
    county.region_area_id as area_id,
    fill.area_id as county_fips,
    fill.year,
    fill.own_code,
    fill.naics_code,
    fill.employment_estimate
from core.region_county as county
inner join core.qcew_fill as fill
    on fill.area_id = county.area_id
    and fill.year = county.year
where county.is_whole_region
order by fill.year, area_id, county_fips, fill.own_code, fill.naics_code
