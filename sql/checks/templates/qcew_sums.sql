with

    cell as (select * from qcew_cells),

    place as (select * from qcew_places),

    by_owner as (
        select
            cell.area_id,
            place.level,
            place.cluster_id,
            place.sub_cluster_id,
            case when cell.own_code = '5' then 'private' else 'government' end as ownership,
            cell.year,
            sum(cell.employment) as published,
            sum(coalesce(cell.employment, fill.employment_estimate)) as jobs,
            sum(fill.employment_estimate - bounded.employment_low) as modelled,
            sum(cell.wages_usd) as wages_usd,
            count(*) as cells,
            count(cell.employment) as cells_published,
            count(coalesce(cell.employment, fill.employment_estimate)) as cells_known
        from cell
        inner join place
            on place.year = cell.year
            and place.naics_code = cell.naics_code
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
        where cell.own_code in ('1', '2', '3', '5')
        group by all
    ),

    summed as (
        select *
        from by_owner
        union all
        select
            area_id,
            level,
            cluster_id,
            sub_cluster_id,
            'all' as ownership,
            year,
            sum(published) as published,
            sum(jobs) as jobs,
            sum(modelled) as modelled,
            sum(wages_usd) as wages_usd,
            sum(cells) as cells,
            sum(cells_published) as cells_published,
            sum(cells_known) as cells_known
        from by_owner
        group by all
    )

    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        ownership,
        year,
        published,
        -- one withheld cell alone has no figure
        case when cells_known = cells and (cells > 1 or cells_published = 1) then jobs end as estimate,
        coalesce(modelled, 0) as modelled,
        wages_usd / nullif(published, 0) as pay_annual_avg_usd
    from summed
