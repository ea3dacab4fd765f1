-- Estimates are of withheld cells only, and within the bounds of each. A withheld cell below a published one has one.
-- table: core.qcew_fill
-- severity: error
-- expected: a withheld cell for each estimate, low <= estimate <= high, an estimate wherever there is an upper bound
-- parts: year, area_id
select
    coalesce(fill.area_id, cell.area_id) as area_id,
    coalesce(fill.year, cell.year) as year,
    coalesce(fill.own_code, cell.own_code) as own_code,
    coalesce(fill.naics_code, cell.naics_code) as naics_code,
    cell.employment,
    fill.employment_estimate,
    cell.employment_low,
    cell.employment_high
from core.qcew_cell as cell
full outer join core.qcew_fill as fill
    on fill.area_id = cell.area_id
    and fill.year = cell.year
    and fill.own_code = cell.own_code
    and fill.naics_code = cell.naics_code
where (fill.area_id is not null and (cell.area_id is null or cell.employment is not null))
    or (fill.area_id is null and cell.employment is null and cell.employment_high is not null)
    or fill.employment_estimate < cell.employment_low - 0.001
    or fill.employment_estimate > cell.employment_high + 0.001
order by year, area_id, own_code, naics_code
