-- A node has the status no_occupations exactly when no detailed OEWS occupation belongs to it.
-- table: marts.cluster_indicators
-- severity: error
-- expected: status no_occupations if and only if no detailed OEWS occupation is a member on that basis
with

member as (
    select membership.scheme, membership.basis, membership.cluster_id, membership.sub_cluster_id
    from core.scheme_membership as membership
    inner join reference.oews_occupation as occupation on occupation.soc_code = membership.soc_code
    where occupation.occupation_group = 'detailed'
),

place as (
    select scheme, basis, cluster_id, sub_cluster_id
    from member
    union
    select scheme, basis, cluster_id, 'all' as sub_cluster_id
    from member
)

select
    indicator.area_id,
    indicator.cluster_id,
    indicator.sub_cluster_id,
    indicator.basis,
    indicator.status,
    place.cluster_id is not null as has_members
from marts.cluster_indicators as indicator
left join core.area_group_scheme as area_scheme on area_scheme.area_id = indicator.area_id
left join place
    on place.scheme = area_scheme.scheme
    and place.basis = indicator.basis
    and place.cluster_id = indicator.cluster_id
    and place.sub_cluster_id = indicator.sub_cluster_id
where indicator.level <> 'all'
    and (indicator.status = 'no_occupations') <> (place.cluster_id is null)
order by indicator.area_id, indicator.cluster_id, indicator.sub_cluster_id, indicator.basis
