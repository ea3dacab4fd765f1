-- The nation's annual openings are growth, labor force exits and occupational transfers, row by row.
-- table: core.occupation_projection
-- severity: error
-- expected: openings = change / years + exits + transfers, each rounded to 0.1 thousand
select
    nem_code,
    annual_openings,
    change_jobs / (projected_year - base_year) + annual_exits + annual_transfers as parts
from core.occupation_projection
where area_id = 'US'
    and not coalesce(
        abs(annual_openings - change_jobs / (projected_year - base_year) - annual_exits - annual_transfers)
        <= 50 * (3 + 1.0 / (projected_year - base_year)) + 0.001,
        false
    )
order by nem_code
