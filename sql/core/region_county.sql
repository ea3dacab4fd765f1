-- The counties of each region by QCEW year: which have figures, and whether all do, so that no county is silently
-- missing from a region's sums. A county code counts in the years in which QCEW uses it.
with

year as (
    select distinct year
    from raw.qcew
),

member as (
    select member.region_area_id, member.area_id, year.year
    from reference.region_member as member
    inner join reference.area as county on county.area_id = member.area_id
    cross join year
    where member.area_type = 'county'
        and coalesce(county.first_year, year.year) <= year.year
        and coalesce(county.last_year, year.year) >= year.year
)

select
    member.region_area_id,
    member.area_id,
    member.year,
    total.employment,
    total.area_id is not null as has_figures,
    count(total.area_id) over (partition by member.region_area_id, member.year)
        = count(*) over (partition by member.region_area_id, member.year) as is_whole_region
from member
left join raw.qcew as total
    on total.area_id = member.area_id
    and total.year = member.year
    and total.own_code = '0'
    and total.depth = 0
order by member.region_area_id, member.area_id, member.year
