-- jobs that a change of NAICS edition ties to another home, by the side of the change
    with

    cell as (select * from qcew_cells),

    ownership as (select * from qcew_ownerships)

    select
        cell.area_id,
        joined.level,
        joined.cluster_id,
        joined.sub_cluster_id,
        ownership.ownership,
        cell.year,
        joined.year as break_year,
        sum(coalesce(cell.employment, fill.employment_estimate)) as jobs,
        sum(fill.employment_estimate - bounded.employment_low) as modelled,
        count(coalesce(cell.employment, fill.employment_estimate)) = count(*) as is_known
    from cell
    inner join core.industry_joined as joined
        on joined.naics_code = cell.naics_code
        and joined.is_after = (cell.year >= joined.year)
    inner join ownership on ownership.own_code = cell.own_code
    left join core.qcew_fill as fill
        on fill.area_id = cell.published_for
        and fill.year = cell.year
        and fill.own_code = cell.own_code
        and fill.naics_code = cell.naics_code
    left join core.qcew_cell as bounded
        on bounded.area_id = cell.published_for
        and bounded.year = cell.year
        and bounded.own_code = cell.own_code
        and bounded.naics_code = cell.naics_code
    group by all
