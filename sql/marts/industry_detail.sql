-- Every published QCEW industry with its home, by area, ownership and year: the parts of a cluster's figure. Jobs are
-- rounded so that the order of adding does not show.
with

ownership as (
    select own_code, case when own_code = '5' then 'private' else 'government' end as ownership
    from (select unnest(['1', '2', '3', '5']) as own_code) as owner
    union all
    select own_code, 'all' as ownership
    from (select unnest(['1', '2', '3', '5']) as own_code) as owner
),

-- a region's cells are those of its counties
cell as (
    select
        area_id,
        year,
        own_code,
        naics_code,
        depth,
        establishments,
        employment,
        employment_low,
        employment_high,
        wages_usd
    from core.qcew_cell
    union all
    select
        area_id,
        year,
        own_code,
        naics_code,
        depth,
        establishments,
        employment,
        employment_low,
        employment_high,
        wages_usd
    from core.qcew_region_cell
)

select
    cell.area_id,
    cell.naics_code,
    ownership.ownership,
    cell.year,
    cell.depth,
    max(industry.cluster_id) as home_cluster_id,
    max(industry.sub_cluster_id) as home_sub_cluster_id,
    max(industry.is_cluster_frontier) as counts_for_cluster,
    max(industry.is_sub_cluster_frontier) as counts_for_sub_cluster,
    sum(cell.establishments) as establishments,
    round(sum(cell.employment), 6) as employment,
    round(sum(cell.employment_low), 6) as employment_low,
    case when count(cell.employment_high) = count(*) then round(sum(cell.employment_high), 6) end as employment_high,
    sum(cell.wages_usd) as wages_usd,
    round(sum(cell.wages_usd) / nullif(sum(cell.employment), 0), 2) as pay_annual_avg_usd,
    count(*) as cells,
    count(*) filter (where cell.employment is null) as cells_withheld,
    case
        when count(cell.employment) = count(*) then 'ok'
        when count(cell.employment) = 0 then 'withheld'
        else 'partial'
    end as status
from cell
inner join core.qcew_industry as industry
    on industry.year = cell.year
    and industry.naics_code = cell.naics_code
inner join ownership on ownership.own_code = cell.own_code
group by cell.area_id, cell.naics_code, ownership.ownership, cell.year, cell.depth
order by cell.year, cell.area_id, ownership.ownership, cell.naics_code
