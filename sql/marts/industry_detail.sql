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

-- each cell counts under all owners and under its own
owned as (
    select *, unnest(['all', case when own_code = '5' then 'private' else 'government' end]) as ownership
    from cell
)

select
    owned.area_id,
    owned.naics_code,
    owned.ownership,
    owned.year,
    owned.depth,
    max(industry.cluster_id) as home_cluster_id,
    max(industry.sub_cluster_id) as home_sub_cluster_id,
    max(industry.is_cluster_frontier) as counts_for_cluster,
    max(industry.is_sub_cluster_frontier) as counts_for_sub_cluster,
    sum(owned.establishments) as establishments,
    round(sum(owned.employment), 6) as employment,
    round(sum(owned.employment_low), 6) as employment_low,
    case when count(owned.employment_high) = count(*) then round(sum(owned.employment_high), 6) end as employment_high,
    sum(owned.wages_usd) as wages_usd,
    round(sum(owned.wages_usd) / nullif(sum(owned.employment), 0), 2) as pay_annual_avg_usd,
    count(*) as cells,
    count(*) filter (where owned.employment is null) as cells_withheld,
    case
        when count(owned.employment) = count(*) then 'ok'
        when count(owned.employment) = 0 then 'withheld'
        else 'partial'
    end as status
from owned
inner join core.qcew_industry as industry
    on industry.year = owned.year
    and industry.naics_code = owned.naics_code
group by owned.area_id, owned.naics_code, owned.ownership, owned.year, owned.depth
order by owned.year, owned.area_id, owned.ownership, owned.naics_code
