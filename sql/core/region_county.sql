-- The counties of each region by QCEW year: which have figures, and whether all do, so that no county is silently
-- missing from a region's sums. A county code counts in the years in which it is in use.
with

member as (
    select
        member.region_area_id,
        county.area_id,
        county.year,
        county.employment,
        county.has_figures
    from reference.region_member as member
    inner join core.county_code as county
        on county.area_id = member.area_id
        and county.is_in_use
    where member.area_type = 'county'
)

select
    region_area_id,
    area_id,
    year,
    employment,
    has_figures,
    bool_and(has_figures) over (partition by region_area_id, year) as is_whole_region
from member
order by region_area_id, area_id, year
