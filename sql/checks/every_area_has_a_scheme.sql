-- Every area of OEWS, and every region with such areas, has one scheme with memberships on both national bases.
-- table: core.area_group_scheme
-- severity: error
-- expected: each area with pooled figures once, with a scheme that distributes jobs on both national bases
with

scheme as (
    select scheme, count(distinct basis) as bases
    from core.scheme_membership
    where basis in ('unduplicated', 'duplicated')
    group by scheme
),

area as (
    select area_id
    from reference.area
    where area_type not in ('county', 'region')
    union
    select region_area_id as area_id
    from reference.region_member
    where area_type in ('metro', 'nonmetro')
        and treatment <> 'left_out'
)

select coalesce(area.area_id, area_scheme.area_id) as area_id, area_scheme.scheme, scheme.bases
from area
full outer join core.area_group_scheme as area_scheme on area_scheme.area_id = area.area_id
left join scheme on scheme.scheme = area_scheme.scheme
where area.area_id is null
    or coalesce(scheme.bases, 0) <> 2
order by area_id
