-- With withheld cells estimated, industries add up to the one above them in the same area under the same owner. The
-- publisher rounds every cell, so half a unit a cell is allowed where the one above is published.
-- table: core.qcew_fill
-- severity: error
-- expected: sum of the cells right below = the cell above, wherever all are published or estimated
-- parts: year, area_id
with

cell as (
    select
        cell.area_id,
        cell.year,
        cell.own_code,
        cell.naics_code,
        industry.parent_code,
        cell.employment is null as is_withheld,
        coalesce(cell.employment, fill.employment_estimate) as employment
    from core.qcew_cell as cell
    inner join core.qcew_industry as industry
        on industry.year = cell.year
        and industry.naics_code = cell.naics_code
    left join core.qcew_fill as fill
        on fill.area_id = cell.area_id
        and fill.year = cell.year
        and fill.own_code = cell.own_code
        and fill.naics_code = cell.naics_code
),

below as (
    select
        area_id,
        year,
        own_code,
        parent_code as naics_code,
        sum(employment) as employment,
        count(*) as cells
    from cell
    where parent_code is not null
    group by area_id, year, own_code, parent_code
    having count(employment) = count(*) and bool_or(is_withheld)
)

select
    cell.area_id,
    cell.year,
    cell.own_code,
    cell.naics_code,
    cell.employment,
    below.employment as employment_below
from cell
inner join below
    on below.area_id = cell.area_id
    and below.year = cell.year
    and below.own_code = cell.own_code
    and below.naics_code = cell.naics_code
where cell.employment is null
    or abs(cell.employment - below.employment) > case when cell.is_withheld then 0.001 else 0.5 * below.cells end
order by cell.year, cell.area_id, cell.own_code, cell.naics_code
