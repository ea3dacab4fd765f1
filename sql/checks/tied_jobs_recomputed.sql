-- Jobs that a change of NAICS edition ties to another home, recomputed from the publisher's cells and the estimates of
-- withheld ones: for each year those of the last change up to it and of the next one.
-- table: core.industry_tied_jobs
-- severity: error
-- expected: the same jobs within 1e-6 of their size plus 1e-6, estimated ones within 1e-3; missing alike
-- keys: area_id, level, cluster_id, sub_cluster_id, ownership, year, is_after
-- figures: tied_jobs within 1e-6 * abs(expected.tied_jobs) + 1e-6
-- figures: modelled_jobs within 1e-6 * abs(expected.modelled_jobs) + 1e-3
with

cells as (select * from qcew_cells),

-- those of industries that a change ties, which are few
cell as (
    select *
    from cells
    where naics_code in (select naics_code from core.industry_joined)
),

ownership as (select * from qcew_ownerships),

-- what was estimated of withheld cells
estimated as (
    select
        fill.area_id,
        fill.year,
        fill.own_code,
        fill.naics_code,
        fill.employment_estimate,
        bounded.employment_low
    from core.qcew_fill as fill
    inner join core.qcew_cell as bounded
        on bounded.area_id = fill.area_id
        and bounded.year = fill.year
        and bounded.own_code = fill.own_code
        and bounded.naics_code = fill.naics_code
    where fill.naics_code in (select naics_code from core.industry_joined)
),

expected as (
    select
        cell.area_id,
        joined.level,
        joined.cluster_id,
        joined.sub_cluster_id,
        ownership.ownership,
        cell.year,
        joined.is_after,
        case
            when count(coalesce(cell.employment, estimated.employment_estimate)) = count(*)
                then sum(coalesce(cell.employment, estimated.employment_estimate))
        end as tied_jobs,
        coalesce(sum(estimated.employment_estimate - estimated.employment_low), 0) as modelled_jobs
    from cell
    inner join core.naics_edition as edition on edition.year = cell.year
    inner join core.industry_joined as joined
        on joined.naics_code = cell.naics_code
        and joined.is_after = (joined.first_year <= cell.year)
        and joined.first_year in (edition.edition_year, edition.next_edition_year)
    inner join ownership on ownership.own_code = cell.own_code
    left join estimated
        on estimated.area_id = cell.published_for
        and estimated.year = cell.year
        and estimated.own_code = cell.own_code
        and estimated.naics_code = cell.naics_code
    group by all
),

found as (
    select *
    from core.industry_tied_jobs
)

select * from differences
