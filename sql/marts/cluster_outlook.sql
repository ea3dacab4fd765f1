-- Outlook of every cluster and sub-cluster in the nation and the states: sums of their occupations, growth from the
-- sums, openings with their parts, and the preparation that the openings require. The total is as published.
with

area as (
    select
        projection.area_id,
        area_scheme.scheme,
        max(projection.projection_period) as projection_period,
        max(projection.base_year) as base_year,
        max(projection.projected_year) as projected_year,
        max(projection.source) as source,
        -- one doubtful occupation does not make the state's whole list doubtful
        bool_or(projection.status = 'doubtful' and projection.occupation_group = 'total') as is_doubtful
    from core.occupation_projection as projection
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = projection.area_id
    group by projection.area_id, area_scheme.scheme
),

published_total as (
    select area_id, base_jobs, projected_jobs, annual_openings, annual_exits, annual_transfers
    from core.occupation_projection
    where occupation_group = 'total'
        and status = 'ok'
),

-- every cluster and sub-cluster has a row in every area, and so has the area's total
node as (
    select scheme, basis, level, cluster_id, sub_cluster_id
    from core.scheme_node
    union all
    select distinct scheme, basis, 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id
    from core.scheme_node
),

summed as (
    select
        area_id,
        basis,
        level,
        cluster_id,
        sub_cluster_id,
        sum(occupations_defined) as occupations_defined,
        sum(occupations) as occupations,
        round(sum(national_base_jobs), 6) as national_base_jobs,
        round(sum(national_base_jobs_projected), 6) as national_base_jobs_projected,
        round(sum(base_jobs), 6) as base_jobs,
        round(sum(projected_jobs), 6) as projected_jobs,
        round(sum(annual_openings), 6) as annual_openings,
        round(sum(annual_exits), 6) as annual_exits,
        round(sum(annual_transfers), 6) as annual_transfers,
        round(sum(middle_skill_openings), 6) as middle_skill_openings,
        round(sum(annual_openings) filter (where entry_education <> 'not assigned'), 6) as assigned_openings,
        round(sum(zone_jobs), 6) as zone_jobs,
        round(sum(zone_sum), 6) as zone_sum
    from core.group_outlook
    group by area_id, basis, level, cluster_id, sub_cluster_id
),

figure as (
    select
        area.* exclude (scheme),
        node.* exclude (scheme),
        case when node.level = 'all' then published_total.base_jobs else summed.base_jobs end as base_jobs,
        case when node.level = 'all' then published_total.projected_jobs else summed.projected_jobs end
            as projected_jobs,
        case when node.level = 'all' then published_total.annual_openings else summed.annual_openings end
            as annual_openings,
        case when node.level = 'all' then published_total.annual_exits else summed.annual_exits end as openings_exits,
        case when node.level = 'all' then published_total.annual_transfers else summed.annual_transfers end
            as openings_transfers,
        100.0 * summed.middle_skill_openings / nullif(summed.assigned_openings, 0) as middle_skill_pct,
        summed.zone_sum / nullif(summed.zone_jobs, 0) as job_zone_mean,
        100.0 * summed.zone_jobs / nullif(summed.base_jobs, 0) as job_zone_coverage_pct,
        case
            when node.level = 'all' then 100.0 * coalesce(summed.base_jobs, 0) / nullif(published_total.base_jobs, 0)
            when summed.occupations_defined is not null
                then 100.0 * summed.national_base_jobs_projected / nullif(summed.national_base_jobs, 0)
        end as coverage_pct,
        coalesce(summed.occupations_defined, 0) as occupations_defined,
        coalesce(summed.occupations, 0) as occupations
    from area
    inner join node on node.scheme = area.scheme
    left join summed
        on summed.area_id = area.area_id
        and summed.basis = node.basis
        and summed.level = node.level
        and summed.cluster_id = node.cluster_id
        and summed.sub_cluster_id = node.sub_cluster_id
    left join published_total on published_total.area_id = area.area_id
)

select
    figure.area_id,
    figure.level,
    figure.cluster_id,
    figure.sub_cluster_id,
    figure.basis,
    figure.projection_period,
    figure.base_year,
    figure.projected_year,
    round(figure.base_jobs, 3) as base_jobs,
    round(figure.projected_jobs, 3) as projected_jobs,
    round(figure.projected_jobs - figure.base_jobs, 3) as change_jobs,
    round(100.0 * (figure.projected_jobs / nullif(figure.base_jobs, 0) - 1), 4) as growth_pct,
    round(
        100.0 * (
            power(
                figure.projected_jobs / nullif(figure.base_jobs, 0),
                1.0 / (figure.projected_year - figure.base_year)
            ) - 1
        ),
        4
    ) as cagr_pct,
    round(figure.annual_openings, 3) as annual_openings,
    -- states publish openings as a whole
    case when figure.openings_exits is not null
         then round((figure.projected_jobs - figure.base_jobs) / (figure.projected_year - figure.base_year), 3)
    end as openings_growth,
    round(figure.openings_exits, 3) as openings_exits,
    round(figure.openings_transfers, 3) as openings_transfers,
    round(100.0 * figure.annual_openings / nullif(figure.base_jobs, 0), 4) as openings_rate_pct,
    round(figure.middle_skill_pct, 4) as middle_skill_pct,
    round(figure.job_zone_mean, 4) as job_zone_mean,
    round(figure.job_zone_coverage_pct, 4) as job_zone_coverage_pct,
    round(figure.coverage_pct, 4) as coverage_pct,
    figure.occupations,
    figure.occupations_defined - figure.occupations as occupations_without_projection,
    figure.source,
    vintage.vintage,
    case
        when figure.occupations_defined = 0 and figure.level <> 'all' then 'no_occupations'
        when figure.is_doubtful then 'doubtful'
        when figure.base_jobs is null then 'withheld'
        when figure.level <> 'all' and figure.coverage_pct < 99.9999 then 'partial'
        else 'ok'
    end as status
from figure
inner join reference.source_vintage as vintage on vintage.source = figure.source
order by
    figure.area_id,
    figure.basis desc,
    figure.level,
    figure.cluster_id,
    figure.sub_cluster_id
