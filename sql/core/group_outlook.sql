-- Projected sums of every cluster and sub-cluster in every area, by entry education: each occupation by its weight in
-- the area's scheme, where its projection is usable. The area's total has every occupation once. Openings are of the
-- occupations whose openings are usable; openings_jobs are their jobs.
with

figure as (
    select
        projection.area_id,
        member.soc_code,
        sum(member.member_share * projection.base_jobs) as base_jobs,
        sum(member.member_share * projection.projected_jobs) as projected_jobs,
        sum(case when projection.openings_status = 'ok' then member.member_share * projection.annual_openings end)
            as annual_openings,
        sum(case when projection.openings_status = 'ok' then member.member_share * projection.base_jobs end)
            as openings_jobs,
        sum(member.member_share * projection.annual_exits) as annual_exits,
        sum(member.member_share * projection.annual_transfers) as annual_transfers
    from core.occupation_projection as projection
    inner join core.projection_member as member on member.nem_code = projection.nem_code
    where projection.status = 'ok'
        and projection.occupation_group = 'detailed'
    group by projection.area_id, member.soc_code
),

area as (
    select distinct projection.area_id, area_scheme.scheme
    from core.occupation_projection as projection
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = projection.area_id
),

-- every occupation that the nation projects in each of its nodes, with the area's figures where it has them
member as (
    select
        area.area_id,
        weighted.basis,
        weighted.level,
        weighted.cluster_id,
        weighted.sub_cluster_id,
        coalesce(preparation.entry_education, 'not assigned') as entry_education,
        coalesce(preparation.is_middle_skill, false) as is_middle_skill,
        preparation.job_zone_mean,
        figure.soc_code is not null as is_projected,
        weighted.weight * nation.base_jobs as national_base_jobs,
        weighted.weight * figure.base_jobs as base_jobs,
        weighted.weight * figure.projected_jobs as projected_jobs,
        weighted.weight * figure.annual_openings as annual_openings,
        weighted.weight * figure.openings_jobs as openings_jobs,
        weighted.weight * figure.annual_exits as annual_exits,
        weighted.weight * figure.annual_transfers as annual_transfers
    from area
    inner join core.node_member as weighted on weighted.scheme = area.scheme
    inner join figure as nation
        on nation.soc_code = weighted.soc_code
        and nation.area_id = 'US'
    left join figure
        on figure.area_id = area.area_id
        and figure.soc_code = weighted.soc_code
    left join core.occupation_preparation as preparation on preparation.soc_code = weighted.soc_code
    where weighted.weight > 0
)

-- sums are rounded far below the published digits, so that every run rounds figures halfway between two alike
select
    area_id,
    basis,
    level,
    cluster_id,
    sub_cluster_id,
    entry_education,
    count(*) as occupations_defined,
    count(*) filter (where is_projected) as occupations,
    round(sum(national_base_jobs), 6) as national_base_jobs,
    round(coalesce(sum(national_base_jobs) filter (where is_projected), 0), 6) as national_base_jobs_projected,
    round(sum(base_jobs), 6) as base_jobs,
    round(sum(projected_jobs), 6) as projected_jobs,
    round(sum(annual_openings), 6) as annual_openings,
    round(sum(openings_jobs), 6) as openings_jobs,
    round(sum(annual_exits), 6) as annual_exits,
    round(sum(annual_transfers), 6) as annual_transfers,
    round(coalesce(sum(annual_openings) filter (where is_middle_skill), 0), 6) as middle_skill_openings,
    round(coalesce(sum(base_jobs) filter (where job_zone_mean is not null), 0), 6) as zone_jobs,
    round(coalesce(sum(base_jobs * job_zone_mean), 0), 6) as zone_sum
from member
group by area_id, basis, level, cluster_id, sub_cluster_id, entry_education
order by area_id, basis, level, cluster_id, sub_cluster_id, entry_education
