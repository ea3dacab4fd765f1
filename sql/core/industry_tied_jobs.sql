-- Jobs of industries that a change of NAICS edition ties to another home, withheld ones estimated: those that no year
-- before the last change has in the same cluster, and those that no year after the next change has.
with

-- a region's cells are those of its counties
placed as (
    select *, area_id as published_for
    from core.qcew_cell
    union all
    select * exclude (county_fips), county_fips as published_for
    from core.qcew_region_cell
),

tied as (
    select
        placed.*,
        joined.is_after,
        joined.level,
        joined.cluster_id,
        joined.sub_cluster_id,
        coalesce(placed.employment, fill.employment_estimate) as employment_estimate
    from placed
    inner join core.naics_edition as edition on edition.year = placed.year
    inner join core.industry_joined as joined
        on joined.first_year = case when joined.is_after then edition.edition_year else edition.next_edition_year end
        and joined.naics_code = placed.naics_code
    left join core.qcew_fill as fill
        on fill.area_id = placed.published_for
        and fill.year = placed.year
        and fill.own_code = placed.own_code
        and fill.naics_code = placed.naics_code
),

-- each cell counts under all owners and under its own
owned as (
    select *, unnest(['all', case when own_code = '5' then 'private' else 'government' end]) as ownership
    from tied
)

select
    area_id,
    level,
    cluster_id,
    sub_cluster_id,
    ownership,
    year,
    is_after,
    case when count(employment_estimate) = count(*) then round(sum(employment_estimate), 6) end as tied_jobs,
    round(sum(greatest(employment_estimate - employment_low, 0)), 6) as modelled_jobs
from owned
group by area_id, level, cluster_id, sub_cluster_id, ownership, year, is_after
order by year, area_id, ownership, level, cluster_id, sub_cluster_id, is_after
