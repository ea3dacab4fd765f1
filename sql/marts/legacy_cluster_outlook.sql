-- Outlook of the 16 legacy clusters in the nation and the states: sums of their occupations, each job once, and growth
-- from the sums. Projections and method are those of the present clusters, and so is what is not given.
with

parameter as (
    select max(value) as min_coverage_pct
    from reference.method_parameter
    where parameter = 'outlook_min_coverage_pct'
),

area as (
    select
        area_id,
        max(projection_period) as projection_period,
        max(base_year) as base_year,
        max(projected_year) as projected_year,
        max(source) as source,
        -- one doubtful occupation does not make the state's whole list doubtful
        bool_or(status = 'doubtful' and occupation_group = 'total') as is_doubtful,
        max(doubt) filter (where occupation_group = 'total') as doubt
    from core.occupation_projection
    group by area_id
),

figure as (
    select
        projection.area_id,
        member.soc_code,
        sum(member.member_share * projection.base_jobs) as base_jobs,
        sum(member.member_share * projection.projected_jobs) as projected_jobs,
        sum(case when projection.openings_status = 'ok' then member.member_share * projection.annual_openings end)
            as annual_openings,
        sum(case when projection.openings_status = 'ok' then member.member_share * projection.base_jobs end)
            as openings_jobs
    from core.occupation_projection as projection
    inner join core.projection_member as member on member.nem_code = projection.nem_code
    where projection.status = 'ok'
        and projection.occupation_group = 'detailed'
    group by projection.area_id, member.soc_code
),

-- Every occupation that the nation projects in its legacy clusters, with the area's figures where it has them. Sums are
-- rounded far below the published digits, so that every run rounds figures halfway between two alike.
summed as (
    select
        area.area_id,
        legacy.legacy_cluster_id,
        count(*) as occupations_defined,
        count(figure.soc_code) as occupations,
        round(sum(legacy.weight * nation.base_jobs), 6) as national_base_jobs,
        round(coalesce(sum(legacy.weight * nation.base_jobs) filter (where figure.soc_code is not null), 0), 6)
            as national_base_jobs_projected,
        round(sum(legacy.weight * figure.base_jobs), 6) as base_jobs,
        round(sum(legacy.weight * figure.projected_jobs), 6) as projected_jobs,
        round(sum(legacy.weight * figure.annual_openings), 6) as annual_openings,
        round(sum(legacy.weight * figure.openings_jobs), 6) as openings_jobs
    from area
    cross join reference.soc_legacy_cluster as legacy
    inner join figure as nation
        on nation.soc_code = legacy.soc_code
        and nation.area_id = 'US'
    left join figure
        on figure.area_id = area.area_id
        and figure.soc_code = legacy.soc_code
    group by area.area_id, legacy.legacy_cluster_id
),

covered as (
    select
        summed.*,
        area.* exclude (area_id),
        100.0 * summed.national_base_jobs_projected / nullif(summed.national_base_jobs, 0) as coverage_pct
    from summed
    inner join area on area.area_id = summed.area_id
),

given as (
    select
        covered.* exclude (projected_jobs, annual_openings),
        case when covered.coverage_pct >= parameter.min_coverage_pct then covered.projected_jobs end
            as projected_jobs,
        case when covered.coverage_pct >= parameter.min_coverage_pct then covered.annual_openings end
            as annual_openings,
        case
            when covered.is_doubtful then 'doubtful'
            when covered.base_jobs is null then 'withheld'
            when covered.coverage_pct < parameter.min_coverage_pct then 'low_coverage'
            when covered.coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as status
    from covered
    cross join parameter
)

select
    area_id,
    legacy_cluster_id,
    projection_period,
    base_year,
    projected_year,
    round(base_jobs, 3) as base_jobs,
    round(projected_jobs, 3) as projected_jobs,
    round(projected_jobs - base_jobs, 3) as change_jobs,
    round(100.0 * (projected_jobs / nullif(base_jobs, 0) - 1), 4) as growth_pct,
    round(100.0 * (power(projected_jobs / nullif(base_jobs, 0), 1.0 / (projected_year - base_year)) - 1), 4)
        as cagr_pct,
    round(annual_openings, 3) as annual_openings,
    round(100.0 * annual_openings / nullif(openings_jobs, 0), 4) as openings_rate_pct,
    round(coverage_pct, 4) as coverage_pct,
    occupations,
    occupations_defined - occupations as occupations_without_projection,
    source,
    status,
    case
        when status not in ('ok', 'partial') then status
        when annual_openings is null then 'doubtful'
        when openings_jobs < base_jobs - 0.0001 then 'partial'
        else status
    end as openings_status,
    doubt
from given
order by area_id, legacy_cluster_id
