-- Jobs, openings, coverage, middle-skill share and job zone of every node, recomputed from occupations and weights.
-- table: marts.cluster_outlook
-- severity: error
-- expected: the same figures on every basis of the area's scheme, within rounding
with

placed as (select * from scheme_members),

occupation as (
    select
        projection.area_id,
        member.soc_code,
        sum(member.member_share * projection.base_jobs) as base_jobs,
        sum(member.member_share * projection.projected_jobs) as projected_jobs,
        sum(member.member_share * projection.annual_openings) filter (where projection.openings_status = 'ok')
            as annual_openings,
        sum(member.member_share * projection.base_jobs) filter (where projection.openings_status = 'ok')
            as openings_jobs
    from core.occupation_projection as projection
    inner join core.projection_member as member on member.nem_code = projection.nem_code
    where projection.occupation_group = 'detailed'
        and projection.status = 'ok'
    group by projection.area_id, member.soc_code
),

national_sum as (
    select
        placed.scheme,
        placed.basis,
        placed.cluster_id,
        placed.sub_cluster_id,
        sum(placed.weight * occupation.base_jobs) as national_jobs
    from placed
    inner join occupation
        on occupation.soc_code = placed.soc_code
        and occupation.area_id = 'US'
    group by placed.scheme, placed.basis, placed.cluster_id, placed.sub_cluster_id
),

recomputed as (
    select
        occupation.area_id,
        placed.scheme,
        placed.basis,
        placed.cluster_id,
        placed.sub_cluster_id,
        sum(placed.weight * occupation.base_jobs) as base_jobs,
        sum(placed.weight * occupation.projected_jobs) as projected_jobs,
        sum(placed.weight * occupation.annual_openings) as annual_openings,
        sum(placed.weight * occupation.openings_jobs) as openings_jobs,
        100.0 * sum(placed.weight * occupation.annual_openings) filter (where preparation.is_middle_skill)
            / nullif(
                sum(placed.weight * occupation.annual_openings) filter (where preparation.is_middle_skill is not null),
                0
            ) as middle_skill_pct,
        sum(placed.weight * occupation.base_jobs * preparation.job_zone_mean)
            / nullif(sum(placed.weight * occupation.base_jobs) filter (where preparation.job_zone_mean is not null), 0)
            as job_zone_mean,
        sum(placed.weight * nation.base_jobs) as national_jobs_projected
    from occupation
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = occupation.area_id
    inner join placed
        on placed.scheme = area_scheme.scheme
        and placed.soc_code = occupation.soc_code
        and placed.weight > 0
    inner join occupation as nation
        on nation.soc_code = placed.soc_code
        and nation.area_id = 'US'
    left join core.occupation_preparation as preparation on preparation.soc_code = placed.soc_code
    group by occupation.area_id, placed.scheme, placed.basis, placed.cluster_id, placed.sub_cluster_id
),

outlook as (
    select
        area_id,
        basis,
        cluster_id,
        sub_cluster_id,
        base_jobs,
        projected_jobs,
        annual_openings,
        openings_rate_pct,
        status,
        openings_status,
        middle_skill_pct,
        job_zone_mean,
        coverage_pct
    from marts.cluster_outlook
    where level <> 'all'
        and base_jobs is not null
)

select
    coalesce(recomputed.area_id, outlook.area_id) as area_id,
    coalesce(recomputed.basis, outlook.basis) as basis,
    coalesce(recomputed.cluster_id, outlook.cluster_id) as cluster_id,
    coalesce(recomputed.sub_cluster_id, outlook.sub_cluster_id) as sub_cluster_id,
    recomputed.base_jobs as recomputed_base_jobs,
    outlook.base_jobs,
    recomputed.middle_skill_pct as recomputed_middle_skill_pct,
    outlook.middle_skill_pct,
    recomputed.job_zone_mean as recomputed_job_zone_mean,
    outlook.job_zone_mean,
    outlook.coverage_pct
from recomputed
full outer join outlook
    on outlook.area_id = recomputed.area_id
    and outlook.basis = recomputed.basis
    and outlook.cluster_id = recomputed.cluster_id
    and outlook.sub_cluster_id = recomputed.sub_cluster_id
left join national_sum
    on national_sum.scheme = recomputed.scheme
    and national_sum.basis = recomputed.basis
    and national_sum.cluster_id = recomputed.cluster_id
    and national_sum.sub_cluster_id = recomputed.sub_cluster_id
where recomputed.area_id is null
    or outlook.area_id is null
    or abs(recomputed.base_jobs - outlook.base_jobs) > 0.01
    or (outlook.status <> 'low_coverage'
        and not coalesce(abs(recomputed.projected_jobs - outlook.projected_jobs) <= 0.01, false))
    or (outlook.openings_status in ('ok', 'partial')
        and not coalesce(
            abs(recomputed.annual_openings - outlook.annual_openings) <= 0.01
            and (
                recomputed.openings_jobs = 0
                or abs(100.0 * recomputed.annual_openings / recomputed.openings_jobs - outlook.openings_rate_pct)
                    <= 0.001 + 0.2 / recomputed.openings_jobs
            ),
            false
        ))
    or (
        outlook.annual_openings > 0
        and not coalesce(abs(coalesce(recomputed.middle_skill_pct, 0) - outlook.middle_skill_pct) <= 0.001, false)
    )
    or (outlook.status <> 'low_coverage' and (recomputed.job_zone_mean is null) <> (outlook.job_zone_mean is null))
    or abs(recomputed.job_zone_mean - outlook.job_zone_mean) > 0.001
    or not coalesce(
        abs(100.0 * recomputed.national_jobs_projected / national_sum.national_jobs - outlook.coverage_pct) <= 0.001,
        false
    )
order by area_id, basis, cluster_id, sub_cluster_id
