-- Private and government establishments and jobs add up to the publisher's own total of all owners.
-- table: marts.industry_indicators
-- severity: error
-- expected: the area's total of ownership all = the publisher's row of all owners, half a unit for each cell allowed
-- parts: year
with

published as (
    select area_id, year, establishments, employment
    from raw.qcew
    where own_code = '0'
),

total as (
    select area_id, year, establishments, employment, cells, cells_withheld
    from marts.industry_indicators
    where level = 'all'
        and ownership = 'all'
)

select
    published.area_id,
    published.year,
    total.establishments,
    published.establishments as published_establishments,
    total.employment,
    published.employment as published_employment
from published
left join total
    on total.area_id = published.area_id
    and total.year = published.year
where total.area_id is null
    or abs(total.establishments - published.establishments) > 0.5 * total.cells + 0.5
    or (total.cells_withheld = 0 and abs(total.employment - published.employment) > 0.5 * total.cells + 0.5)
order by published.area_id, published.year
