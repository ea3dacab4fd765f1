-- On the unduplicated basis every projected job and opening is in one cluster: clusters add up to the occupations.
-- table: core.group_outlook
-- severity: error
-- expected: sum of clusters = sum of the usable occupations that the framework places, within 0.05 (rounded)
-- keys: area_id
-- figures: base_jobs within 0.05; projected_jobs within 0.05; annual_openings within 0.05
-- figures: openings_exits within 0.05; openings_transfers within 0.05
with

expected as (
    select
        projection.area_id,
        sum(member.member_share * projection.base_jobs) as base_jobs,
        sum(member.member_share * projection.projected_jobs) as projected_jobs,
        sum(member.member_share * projection.annual_openings) filter (where projection.openings_status = 'ok')
            as annual_openings,
        sum(member.member_share * projection.annual_exits) as openings_exits,
        sum(member.member_share * projection.annual_transfers) as openings_transfers
    from core.occupation_projection as projection
    inner join core.projection_member as member on member.nem_code = projection.nem_code
    where projection.occupation_group = 'detailed'
        and projection.status = 'ok'
    group by projection.area_id
),

found as (
    select
        area_id,
        sum(base_jobs) as base_jobs,
        sum(projected_jobs) as projected_jobs,
        sum(annual_openings) as annual_openings,
        sum(annual_exits) as openings_exits,
        sum(annual_transfers) as openings_transfers
    from core.group_outlook
    where level = 'cluster'
        and basis = 'unduplicated'
    group by area_id
    having sum(base_jobs) is not null
)

select * from differences
