-- The nation's projections in every cycle at hand, to compare the states of each cycle with: BLS's own, and those of
-- other cycles that the states' lists repeat.
with

bls as (
    select
        projection_period,
        nem_code,
        soc_code,
        occupation_group,
        projected_year - base_year as years,
        base_jobs,
        projected_jobs,
        growth_pct,
        annual_openings,
        source
    from core.occupation_projection
    where area_id = 'US'
),

repeated as (
    select
        cast(nation.base_year as varchar) || '-' || substr(cast(nation.projected_year as varchar), 3, 2)
            as projection_period,
        nation.soc_code as nem_code,
        coalesce(bridge.soc_code, nation.soc_code) as soc_code,
        case when nation.soc_code = '00-0000' then 'total' else 'detailed' end as occupation_group,
        nation.projected_year - nation.base_year as years,
        cast(nation.base_jobs as double) as base_jobs,
        cast(nation.projected_jobs as double) as projected_jobs,
        nation.growth_pct,
        cast(nation.annual_openings as double) as annual_openings,
        'projections_central' as source
    from raw.projections_central_nation as nation
    left join seed.nem_soc as bridge on bridge.nem_code = nation.soc_code
    where nation.status = 'ok'
        and nation.base_jobs > 0
)

select
    projection_period,
    nem_code,
    soc_code,
    occupation_group,
    years,
    base_jobs,
    projected_jobs,
    growth_pct,
    annual_openings,
    source
from bls
union all
select
    projection_period,
    nem_code,
    soc_code,
    occupation_group,
    years,
    base_jobs,
    projected_jobs,
    growth_pct,
    annual_openings,
    source
from repeated
where projection_period not in (select projection_period from bls)
order by projection_period, nem_code
