-- Every published QCEW industry with its home, by area, ownership and year: the parts of a cluster's figure. Jobs are
-- rounded so that the order of adding does not show.
with

-- a region's cells are those of its counties
cell as (
    select *
    from core.qcew_cell
    union all
    select * exclude (county_fips)
    from core.qcew_region_cell
),

by_owner as (
    select
        area_id,
        naics_code,
        case when own_code = '5' then 'private' else 'government' end as ownership,
        year,
        depth,
        sum(establishments) as establishments,
        sum(employment) as employment,
        sum(employment_low) as employment_low,
        case when count(employment_high) = count(*) then sum(employment_high) end as employment_high,
        sum(wages_usd) as wages_usd,
        count(*) as cells,
        count(employment) as cells_published
    from cell
    group by area_id, naics_code, ownership, year, depth
),

all_owners as (
    select
        area_id,
        naics_code,
        'all' as ownership,
        year,
        depth,
        sum(establishments) as establishments,
        sum(employment) as employment,
        sum(employment_low) as employment_low,
        case when count(employment_high) = count(*) then sum(employment_high) end as employment_high,
        sum(wages_usd) as wages_usd,
        sum(cells) as cells,
        sum(cells_published) as cells_published
    from by_owner
    group by area_id, naics_code, year, depth
),

summed as (
    select *
    from by_owner
    union all
    select *
    from all_owners
)

select
    summed.area_id,
    summed.naics_code,
    summed.ownership,
    summed.year,
    summed.depth,
    industry.cluster_id as home_cluster_id,
    industry.sub_cluster_id as home_sub_cluster_id,
    industry.is_cluster_frontier as counts_for_cluster,
    industry.is_sub_cluster_frontier as counts_for_sub_cluster,
    summed.establishments,
    round(summed.employment, 6) as employment,
    round(summed.employment_low, 6) as employment_low,
    round(summed.employment_high, 6) as employment_high,
    summed.wages_usd,
    round(summed.wages_usd / nullif(summed.employment, 0), 2) as pay_annual_avg_usd,
    summed.cells,
    summed.cells - summed.cells_published as cells_withheld,
    case
        when summed.cells = summed.cells_published then 'ok'
        when summed.cells_published = 0 then 'withheld'
        else 'partial'
    end as status
from summed
inner join core.qcew_industry as industry
    on industry.year = summed.year
    and industry.naics_code = summed.naics_code
order by summed.year, summed.area_id, summed.ownership, summed.naics_code
