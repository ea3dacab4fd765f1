-- Outlook of every cluster and sub-cluster in the nation and the states: sums of their occupations, growth from the
-- sums, openings with their parts, and the preparation that the openings require; beside them the nation's growth and
-- openings in the same cycle. The total is as published. Where little of a cluster is projected, only its base jobs are
-- given.
with

parameter as (
    select max(value) as min_coverage_pct
    from reference.method_parameter
    where parameter = 'outlook_min_coverage_pct'
),

area as (
    select
        projection.area_id,
        area_scheme.scheme,
        max(projection.projection_period) as projection_period,
        max(projection.base_year) as base_year,
        max(projection.projected_year) as projected_year,
        max(projection.source) as source,
        -- one doubtful occupation does not make the state's whole list doubtful
        bool_or(projection.status = 'doubtful' and projection.occupation_group = 'total') as is_doubtful,
        max(projection.doubt) filter (where projection.occupation_group = 'total') as doubt
    from core.occupation_projection as projection
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = projection.area_id
    group by projection.area_id, area_scheme.scheme
),

published_total as (
    select
        area_id,
        base_jobs,
        projected_jobs,
        case when openings_status = 'ok' then annual_openings end as annual_openings,
        annual_exits,
        annual_transfers
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
        round(sum(openings_jobs), 6) as openings_jobs,
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
        area.*,
        node.* exclude (scheme),
        case when node.level = 'all' then published_total.base_jobs else summed.base_jobs end as base_jobs,
        case when node.level = 'all' then published_total.projected_jobs else summed.projected_jobs end
            as projected_jobs,
        case when node.level = 'all' then published_total.annual_openings else summed.annual_openings end
            as annual_openings,
        case when node.level = 'all' then published_total.base_jobs else summed.openings_jobs end as openings_jobs,
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
),

-- growth and openings of a cluster of which little is projected speak for that little only
covered as (
    select
        figure.*,
        coalesce(figure.coverage_pct >= parameter.min_coverage_pct, false) as is_covered,
        figure.level = 'all' or coalesce(figure.coverage_pct >= parameter.min_coverage_pct, false) as is_given
    from figure
    cross join parameter
),

given as (
    select
        covered.* exclude (
            projected_jobs, annual_openings, openings_exits, openings_transfers, middle_skill_pct, job_zone_mean,
            job_zone_coverage_pct
        ),
        case when is_given then projected_jobs end as projected_jobs,
        case when is_given then annual_openings end as annual_openings,
        case when is_given then openings_exits end as openings_exits,
        case when is_given then openings_transfers end as openings_transfers,
        case when is_covered then middle_skill_pct end as middle_skill_pct,
        case when is_covered then job_zone_mean end as job_zone_mean,
        case when is_covered then job_zone_coverage_pct end as job_zone_coverage_pct,
        case
            when occupations_defined = 0 and level <> 'all' then 'no_occupations'
            when is_doubtful then 'doubtful'
            when base_jobs is null then 'withheld'
            when not is_given then 'low_coverage'
            when level <> 'all' and coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as status
    from covered
)

select
    given.area_id,
    given.level,
    given.cluster_id,
    given.sub_cluster_id,
    given.basis,
    given.projection_period,
    given.base_year,
    given.projected_year,
    round(given.base_jobs, 3) as base_jobs,
    round(given.projected_jobs, 3) as projected_jobs,
    round(given.projected_jobs - given.base_jobs, 3) as change_jobs,
    round(100.0 * (given.projected_jobs / nullif(given.base_jobs, 0) - 1), 4) as growth_pct,
    round(
        100.0 * (
            power(
                given.projected_jobs / nullif(given.base_jobs, 0),
                1.0 / (given.projected_year - given.base_year)
            ) - 1
        ),
        4
    ) as cagr_pct,
    round(given.annual_openings, 3) as annual_openings,
    -- states publish openings as a whole
    case when given.openings_exits is not null
         then round((given.projected_jobs - given.base_jobs) / (given.projected_year - given.base_year), 3)
    end as openings_growth,
    round(given.openings_exits, 3) as openings_exits,
    round(given.openings_transfers, 3) as openings_transfers,
    round(100.0 * given.annual_openings / nullif(given.openings_jobs, 0), 4) as openings_rate_pct,
    round(given.middle_skill_pct, 4) as middle_skill_pct,
    round(given.job_zone_mean, 4) as job_zone_mean,
    round(given.job_zone_coverage_pct, 4) as job_zone_coverage_pct,
    round(given.coverage_pct, 4) as coverage_pct,
    given.occupations,
    given.occupations_defined - given.occupations as occupations_without_projection,
    given.source,
    vintage.vintage,
    round(100.0 * (nation.projected_jobs / nullif(nation.base_jobs, 0) - 1), 4) as national_growth_pct,
    round(100.0 * nation.annual_openings / nullif(nation.base_jobs, 0), 4) as national_openings_rate_pct,
    case
        when nation.base_jobs > 0 then 'ok'
        when given.projection_period in (select projection_period from core.group_outlook_nation) then 'absent'
        else 'not_in_cycle'
    end as national_status,
    given.status,
    case
        when given.status not in ('ok', 'partial') then given.status
        when given.annual_openings is null then 'doubtful'
        when given.openings_jobs < given.base_jobs - 0.0001 then 'partial'
        else given.status
    end as openings_status,
    case when given.status <> 'no_occupations' then given.doubt end as doubt
from given
inner join reference.source_vintage as vintage on vintage.source = given.source
left join core.group_outlook_nation as nation
    on nation.projection_period = given.projection_period
    and nation.scheme = given.scheme
    and nation.basis = given.basis
    and nation.level = given.level
    and nation.cluster_id = given.cluster_id
    and nation.sub_cluster_id = given.sub_cluster_id
order by
    given.area_id,
    given.basis desc,
    given.level,
    given.cluster_id,
    given.sub_cluster_id
