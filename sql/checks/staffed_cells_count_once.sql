-- The cells that the staffing estimate uses are published, have the published jobs, and none lies inside another.
-- table: core.qcew_staffed_cell
-- severity: error
-- expected: jobs as in raw.qcew; no cell of the same area and owner above it; by owner no more jobs than the area has
with

overlapping as (
    select cell.area_id, cell.own_code, cell.naics_code
    from core.qcew_staffed_cell as cell
    inner join core.qcew_ancestor as ancestor
        on ancestor.year = cell.year
        and ancestor.naics_code = cell.naics_code
    inner join core.qcew_staffed_cell as upper
        on upper.area_id = cell.area_id
        and upper.own_code = cell.own_code
        and upper.naics_code = ancestor.ancestor_code
),

owner as (
    select area_id, year, own_code, count(*) as cells, sum(employment) as employment
    from core.qcew_staffed_cell
    group by area_id, year, own_code
)

select area_id, own_code, naics_code, 'counted again in a wider cell' as problem
from overlapping
union all
select cell.area_id, cell.own_code, cell.naics_code, 'not as published' as problem
from core.qcew_staffed_cell as cell
left join raw.qcew as published
    on published.area_id = cell.area_id
    and published.year = cell.year
    and published.own_code = cell.own_code
    and published.naics_code = cell.naics_code
where published.employment is null
    or published.employment <> cell.employment
union all
select owner.area_id, owner.own_code, '10' as naics_code, 'more jobs than the owner has' as problem
from owner
inner join core.qcew_cell as total
    on total.area_id = owner.area_id
    and total.year = owner.year
    and total.own_code = owner.own_code
    and total.depth = 0
-- the publisher rounds every cell
where owner.employment > total.employment_high + 0.5 * owner.cells
order by problem, area_id, own_code, naics_code
