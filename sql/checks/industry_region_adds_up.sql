-- On the employers' side a region is the sum of its counties, bounds as well as what is published; and it has figures in
-- every year in which QCEW has all of them, and in no other.
-- table: marts.industry_indicators
-- severity: error
-- expected: establishments, jobs, bounds and cells of a region = sums over its counties, within 0.001 jobs
-- parts: year
with

whole as (
    select distinct region_area_id, year
    from core.region_county
    where is_whole_region
),

county as (
    select member.region_area_id as area_id, member.area_id as county_fips
    from reference.region_member as member
    where member.area_type = 'county'
),

expected as (
    select
        county.area_id,
        indicator.year,
        indicator.ownership,
        indicator.level,
        indicator.cluster_id,
        indicator.sub_cluster_id,
        sum(indicator.establishments) as establishments,
        sum(indicator.employment) as employment,
        sum(indicator.employment_low) as employment_low,
        case when count(indicator.employment_high) = count(*) then sum(indicator.employment_high) end as employment_high,
        sum(indicator.cells) as cells,
        sum(indicator.cells_withheld) as cells_withheld
    from county
    inner join marts.industry_indicators as indicator on indicator.area_id = county.county_fips
    inner join whole
        on whole.region_area_id = county.area_id
        and whole.year = indicator.year
    group by
        county.area_id,
        indicator.year,
        indicator.ownership,
        indicator.level,
        indicator.cluster_id,
        indicator.sub_cluster_id
),

found as (
    select indicator.*
    from marts.industry_indicators as indicator
    inner join reference.area as area on area.area_id = indicator.area_id
    where area.area_type = 'region'
)

select
    coalesce(expected.area_id, found.area_id) as area_id,
    coalesce(expected.year, found.year) as year,
    coalesce(expected.ownership, found.ownership) as ownership,
    coalesce(expected.sub_cluster_id, found.sub_cluster_id) as sub_cluster_id,
    expected.employment as expected_employment,
    found.employment,
    expected.employment_high as expected_high,
    found.employment_high,
    found.status
from expected
full outer join found
    on found.area_id = expected.area_id
    and found.year = expected.year
    and found.ownership = expected.ownership
    and found.level = expected.level
    and found.cluster_id = expected.cluster_id
    and found.sub_cluster_id = expected.sub_cluster_id
where expected.area_id is null
    or found.area_id is null
    or found.establishments <> expected.establishments
    or (found.employment is null) <> (expected.employment is null)
    or abs(found.employment - expected.employment) > 0.001
    or abs(found.employment_low - expected.employment_low) > 0.001
    or (found.employment_high is null) <> (expected.employment_high is null)
    or abs(found.employment_high - expected.employment_high) > 0.001
    or found.cells <> expected.cells
    or found.cells_withheld <> expected.cells_withheld
    or (found.status = 'ok') <> (expected.cells_withheld = 0)
order by area_id, year, ownership, sub_cluster_id
