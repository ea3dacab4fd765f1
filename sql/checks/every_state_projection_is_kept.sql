-- Every row of the states' projections is kept once, as published.
-- table: core.occupation_projection
-- severity: error
-- expected: one row for each published row, with its jobs, growth and openings
-- keys: area_id, nem_code
-- figures: times; base_year; projected_year; base_jobs; projected_jobs; growth_pct; annual_openings
with

found as (
    select
        area_id,
        nem_code,
        base_year,
        projected_year,
        base_jobs,
        projected_jobs,
        growth_pct,
        annual_openings,
        count(*) over (partition by area_id, nem_code) as times
    from core.occupation_projection
    where source = 'projections_central'
),

expected as (
    select
        area_id,
        soc_code as nem_code,
        base_year,
        projected_year,
        cast(base_jobs as double) as base_jobs,
        cast(projected_jobs as double) as projected_jobs,
        growth_pct,
        cast(annual_openings as double) as annual_openings,
        1 as times
    from raw.projections_central
)

select * from differences
