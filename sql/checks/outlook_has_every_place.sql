-- Every area with a projection has one row for its total, each cluster and each sub-cluster on every basis of its
-- scheme, and the status says what is given.
-- table: marts.cluster_outlook
-- severity: error
-- expected: one row each; figures where ok or partial, base jobs at low coverage, too; the coverage that status says
with

area as (
    select distinct area_id, projection_period
    from core.occupation_projection
),

place as (
    select area.area_id, area.projection_period, place.basis, place.level, place.cluster_id, place.sub_cluster_id
    from area
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = area.area_id
    inner join core.scheme_node as place on place.scheme = area_scheme.scheme
    union all
    select distinct area.area_id, area.projection_period, place.basis, 'all', 'all', 'all'
    from area
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = area.area_id
    inner join core.scheme_node as place on place.scheme = area_scheme.scheme
),

outlook as (
    select
        area_id,
        projection_period,
        basis,
        level,
        cluster_id,
        sub_cluster_id,
        base_jobs,
        projected_jobs,
        annual_openings,
        middle_skill_pct,
        job_zone_mean,
        coverage_pct,
        status,
        openings_status,
        count(*) over (partition by area_id, projection_period, basis, level, cluster_id, sub_cluster_id) as times
    from marts.cluster_outlook
)

select
    coalesce(place.area_id, outlook.area_id) as area_id,
    coalesce(place.basis, outlook.basis) as basis,
    coalesce(place.level, outlook.level) as level,
    coalesce(place.cluster_id, outlook.cluster_id) as cluster_id,
    coalesce(place.sub_cluster_id, outlook.sub_cluster_id) as sub_cluster_id,
    outlook.times,
    outlook.status,
    outlook.openings_status,
    outlook.base_jobs,
    outlook.coverage_pct
from place
full outer join outlook
    on outlook.area_id = place.area_id
    and outlook.projection_period = place.projection_period
    and outlook.basis = place.basis
    and outlook.level = place.level
    and outlook.cluster_id = place.cluster_id
    and outlook.sub_cluster_id = place.sub_cluster_id
left join core.occupation_projection as total
    on total.area_id = outlook.area_id
    and total.occupation_group = 'total'
left join reference.method_parameter as min_coverage on min_coverage.parameter = 'outlook_min_coverage_pct'
where place.area_id is null
    or outlook.area_id is null
    or outlook.times <> 1
    or (outlook.base_jobs is not null) <> (outlook.status in ('ok', 'partial', 'low_coverage'))
    or (outlook.projected_jobs is not null) <> (outlook.status in ('ok', 'partial'))
    or (outlook.annual_openings is not null) <> (outlook.openings_status in ('ok', 'partial'))
    or (outlook.level <> 'all' and outlook.status in ('ok', 'partial')
        and not coalesce(outlook.coverage_pct >= min_coverage.value, false))
    or (outlook.status = 'low_coverage' and not coalesce(outlook.coverage_pct < min_coverage.value, false))
    -- the state's list of openings is judged as a whole
    or (total.openings_status = 'doubtful' and outlook.openings_status in ('ok', 'partial'))
    or (outlook.status not in ('ok', 'partial') and outlook.level <> 'all' and outlook.middle_skill_pct is not null)
    or (outlook.status not in ('ok', 'partial') and outlook.level <> 'all' and outlook.job_zone_mean is not null)
    or (outlook.status = 'no_occupations' and outlook.coverage_pct is not null)
    or (outlook.status = 'ok' and outlook.level <> 'all' and not coalesce(outlook.coverage_pct >= 99.999, false))
    or (outlook.status = 'partial' and not coalesce(outlook.coverage_pct < 100, false))
    or (outlook.base_jobs = 0 and outlook.coverage_pct > 1)
order by area_id, basis, level, cluster_id, sub_cluster_id
