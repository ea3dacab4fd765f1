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

expected as (
    select
        cell.area_id,
        cell.year,
        industry.cluster_id,
        sum(coalesce(raw_cell.employment, cell.employment_low)) as employment_low,
        case when count(coalesce(raw_cell.employment, cell.employment_high)) = count(*)
             then sum(coalesce(raw_cell.employment, cell.employment_high)) end as employment_high
    from cell
    inner join core.qcew_industry as industry
        on industry.year = cell.year
        and industry.naics_code = cell.naics_code
        and industry.is_cluster_frontier
    inner join raw.qcew as raw_cell
        on raw_cell.area_id = cell.published_for
        and raw_cell.year = cell.year
        and raw_cell.own_code = cell.own_code
        and raw_cell.naics_code = cell.naics_code
    group by cell.area_id, cell.year, industry.cluster_id
),

found as (
    select area_id, year, cluster_id, employment_low, employment_high
    from marts.industry_indicators
    where level = 'cluster'
        and ownership = 'all'
)

select * from differences
