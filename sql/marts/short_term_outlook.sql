-- States' projections for two years ahead, as published. They stay apart from the long-term ones: other base years,
-- other methods, and openings of other years.
select
    area_id,
    soc_code,
    title as occupation_name,
    base_year,
    projected_year,
    base_jobs,
    projected_jobs,
    change_jobs,
    growth_pct,
    annual_openings,
    status
from raw.projections_short
order by area_id, soc_code
