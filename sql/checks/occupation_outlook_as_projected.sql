-- The outlook has every projected occupation once, with figures where they can be used and none elsewhere; rates
-- follow from the jobs.
-- table: marts.occupation_outlook
-- severity: error
-- expected: figures of core.occupation_projection by status; growth, yearly growth, openings and their parts that fit
with

projected as (
    select
        area_id,
        soc_code,
        projection_period,
        projected_year - base_year as years,
        case when status = 'ok' then base_jobs end as base_jobs,
        case when status in ('ok', 'partial') then projected_jobs end as projected_jobs,
        case when openings_status = 'ok' then annual_openings end as annual_openings,
        case when status = 'ok' then annual_exits end as annual_exits,
        status,
        openings_status,
        doubt,
        -- half a step of rounding: hundreds in the nation, tens in the states
        case when source = 'projections' then 50.0 else 5.0 end as half_step
    from core.occupation_projection
    where occupation_group = 'detailed'
),

outlook as (
    select
        area_id,
        soc_code,
        projection_period,
        base_jobs,
        projected_jobs,
        change_jobs,
        growth_pct,
        cagr_pct,
        annual_openings,
        openings_growth,
        openings_exits,
        openings_transfers,
        openings_rate_pct,
        status,
        openings_status,
        doubt,
        count(*) over (partition by area_id, soc_code, projection_period) as times
    from marts.occupation_outlook
)

select
    coalesce(projected.area_id, outlook.area_id) as area_id,
    coalesce(projected.soc_code, outlook.soc_code) as soc_code,
    projected.status,
    projected.base_jobs as projected_base_jobs,
    outlook.base_jobs,
    outlook.growth_pct,
    outlook.cagr_pct,
    outlook.annual_openings
from projected
full outer join outlook
    on outlook.area_id = projected.area_id
    and outlook.soc_code = projected.soc_code
    and outlook.projection_period = projected.projection_period
where projected.area_id is null
    or outlook.area_id is null
    or outlook.times <> 1
    or outlook.status <> projected.status
    or outlook.openings_status <> projected.openings_status
    or outlook.doubt is distinct from projected.doubt
    or cast(outlook.base_jobs as double) is distinct from projected.base_jobs
    or cast(outlook.projected_jobs as double) is distinct from projected.projected_jobs
    or cast(outlook.annual_openings as double) is distinct from projected.annual_openings
    or outlook.openings_exits is distinct from projected.annual_exits
    or (outlook.growth_pct is null) <> (projected.base_jobs is null)
    or (outlook.change_jobs is null) <> (projected.base_jobs is null)
    or (outlook.cagr_pct is null) <> (projected.base_jobs is null)
    or (outlook.openings_rate_pct is null) <> (projected.base_jobs is null or projected.annual_openings is null)
    -- change of the jobs, each of the three rounded by itself
    or abs(outlook.change_jobs - (outlook.projected_jobs - outlook.base_jobs)) > 3 * projected.half_step + 0.001
    -- growth is taken before rounding, which may move base and change by half a step each, and is rounded to 0.1
    or abs(outlook.growth_pct * outlook.base_jobs / 100 - outlook.change_jobs)
        > projected.half_step * (3 + abs(outlook.growth_pct) / 100) + 0.0005 * outlook.base_jobs + 0.001
    or abs(power(1 + outlook.cagr_pct / 100, projected.years) - (1 + outlook.growth_pct / 100)) > 0.0001
    or abs(outlook.openings_rate_pct * outlook.base_jobs / 100 - outlook.annual_openings)
        > 0.0001 * outlook.base_jobs + 0.001
    or abs(outlook.openings_growth * projected.years - outlook.change_jobs) > 0.01
order by area_id, soc_code
