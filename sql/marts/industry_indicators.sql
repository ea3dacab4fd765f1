-- Each cluster and sub-cluster from the employers' side: the sum of the shallowest published industries that lie wholly
-- in it, by area, ownership and year. Jobs, wages and pay are of published cells; low and high bound all jobs.
with

-- a region's cells are those of its counties
cell as (
    select *
    from core.qcew_cell
    union all
    select * exclude (county_fips)
    from core.qcew_region_cell
),

-- what counts for each cluster and sub-cluster, and all industries together
counted as (
    select 'cluster' as level, industry.cluster_id, 'all' as sub_cluster_id, cell.*
    from cell
    inner join core.qcew_industry as industry
        on industry.year = cell.year
        and industry.naics_code = cell.naics_code
    where industry.is_cluster_frontier
    union all
    select 'sub_cluster' as level, industry.cluster_id, industry.sub_cluster_id, cell.*
    from cell
    inner join core.qcew_industry as industry
        on industry.year = cell.year
        and industry.naics_code = cell.naics_code
    where industry.is_sub_cluster_frontier
    union all
    select 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id, cell.*
    from cell
    where depth = 0
),

-- each cell counts under all owners and under its own
owned as (
    select *, unnest(['all', case when own_code = '5' then 'private' else 'government' end]) as ownership
    from counted
),

-- sums are rounded so that the order of adding does not show
summed as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        ownership,
        year,
        sum(establishments) as establishments,
        round(sum(employment), 6) as employment,
        round(sum(employment_low), 6) as employment_low,
        case when count(employment_high) = count(*) then round(sum(employment_high), 6) end as employment_high,
        sum(wages_usd) as wages_usd,
        count(*) as cells,
        count(*) filter (where employment is null) as cells_withheld
    from owned
    group by area_id, level, cluster_id, sub_cluster_id, ownership, year
),

judged as (
    select
        *,
        case
            when cells_withheld = 0 then 'ok'
            when cells_withheld = cells then 'withheld'
            else 'partial'
        end as status,
        max(employment) filter (where level = 'all') over area_of_year as area_employment,
        bool_and(cells_withheld = 0) filter (where level = 'all') over area_of_year as is_area_whole
    from summed
    window area_of_year as (partition by area_id, ownership, year)
),

compared as (
    select
        judged.*,
        case
            when nation.year is null then 'not_in_vintage'
            when judged.status <> 'ok' or nation.status <> 'ok' or not judged.is_area_whole or not nation.is_area_whole
                then 'withheld'
            else 'ok'
        end as location_quotient_status,
        nation.employment / nullif(nation.area_employment, 0) as nation_share,
        -- growth needs both years in full
        case when judged.status = 'ok' then judged.employment end as employment_in_full
    from judged
    left join judged as nation
        on nation.area_id = 'US'
        and nation.level = judged.level
        and nation.cluster_id = judged.cluster_id
        and nation.sub_cluster_id = judged.sub_cluster_id
        and nation.ownership = judged.ownership
        and nation.year = judged.year
),

dated as (
    select
        *,
        max(employment_in_full) over (series range between 1 preceding and 1 preceding) as employment_before,
        max(employment_in_full) over (series range between 5 preceding and 5 preceding) as employment_5_before
    from compared
    window series as (partition by area_id, level, cluster_id, sub_cluster_id, ownership order by year)
)

select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    ownership,
    year,
    establishments,
    employment,
    employment_low,
    employment_high,
    wages_usd,
    round(wages_usd / nullif(employment, 0), 2) as pay_annual_avg_usd,
    case when is_area_whole then round(100.0 * employment / nullif(area_employment, 0), 6) end as employment_share_pct,
    case
        when location_quotient_status = 'ok'
            then round((employment / nullif(area_employment, 0)) / nullif(nation_share, 0), 6)
    end as location_quotient,
    location_quotient_status,
    round(100.0 * (employment_in_full - employment_before) / nullif(employment_before, 0), 6) as employment_change_pct,
    case
        when employment_in_full > 0 and employment_5_before > 0
            then round(100.0 * (power(employment_in_full / employment_5_before, 0.2) - 1), 6)
    end as employment_cagr_5yr_pct,
    case
        when cells_withheld = 0 then 100.0
        else round(100.0 * coalesce(employment, 0) / nullif(employment_high, 0), 6)
    end as disclosed_pct,
    cells,
    cells_withheld,
    status
from dated
order by year, area_id, ownership, level, cluster_id, sub_cluster_id
