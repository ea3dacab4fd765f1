-- Each cluster and sub-cluster from the employers' side: the sum of the shallowest published industries that lie wholly
-- in it, by area, ownership and year. Jobs are of all cells, withheld ones estimated; wages and pay are of published
-- cells; low and high bound all jobs. A row that is one withheld cell has no estimate: only sums have. Growth is given
-- only where both years hold the same industries and the same land.
with

parameter as (
    select
        max(value) filter (where parameter = 'modelled_from_pct') as modelled_from_pct,
        max(value) filter (where parameter = 'industry_min_published_pct') as min_published_pct
    from reference.method_parameter
),

-- a region's cells are those of its counties
placed as (
    select *, area_id as published_for
    from core.qcew_cell
    union all
    select * exclude (county_fips), county_fips as published_for
    from core.qcew_region_cell
),

cell as (
    select placed.*, coalesce(placed.employment, fill.employment_estimate) as employment_estimate
    from placed
    left join core.qcew_fill as fill
        on fill.area_id = placed.published_for
        and fill.year = placed.year
        and fill.own_code = placed.own_code
        and fill.naics_code = placed.naics_code
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
        case
            when count(employment_estimate) = count(*) and (count(*) > 1 or count(employment) = 1)
                then round(sum(employment_estimate), 6)
        end as employment,
        round(sum(employment), 6) as employment_published,
        round(sum(employment_low), 6) as employment_low,
        case when count(employment_high) = count(*) then round(sum(employment_high), 6) end as employment_high,
        sum(wages_usd) as wages_usd,
        count(*) as cells,
        count(*) filter (where employment is null) as cells_withheld
    from owned
    group by area_id, level, cluster_id, sub_cluster_id, ownership, year
),

-- jobs published in a cell or below it are not estimated
estimated as (
    select
        *,
        case
            when cells_withheld = 0 or employment = 0 then 0.0
            else round(100.0 * greatest(employment - employment_low, 0.0) / employment, 6)
        end as modelled_pct
    from summed
),

judged as (
    select
        *,
        max(employment) filter (where level = 'all') over area_of_year as area_employment,
        max(modelled_pct) filter (where level = 'all') over area_of_year as area_modelled_pct
    from estimated
    window area_of_year as (partition by area_id, ownership, year)
),

compared as (
    select
        judged.*,
        parameter.modelled_from_pct,
        parameter.min_published_pct,
        case
            when nation.year is null then 'not_in_vintage'
            when judged.employment is null or judged.area_employment is null
                or nation.employment is null or nation.area_employment is null
                then 'withheld'
            when 100 - greatest(
                judged.modelled_pct, judged.area_modelled_pct, nation.modelled_pct, nation.area_modelled_pct
            ) < parameter.min_published_pct
                then 'mostly_modelled'
            else 'ok'
        end as location_quotient_status,
        nation.employment / nullif(nation.area_employment, 0) as nation_share
    from judged
    cross join parameter
    left join judged as nation
        on nation.area_id = 'US'
        and nation.level = judged.level
        and nation.cluster_id = judged.cluster_id
        and nation.sub_cluster_id = judged.sub_cluster_id
        and nation.ownership = judged.ownership
        and nation.year = judged.year
),

-- the last change of NAICS edition before each year in which the cluster exchanged industries with others
broken as (
    select year.year, break.level, break.cluster_id, break.sub_cluster_id, max(break.year) as break_year
    from (select distinct year from core.qcew_cell) as year
    inner join core.industry_break as break on break.year <= year.year
    group by year.year, break.level, break.cluster_id, break.sub_cluster_id
),

placed_in_time as (
    select
        compared.*,
        coalesce(broken.break_year, 0) as break_year,
        coalesce(land.territory, '') as territory
    from compared
    left join broken
        on broken.year = compared.year
        and broken.level = compared.level
        and broken.cluster_id = compared.cluster_id
        and broken.sub_cluster_id = compared.sub_cluster_id
    left join core.area_territory as land
        on land.area_id = compared.area_id
        and land.year = compared.year
),

before as (
    select
        *,
        count(*) over year_before as rows_before,
        max(employment) over year_before as employment_before,
        max(modelled_pct) over year_before as modelled_pct_before,
        max(territory) over year_before as territory_before,
        count(*) over year_5_before as rows_5_before,
        max(employment) over year_5_before as employment_5_before,
        max(modelled_pct) over year_5_before as modelled_pct_5_before,
        max(territory) over year_5_before as territory_5_before
    from placed_in_time
    window
        year_before as (
            partition by area_id, level, cluster_id, sub_cluster_id, ownership
            order by year
            range between 1 preceding and 1 preceding
        ),
        year_5_before as (
            partition by area_id, level, cluster_id, sub_cluster_id, ownership
            order by year
            range between 5 preceding and 5 preceding
        )
),

comparable as (
    select
        *,
        case
            when territory <> territory_before then 'territory'
            when rows_before > 0 and break_year > year - 1 then 'industries'
        end as employment_change_break,
        case
            when territory <> territory_5_before then 'territory'
            when rows_5_before > 0 and break_year > year - 5 then 'industries'
        end as employment_cagr_5yr_break
    from before
),

dated as (
    select
        *,
        case
            when rows_before = 0 then 'not_in_vintage'
            when employment_change_break is not null then 'not_comparable'
            when employment is null or employment_before is null then 'withheld'
            when 100 - greatest(modelled_pct, modelled_pct_before) < min_published_pct then 'mostly_modelled'
            when employment_before = 0 then 'no_jobs'
            else 'ok'
        end as employment_change_status,
        case
            when rows_5_before = 0 then 'not_in_vintage'
            when employment_cagr_5yr_break is not null then 'not_comparable'
            when employment is null or employment_5_before is null then 'withheld'
            when 100 - greatest(modelled_pct, modelled_pct_5_before) < min_published_pct then 'mostly_modelled'
            when employment = 0 or employment_5_before = 0 then 'no_jobs'
            else 'ok'
        end as employment_cagr_5yr_status
    from comparable
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
    employment_published,
    modelled_pct,
    employment_low,
    employment_high,
    wages_usd,
    round(wages_usd / nullif(employment_published, 0), 2) as pay_annual_avg_usd,
    round(100.0 * employment / nullif(area_employment, 0), 6) as employment_share_pct,
    case
        when location_quotient_status = 'ok'
            then round((employment / nullif(area_employment, 0)) / nullif(nation_share, 0), 6)
    end as location_quotient,
    location_quotient_status,
    case
        when employment_change_status = 'ok'
            then round(100.0 * (employment - employment_before) / employment_before, 6)
    end as employment_change_pct,
    employment_change_status,
    employment_change_break,
    case
        when employment_cagr_5yr_status = 'ok'
            then round(100.0 * (power(employment / employment_5_before, 0.2) - 1), 6)
    end as employment_cagr_5yr_pct,
    employment_cagr_5yr_status,
    employment_cagr_5yr_break,
    case
        when cells_withheld = 0 then 100.0
        else round(100.0 * coalesce(employment_published, 0) / nullif(employment_high, 0), 6)
    end as disclosed_pct,
    cells,
    cells_withheld,
    case
        when employment is null then 'withheld'
        when modelled_pct >= modelled_from_pct then 'modelled'
        else 'ok'
    end as status
from dated
order by year, area_id, ownership, level, cluster_id, sub_cluster_id
