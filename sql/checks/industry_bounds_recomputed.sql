-- A cluster's bounds are the sums of its cells: published cells as they are, withheld ones by their own bounds.
-- table: marts.industry_indicators
-- severity: error
-- expected: low and high of clusters, all owners, within a thousandth of a job; no high where a cell has none
-- parts: year
-- keys: area_id, year, cluster_id
-- figures: employment_low within 0.001; employment_high within 0.001
with

-- a region has the cells of its counties
cell as (
    select area_id, area_id as published_for, year, own_code, naics_code, employment_low, employment_high
    from core.qcew_cell
    union all
    select area_id, county_fips as published_for, year, own_code, naics_code, employment_low, employment_high
    from core.qcew_region_cell
),

bounded as (
    select
        cell.area_id,
        cell.year,
        industry.cluster_id,
        coalesce(published.employment, cell.employment_low) as low,
        coalesce(published.employment, cell.employment_high) as high
    from cell
    inner join core.qcew_industry as industry
        on industry.year = cell.year
        and industry.naics_code = cell.naics_code
        and industry.is_cluster_frontier
    inner join raw.qcew as published
        on published.area_id = cell.published_for
        and published.year = cell.year
        and published.own_code = cell.own_code
        and published.naics_code = cell.naics_code
),

expected as (
    select
        area_id,
        year,
        cluster_id,
        sum(low) as employment_low,
        case when count(high) = count(*) then sum(high) end as employment_high
    from bounded
    group by all
),

found as (
    select *
    from marts.industry_indicators
    where level = 'cluster'
        and ownership = 'all'
)

select * from differences
