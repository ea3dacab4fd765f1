with

    cell as (select * from qcew_cells),

    ownership as (select * from qcew_ownerships),

    place as (select * from qcew_places),

    summed as (
        select
            cell.area_id,
            place.level,
            place.cluster_id,
            place.sub_cluster_id,
            ownership.ownership,
            cell.year,
            sum(cell.employment) as published,
            sum(coalesce(cell.employment, fill.employment_estimate)) as jobs,
            sum(fill.employment_estimate - bounded.employment_low) as modelled,
            -- one withheld cell alone has no figure
            count(coalesce(cell.employment, fill.employment_estimate)) = count(*)
            and (count(*) > 1 or count(cell.employment) = 1) as is_known,
            sum(cell.wages_usd) / nullif(sum(cell.employment), 0) as pay_annual_avg_usd
        from cell
        inner join place
            on place.year = cell.year
            and place.naics_code = cell.naics_code
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
    )

    select
        summed.area_id,
        summed.level,
        summed.cluster_id,
        summed.sub_cluster_id,
        summed.ownership,
        summed.year,
        summed.published,
        case when summed.is_known then summed.jobs end as estimate,
        coalesce(summed.modelled, 0) as modelled,
        summed.pay_annual_avg_usd
    from summed
