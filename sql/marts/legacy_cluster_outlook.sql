-- Outlook of the 16 legacy clusters in the nation and the states: sums of their occupations, each job once, and growth
-- from the sums. Projections and method are those of the present clusters.
with

area as (
    select
        area_id,
        max(projection_period) as projection_period,
        max(base_year) as base_year,
        max(projected_year) as projected_year,
        max(source) as source,
        bool_or(status = 'doubtful') as is_doubtful
    from core.occupation_projection
    group by area_id
),

figure as (
    select
        projection.area_id,
        member.soc_code,
        sum(member.member_share * projection.base_jobs) as base_jobs,
        sum(member.member_share * projection.projected_jobs) as projected_jobs,
        sum(member.member_share * projection.annual_openings) as annual_openings
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
        round(sum(legacy.weight * figure.annual_openings), 6) as annual_openings
    from area
    cross join reference.soc_legacy_cluster as legacy
    inner join figure as nation
        on nation.soc_code = legacy.soc_code
        and nation.area_id = 'US'
    left join figure
        on figure.area_id = area.area_id
        and figure.soc_code = legacy.soc_code
    group by area.area_id, legacy.legacy_cluster_id
)

select
    summed.area_id,
    summed.legacy_cluster_id,
    area.projection_period,
    area.base_year,
    area.projected_year,
    round(summed.base_jobs, 3) as base_jobs,
    round(summed.projected_jobs, 3) as projected_jobs,
    round(summed.projected_jobs - summed.base_jobs, 3) as change_jobs,
    round(100.0 * (summed.projected_jobs / nullif(summed.base_jobs, 0) - 1), 4) as growth_pct,
    round(
        100.0 * (
            power(summed.projected_jobs / nullif(summed.base_jobs, 0), 1.0 / (area.projected_year - area.base_year)) - 1
        ),
        4
    ) as cagr_pct,
    round(summed.annual_openings, 3) as annual_openings,
    round(100.0 * summed.annual_openings / nullif(summed.base_jobs, 0), 4) as openings_rate_pct,
    round(100.0 * summed.national_base_jobs_projected / nullif(summed.national_base_jobs, 0), 4) as coverage_pct,
    summed.occupations,
    summed.occupations_defined - summed.occupations as occupations_without_projection,
    area.source,
    case
        when area.is_doubtful then 'doubtful'
        when summed.base_jobs is null then 'withheld'
        when summed.national_base_jobs_projected < summed.national_base_jobs * 0.999999 then 'partial'
        else 'ok'
    end as status
from summed
inner join area on area.area_id = summed.area_id
order by summed.area_id, summed.legacy_cluster_id
