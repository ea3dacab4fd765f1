-- No cell of the OEWS industry file is lost or duplicated on its way from the raw table.
-- table: core.oews_industry_occupation
-- severity: error
-- expected: the same cells as raw.oews_industry_occupation, each once, with the same employment
-- keys: industry_code, soc_code
-- figures: employment
with

found as (
    select *
    from core.oews_industry_occupation
),

expected as (
    select *
    from raw.oews_industry_occupation
)

select * from differences
