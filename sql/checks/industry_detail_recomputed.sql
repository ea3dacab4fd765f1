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

by_owner as (
    select
        area_id,
        naics_code,
        case when own_code = '5' then 'private' when own_code in ('1', '2', '3') then 'government' end as ownership,
        year,
        sum(establishments) as establishments,
        sum(employment) as employment,
        sum(wages_usd) as wages_usd,
        count(*) as cells,
        count(employment) as cells_published
    from cell
    where own_code <> '0'
    group by all
),

summed as (
    select *
    from by_owner
    union all
    select
        area_id,
        naics_code,
        'all' as ownership,
        year,
        sum(establishments) as establishments,
        sum(employment) as employment,
        sum(wages_usd) as wages_usd,
        sum(cells) as cells,
        sum(cells_published) as cells_published
    from by_owner
    group by all
),

expected as (
    select
        area_id,
        naics_code,
        ownership,
        year,
        establishments,
        employment,
        wages_usd,
        wages_usd / nullif(employment, 0) as pay_annual_avg_usd,
        cells,
        cells - cells_published as cells_withheld,
        case
            when cells_published = cells then 'ok'
            when cells_published = 0 then 'withheld'
            else 'partial'
        end as status
    from summed
),

found as (
    select *
    from marts.industry_detail
)

select * from differences
