-- Every row of the states' projections is there once, as published.
-- table: core.occupation_projection
-- severity: error
-- expected: one row for each published row, with its jobs, growth and openings
with

kept as (
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
)

select
    coalesce(published.area_id, kept.area_id) as area_id,
    coalesce(published.soc_code, kept.nem_code) as nem_code,
    published.base_jobs as published_base_jobs,
    kept.base_jobs,
    published.annual_openings as published_annual_openings,
    kept.annual_openings
from raw.projections_central as published
full outer join kept
    on kept.area_id = published.area_id
    and kept.nem_code = published.soc_code
where published.area_id is null
    or kept.area_id is null
    or kept.times <> 1
    or kept.base_year <> published.base_year
    or kept.projected_year <> published.projected_year
    or kept.base_jobs is distinct from cast(published.base_jobs as double)
    or kept.projected_jobs is distinct from cast(published.projected_jobs as double)
    or kept.growth_pct is distinct from published.growth_pct
    or kept.annual_openings is distinct from cast(published.annual_openings as double)
order by area_id, nem_code
