-- Estimates of withheld industries keep their accuracy: the error on hidden cells of states, weighted by jobs, stays
-- below its bound. Where states withhold nothing there is nothing to measure; a missing measure fails otherwise.
-- table: core.qcew_fill_accuracy
-- severity: error
-- expected: weighted error of industries in states at most industry_fill_max_error_pct of reference.method_parameter
with

bound as (
    select value as max_error_pct
    from reference.method_parameter
    where parameter = 'industry_fill_max_error_pct'
),

withheld as (
    select count(*) as cells
    from core.qcew_cell as cell
    inner join reference.area as area on area.area_id = cell.area_id
    where area.area_type = 'state'
        and cell.employment is null
        and cell.year = (select max(year) from core.qcew_cell)
),

measured as (
    select groups, weighted_error_pct
    from core.qcew_fill_accuracy
    where area_type = 'state'
        and level = 'industry'
        and coverage_band = 'all'
)

select withheld.cells, measured.groups, measured.weighted_error_pct, bound.max_error_pct
from withheld
left join bound on true
left join measured on true
where withheld.cells > 0
    and coalesce(measured.weighted_error_pct, 100) > coalesce(bound.max_error_pct, 0)
