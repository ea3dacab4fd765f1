-- No cell of QCEW is lost or met twice on the way, and a withheld one stays withheld.
-- table: core.qcew_cell
-- severity: error
-- expected: the cells by owner of raw.qcew, with the same establishments, jobs and status
-- parts: year, area_id
select
    coalesce(raw_cell.area_id, cell.area_id) as area_id,
    coalesce(raw_cell.own_code, cell.own_code) as own_code,
    coalesce(raw_cell.naics_code, cell.naics_code) as naics_code,
    coalesce(raw_cell.year, cell.year) as year,
    coalesce(cell.kept_rows, 0) as kept_rows
from (select area_id, own_code, naics_code, year, establishments, employment, status from raw.qcew where own_code <> '0') as raw_cell
full join (
    select
        area_id,
        own_code,
        naics_code,
        year,
        count(*) as kept_rows,
        max(establishments) as establishments,
        max(employment) as employment,
        max(status) as status
    from core.qcew_cell
    group by area_id, own_code, naics_code, year
) as cell
    on cell.area_id = raw_cell.area_id
    and cell.own_code = raw_cell.own_code
    and cell.naics_code = raw_cell.naics_code
    and cell.year = raw_cell.year
where raw_cell.area_id is null
    or cell.area_id is null
    or cell.kept_rows <> 1
    or raw_cell.establishments <> cell.establishments
    or raw_cell.status <> cell.status
    or coalesce(raw_cell.employment, -1) <> coalesce(cell.employment, -1)
    or (raw_cell.status = 'withheld') <> (cell.employment is null)
order by area_id, own_code, naics_code, year
