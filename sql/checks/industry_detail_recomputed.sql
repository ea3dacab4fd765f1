-- Every industry's figures are those of the publisher's cells by owner, added up.
-- table: marts.industry_detail
-- severity: error
-- expected: one row for each area, industry, ownership and year of raw.qcew; establishments, jobs, wages, pay and cells anew
-- parts: year
with

-- a region has the cells of its counties, in the years for which all of them have figures
published as (
    select area_id, year, own_code, naics_code, establishments, employment, wages_usd, status
    from raw.qcew
    union all
    select
        county.region_area_id as area_id,
        cell.year,
        cell.own_code,
        cell.naics_code,
        cell.establishments,
        cell.employment,
        cell.wages_usd,
        cell.status
    from core.region_county as county
    inner join raw.qcew as cell
        on cell.area_id = county.area_id
        and cell.year = county.year
    where county.is_whole_region
),

ownership as (
    select own_code, case when own_code = '5' then 'private' else 'government' end as ownership
    from (select unnest(['1', '2', '3', '5']) as own_code) as owner
    union all
    select unnest(['1', '2', '3', '5']) as own_code, 'all' as ownership
),

expected as (
    select
        cell.area_id,
        cell.naics_code,
        ownership.ownership,
        cell.year,
        sum(cell.establishments) as establishments,
        sum(cell.employment) as employment,
        sum(cell.wages_usd) as wages_usd,
        count(*) as cells,
        count(*) - count(cell.employment) as cells_withheld
    from published as cell
    inner join ownership on ownership.own_code = cell.own_code
    group by cell.area_id, cell.naics_code, ownership.ownership, cell.year
)

select
    coalesce(detail.area_id, expected.area_id) as area_id,
    coalesce(detail.naics_code, expected.naics_code) as naics_code,
    coalesce(detail.ownership, expected.ownership) as ownership,
    coalesce(detail.year, expected.year) as year,
    detail.employment,
    expected.employment as expected_employment
from marts.industry_detail as detail
full join expected
    on expected.area_id = detail.area_id
    and expected.naics_code = detail.naics_code
    and expected.ownership = detail.ownership
    and expected.year = detail.year
where detail.area_id is null
    or expected.area_id is null
    or abs(detail.establishments - expected.establishments) > 0.001
    or (detail.employment is null) <> (expected.employment is null)
    or abs(detail.employment - expected.employment) > 1e-6 * expected.employment + 1e-6
    or (detail.wages_usd is null) <> (expected.wages_usd is null)
    or abs(detail.wages_usd - expected.wages_usd) > 1e-9 * expected.wages_usd + 0.01
    or abs(detail.pay_annual_avg_usd - expected.wages_usd / nullif(expected.employment, 0)) > 0.006
    or detail.cells <> expected.cells
    or detail.cells_withheld <> expected.cells_withheld
    or detail.status <> case when expected.cells_withheld = 0 then 'ok' when expected.cells_withheld = expected.cells then 'withheld' else 'partial' end
order by area_id, naics_code, ownership, year
