-- The education mix of every node of which enough is projected is complete: shares add up to 100 percent, jobs and
-- openings to those of the outlook.
-- table: marts.cluster_education_mix
-- severity: error
-- expected: shares add up to 100 percent; sums are those of marts.cluster_outlook, less what has no education assigned
with

mix as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        basis,
        projection_period,
        sum(openings_pct) as openings_pct,
        sum(base_jobs_pct) as base_jobs_pct,
        sum(annual_openings) as annual_openings,
        sum(base_jobs) as base_jobs
    from marts.cluster_education_mix
    group by area_id, level, cluster_id, sub_cluster_id, basis, projection_period
),

unassigned as (
    select area_id, level, cluster_id, sub_cluster_id, basis, base_jobs, annual_openings
    from core.group_outlook
    where entry_education = 'not assigned'
        and base_jobs is not null
),

-- the total of an area is published; its mix comes from its occupations
expected as (
    select
        outlook.area_id,
        outlook.level,
        outlook.cluster_id,
        outlook.sub_cluster_id,
        outlook.basis,
        outlook.projection_period,
        case when outlook.level <> 'all' then outlook.base_jobs - coalesce(unassigned.base_jobs, 0) end as base_jobs,
        case when outlook.level <> 'all' then outlook.annual_openings - coalesce(unassigned.annual_openings, 0) end
            as annual_openings
    from marts.cluster_outlook as outlook
    left join unassigned
        on unassigned.area_id = outlook.area_id
        and unassigned.level = outlook.level
        and unassigned.cluster_id = outlook.cluster_id
        and unassigned.sub_cluster_id = outlook.sub_cluster_id
        and unassigned.basis = outlook.basis
    inner join reference.method_parameter as min_coverage on min_coverage.parameter = 'outlook_min_coverage_pct'
    where outlook.base_jobs is not null
        and outlook.coverage_pct >= min_coverage.value
)

select
    coalesce(expected.area_id, mix.area_id) as area_id,
    coalesce(expected.level, mix.level) as level,
    coalesce(expected.cluster_id, mix.cluster_id) as cluster_id,
    coalesce(expected.sub_cluster_id, mix.sub_cluster_id) as sub_cluster_id,
    coalesce(expected.basis, mix.basis) as basis,
    mix.openings_pct,
    mix.base_jobs_pct,
    expected.annual_openings as outlook_annual_openings,
    mix.annual_openings
from expected
full outer join mix
    on mix.area_id = expected.area_id
    and mix.level = expected.level
    and mix.cluster_id = expected.cluster_id
    and mix.sub_cluster_id = expected.sub_cluster_id
    and mix.basis = expected.basis
    and mix.projection_period = expected.projection_period
where expected.area_id is null
    or (mix.area_id is null and expected.base_jobs is null)
    or (mix.area_id is null and expected.base_jobs > 0.01)
    or (mix.area_id is not null and not coalesce(abs(mix.base_jobs_pct - 100) <= 0.01, false))
    or (mix.annual_openings > 0 and not coalesce(abs(mix.openings_pct - 100) <= 0.01, false))
    or abs(mix.base_jobs - expected.base_jobs) > 0.02
    or abs(mix.annual_openings - expected.annual_openings) > 0.02
    or (mix.area_id is not null and expected.level <> 'all'
        and (mix.annual_openings is null) <> (expected.annual_openings is null))
order by area_id, basis, level, cluster_id, sub_cluster_id
