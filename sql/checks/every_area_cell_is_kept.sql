-- No cell of the OEWS area file is lost or duplicated on its way from the raw table.
-- table: core.oews_area_occupation
-- severity: error
-- expected: the same cells as raw.oews_area_occupation, each once, with the same employment, mean and median wage
-- keys: area_id, soc_code
-- figures: employment; wage_mean_usd; wage_p50_usd
with

found as (
    select *
    from core.oews_area_occupation
),

expected as (
    select *
    from raw.oews_area_occupation
)

select * from differences
