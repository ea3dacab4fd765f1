-- On the unduplicated basis every projected job and opening is in one cluster: clusters add up to the occupations.
-- table: marts.cluster_outlook
-- severity: error
-- expected: sum of clusters = sum of the usable occupations that the framework places, within 0.05 (rounded)
with

occupations as (
    select
        projection.area_id,
        sum(member.member_share * projection.base_jobs) as base_jobs,
        sum(member.member_share * projection.projected_jobs) as projected_jobs,
        sum(member.member_share * projection.annual_openings) as annual_openings,
        coalesce(sum(member.member_share * projection.annual_exits), 0) as openings_exits,
        coalesce(sum(member.member_share * projection.annual_transfers), 0) as openings_transfers
    from core.occupation_projection as projection
    inner join core.projection_member as member on member.nem_code = projection.nem_code
    where projection.occupation_group = 'detailed'
        and projection.status = 'ok'
    group by projection.area_id
),

clusters as (
    select
        area_id,
        coalesce(sum(base_jobs), 0) as base_jobs,
        coalesce(sum(projected_jobs), 0) as projected_jobs,
        coalesce(sum(annual_openings), 0) as annual_openings,
        coalesce(sum(openings_exits), 0) as openings_exits,
        coalesce(sum(openings_transfers), 0) as openings_transfers
    from marts.cluster_outlook
    where level = 'cluster'
        and basis = 'unduplicated'
    group by area_id
),

compared as (
    select
        coalesce(occupations.area_id, clusters.area_id) as area_id,
        coalesce(occupations.base_jobs, 0) as occupations_base_jobs,
        clusters.base_jobs,
        coalesce(occupations.annual_openings, 0) as occupations_annual_openings,
        clusters.annual_openings,
        abs(coalesce(occupations.base_jobs, 0) - clusters.base_jobs)
        + abs(coalesce(occupations.projected_jobs, 0) - clusters.projected_jobs)
        + abs(coalesce(occupations.annual_openings, 0) - clusters.annual_openings)
        + abs(coalesce(occupations.openings_exits, 0) - clusters.openings_exits)
        + abs(coalesce(occupations.openings_transfers, 0) - clusters.openings_transfers) as difference
    from occupations
    full outer join clusters on clusters.area_id = occupations.area_id
)

select area_id, occupations_base_jobs, base_jobs, occupations_annual_openings, annual_openings
from compared
where difference is null
    or difference > 0.05
order by area_id
