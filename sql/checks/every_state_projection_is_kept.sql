-- Every row of the states' projections is kept once, as published.
-- table: core.occupation_projection
-- severity: error
-- expected: one row for each published row, with its jobs, growth and openings
-- keys: area_id, nem_code
-- figures: base_year; projected_year; base_jobs; projected_jobs; growth_pct; annual_openings
with

found as (
    select *
    from core.occupation_projection
    where source = 'projections_central'
),

expected as (
    select *, soc_code as nem_code
    from raw.projections_central
)

select * from differences
