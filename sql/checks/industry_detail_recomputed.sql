-- Every industry's figures are the sums of the publisher's cells by owner. Those of a region are compared with the
-- publisher's elsewhere (region_cells_are_those_of_counties).
-- table: marts.industry_detail
-- severity: error
-- expected: a row for each area, industry, ownership and year of raw.qcew; all figures recomputed
-- parts: year, area_id
-- keys: area_id, naics_code, ownership, year
-- figures: establishments within 0.001; employment within 1e-6 * expected.employment + 1e-6
-- figures: wages_usd within 1e-9 * expected.wages_usd + 0.01; pay_annual_avg_usd within 0.006
-- figures: cells; cells_withheld; status
with

cell as (
    select area_id, year, own_code, naics_code, establishments, employment, wages_usd
    from raw.qcew
    union all
    select area_id, year, own_code, naics_code, establishments, employment, wages_usd
    from core.qcew_region_cell
),

ownership as (select * from qcew_ownerships),

expected as (
    select
        cell.area_id,
        cell.naics_code,
        ownership.ownership,
        cell.year,
        sum(cell.establishments) as establishments,
        sum(cell.employment) as employment,
        sum(cell.wages_usd) as wages_usd,
        sum(cell.wages_usd) / nullif(sum(cell.employment), 0) as pay_annual_avg_usd,
        count(*) as cells,
        count(*) - count(cell.employment) as cells_withheld,
        case
            when count(cell.employment) = count(*) then 'ok'
            when count(cell.employment) = 0 then 'withheld'
            else 'partial'
        end as status
    from cell
    inner join ownership on ownership.own_code = cell.own_code
    group by all
),

found as (
    select *
    from marts.industry_detail
)

select * from differences
