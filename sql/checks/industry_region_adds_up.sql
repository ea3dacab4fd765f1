-- On the employers' side a region is the sum of its counties, bounds included. (A county that is one withheld cell has
-- no estimate; its region may.) It has figures in exactly those years in which QCEW has all of its counties.
-- table: marts.industry_indicators
-- severity: error
-- expected: establishments, published jobs, bounds and cells of a region = sums over its counties, within 0.001 jobs
-- parts: year
-- keys: area_id, year, ownership, level, cluster_id, sub_cluster_id
-- figures: establishments; employment_published within 0.001; employment_low within 0.001; employment_high within 0.001
-- figures: cells; cells_withheld
with

expected as (
    select
        county.region_area_id as area_id,
        indicator.year,
        indicator.ownership,
        indicator.level,
        indicator.cluster_id,
        indicator.sub_cluster_id,
        sum(indicator.establishments) as establishments,
        sum(indicator.employment_published) as employment_published,
        sum(indicator.employment_low) as employment_low,
        case when count(indicator.employment_high) = count(*) then sum(indicator.employment_high) end
            as employment_high,
        sum(indicator.cells) as cells,
        sum(indicator.cells_withheld) as cells_withheld
    from core.region_county as county
    inner join marts.industry_indicators as indicator
        on indicator.area_id = county.area_id
        and indicator.year = county.year
    where county.is_whole_region
    group by all
),

found as (
    select indicator.*
    from marts.industry_indicators as indicator
    inner join reference.area as area on area.area_id = indicator.area_id
    where area.area_type = 'region'
)

select * from differences
