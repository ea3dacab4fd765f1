-- Entry education of a cluster's openings and jobs: the share of each level, of what is known. Clusters of which little
-- is projected have none, and openings are empty where those of the area are doubtful.
with

level_of_education as (
    select
        *,
        case entry_education
            when 'No formal educational credential' then 1
            when 'High school diploma or equivalent' then 2
            when 'Some college, no degree' then 3
            when 'Postsecondary nondegree award' then 4
            when 'Associate''s degree' then 5
            when 'Bachelor''s degree' then 6
            when 'Master''s degree' then 7
            when 'Doctoral or professional degree' then 8
        end as education_rank,
        round(sum(base_jobs) over group_of_area, 6) as known_jobs,
        round(sum(annual_openings) over group_of_area, 6) as known_openings
    from core.group_outlook
    where entry_education <> 'not assigned'
        and base_jobs is not null
    window group_of_area as (partition by area_id, level, cluster_id, sub_cluster_id, basis)
)

select
    mix.area_id,
    mix.level,
    mix.cluster_id,
    mix.sub_cluster_id,
    mix.basis,
    outlook.projection_period,
    mix.entry_education,
    mix.education_rank,
    round(mix.base_jobs, 3) as base_jobs,
    round(100.0 * mix.base_jobs / nullif(mix.known_jobs, 0), 4) as base_jobs_pct,
    round(mix.annual_openings, 3) as annual_openings,
    round(100.0 * mix.annual_openings / nullif(mix.known_openings, 0), 4) as openings_pct
from level_of_education as mix
inner join marts.cluster_outlook as outlook
    on outlook.area_id = mix.area_id
    and outlook.level = mix.level
    and outlook.cluster_id = mix.cluster_id
    and outlook.sub_cluster_id = mix.sub_cluster_id
    and outlook.basis = mix.basis
inner join reference.method_parameter as min_coverage on min_coverage.parameter = 'outlook_min_coverage_pct'
where outlook.coverage_pct >= min_coverage.value
order by
    mix.area_id,
    mix.basis desc,
    mix.level,
    mix.cluster_id,
    mix.sub_cluster_id,
    mix.education_rank
