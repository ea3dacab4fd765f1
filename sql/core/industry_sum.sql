-- Cells of QCEW added up by area, ownership and year: each cluster and sub-cluster by the shallowest published
-- industries that lie wholly in it, and all industries. Jobs are of all cells, withheld ones estimated; wages are of
-- published cells; low and high bound all jobs. A row that is one withheld cell has no estimate: only sums have.
with

-- the last change up to each year in what QCEW publishes of an owner, and the next one
coverage as (
    select
        year.year,
        change.own_code,
        max(change.first_year) filter (where change.first_year <= year.year) as coverage_year,
        min(change.first_year) filter (where change.first_year > year.year) as next_coverage_year
    from core.naics_edition as year
    cross join seed.coverage_break as change
    group by year.year, change.own_code
),

-- cells that count for a cluster, a sub-cluster or all industries
placed as (
    select
        cell.*,
        industry.cluster_id,
        industry.sub_cluster_id,
        industry.is_cluster_frontier,
        industry.is_sub_cluster_frontier
    from core.qcew_cell as cell
    inner join core.qcew_industry as industry
        on industry.year = cell.year
        and industry.naics_code = cell.naics_code
    where cell.depth = 0
        or industry.is_cluster_frontier
        or industry.is_sub_cluster_frontier
),

placed_in_region as (
    select
        cell.*,
        industry.cluster_id,
        industry.sub_cluster_id,
        industry.is_cluster_frontier,
        industry.is_sub_cluster_frontier
    from core.qcew_region_cell as cell
    inner join core.qcew_industry as industry
        on industry.year = cell.year
        and industry.naics_code = cell.naics_code
    where cell.depth = 0
        or industry.is_cluster_frontier
        or industry.is_sub_cluster_frontier
),

-- a region's cells are those of its counties
filled as (
    select placed.*, coalesce(placed.employment, fill.employment_estimate) as employment_estimate
    from placed
    left join core.qcew_fill as fill
        on fill.area_id = placed.area_id
        and fill.year = placed.year
        and fill.own_code = placed.own_code
        and fill.naics_code = placed.naics_code
    union all
    select placed.* exclude (county_fips), coalesce(placed.employment, fill.employment_estimate) as employment_estimate
    from placed_in_region as placed
    left join core.qcew_region_fill as fill
        on fill.area_id = placed.area_id
        and fill.county_fips = placed.county_fips
        and fill.year = placed.year
        and fill.own_code = placed.own_code
        and fill.naics_code = placed.naics_code
),

cell as (
    select filled.*, coverage.coverage_year, coverage.next_coverage_year
    from filled
    left join coverage
        on coverage.year = filled.year
        and coverage.own_code = filled.own_code
),

-- what counts for each cluster and sub-cluster, and all industries together
counted as (
    select * replace ('all' as sub_cluster_id), 'cluster' as level
    from cell
    where is_cluster_frontier
    union all
    select *, 'sub_cluster' as level
    from cell
    where is_sub_cluster_frontier
    union all
    select * replace ('all' as cluster_id, 'all' as sub_cluster_id), 'all' as level
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
        count(*) filter (where employment is null) as cells_withheld,
        max(coverage_year) as coverage_year,
        min(next_coverage_year) as next_coverage_year
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
    cells,
    cells_withheld,
    max(employment) filter (where level = 'all') over area_of_year as area_employment,
    max(modelled_pct) filter (where level = 'all') over area_of_year as area_modelled_pct,
    coverage_year,
    next_coverage_year
from estimated
window area_of_year as (partition by area_id, ownership, year)
order by year, area_id, ownership, level, cluster_id, sub_cluster_id
