-- No cell of the OEWS industry file is lost or duplicated on its way from the raw table.
-- table: core.oews_industry_occupation
-- severity: error
-- expected: the same cells as raw.oews_industry_occupation, each once, with the same employment
-- keys: industry_code, soc_code
-- figures: kept_rows; employment
with

found as (
    select industry_code, soc_code, count(*) as kept_rows, max(employment) as employment
    from core.oews_industry_occupation
    group by industry_code, soc_code
),

expected as (
    select industry_code, soc_code, 1 as kept_rows, employment
    from raw.oews_industry_occupation
)

select * from differences
