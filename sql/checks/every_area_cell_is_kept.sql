-- No cell of the OEWS area file is lost or duplicated on its way from the raw table.
-- table: core.oews_area_occupation
-- severity: error
-- expected: the same cells as raw.oews_area_occupation, each once, with the same employment, mean and median wage
-- keys: area_id, soc_code
-- figures: kept_rows; employment; wage_mean_usd; wage_p50_usd
with

found as (
    select
        area_id,
        soc_code,
        count(*) as kept_rows,
        max(employment) as employment,
        max(wage_mean_usd) as wage_mean_usd,
        max(wage_p50_usd) as wage_p50_usd
    from core.oews_area_occupation
    group by area_id, soc_code
),

expected as (
    select area_id, soc_code, 1 as kept_rows, employment, wage_mean_usd, wage_p50_usd
    from raw.oews_area_occupation
)

select * from differences
