-- The nation's projected sums of every node of every scheme, in every cycle at hand.
select
    projection.projection_period,
    member.scheme,
    member.basis,
    member.level,
    member.cluster_id,
    member.sub_cluster_id,
    round(sum(member.weight * projection.base_jobs), 6) as base_jobs,
    round(sum(member.weight * projection.projected_jobs), 6) as projected_jobs,
    round(sum(member.weight * projection.annual_openings), 6) as annual_openings
from core.national_projection as projection
inner join core.node_member as member on member.soc_code = projection.soc_code
where projection.occupation_group = 'detailed'
    and member.level <> 'all'
    and member.weight > 0
group by
    projection.projection_period,
    member.scheme,
    member.basis,
    member.level,
    member.cluster_id,
    member.sub_cluster_id
union all
select
    projection.projection_period,
    place.scheme,
    place.basis,
    'all' as level,
    'all' as cluster_id,
    'all' as sub_cluster_id,
    projection.base_jobs,
    projection.projected_jobs,
    projection.annual_openings
from core.national_projection as projection
cross join (select distinct scheme, basis from core.node_member) as place
where projection.occupation_group = 'total'
order by projection_period, scheme, basis, level, cluster_id, sub_cluster_id
