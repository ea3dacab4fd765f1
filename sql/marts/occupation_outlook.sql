-- Outlook of every occupation in the nation and the states: the published projection, what follows from it, and what
-- the occupation requires. Figures are missing where the publisher prints 0 for all of them, or where they contradict
-- each other.
with

usable as (
    select
        * exclude (
            base_jobs, projected_jobs, change_jobs, growth_pct, annual_openings, annual_exits, annual_transfers
        ),
        projected_year - base_year as years,
        case when status = 'ok' then base_jobs end as base_jobs,
        case when status in ('ok', 'partial') then projected_jobs end as projected_jobs,
        case when status = 'ok' then change_jobs end as change_jobs,
        case when status = 'ok' then growth_pct end as growth_pct,
        case when openings_status = 'ok' then annual_openings end as annual_openings,
        case when status = 'ok' then annual_exits end as annual_exits,
        case when status = 'ok' then annual_transfers end as annual_transfers
    from core.occupation_projection
    where occupation_group = 'detailed'
)

select
    usable.area_id,
    usable.soc_code,
    usable.nem_code,
    usable.occupation_name,
    usable.projection_period,
    usable.base_year,
    usable.projected_year,
    cast(usable.base_jobs as bigint) as base_jobs,
    cast(usable.projected_jobs as bigint) as projected_jobs,
    cast(usable.change_jobs as bigint) as change_jobs,
    usable.growth_pct,
    round(100.0 * (power(1 + usable.growth_pct / 100.0, 1.0 / usable.years) - 1), 4) as cagr_pct,
    cast(usable.annual_openings as bigint) as annual_openings,
    -- states publish openings as a whole
    case when usable.annual_exits is not null then round(usable.change_jobs / usable.years, 3) end as openings_growth,
    usable.annual_exits as openings_exits,
    usable.annual_transfers as openings_transfers,
    round(100.0 * usable.annual_openings / usable.base_jobs, 4) as openings_rate_pct,
    nation.growth_pct as national_growth_pct,
    round(100.0 * nation.annual_openings / nation.base_jobs, 4) as national_openings_rate_pct,
    case
        when nation.nem_code is not null then 'ok'
        when usable.projection_period in (select projection_period from core.national_projection) then 'absent'
        else 'not_in_cycle'
    end as national_status,
    preparation.entry_education,
    preparation.work_experience,
    preparation.on_the_job_training,
    preparation.is_middle_skill,
    round(preparation.job_zone_mean, 4) as job_zone_mean,
    usable.source,
    vintage.vintage,
    usable.status,
    usable.openings_status,
    usable.doubt
from usable
inner join reference.source_vintage as vintage on vintage.source = usable.source
left join core.national_projection as nation
    on nation.projection_period = usable.projection_period
    and nation.nem_code = usable.nem_code
left join core.occupation_preparation as preparation on preparation.soc_code = usable.soc_code
order by usable.area_id, usable.soc_code, usable.projection_period
