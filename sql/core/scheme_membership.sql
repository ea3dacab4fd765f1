-- The sub-clusters that every occupation counts in under each scheme, on each basis, with its weight. Every scheme has
-- the framework's memberships in full, and the weights of marts.soc_allocation or, in a release with weights by state,
-- the state's own. A state with an overlay has the overlay's memberships too, on bases of their own. On duplicated
-- bases nothing is shared, so all of it rests on evidence.
with

scheme as (
    select distinct scheme, replace(scheme, '_regions', '') as state_id, weights_of
    from core.area_group_scheme
),

overlay_allocation as (
    select overlay.state_id, allocation.*
    from marts.overlay_allocation as allocation
    inner join reference.overlay as overlay
        on overlay.overlay_id = allocation.overlay_id
        and overlay.changes_groups
)

select
    scheme.scheme,
    'unduplicated' as basis,
    allocation.soc_code,
    allocation.cluster_id,
    allocation.sub_cluster_id,
    allocation.weight,
    case when allocation.sub_cluster_has_evidence then allocation.weight else 0 end as evidence_weight,
    case when allocation.cluster_has_evidence then allocation.weight else 0 end as cluster_evidence_weight
from scheme
inner join marts.area_soc_allocation as allocation on allocation.area_id = scheme.weights_of
where allocation.weight > 0
union all
select
    scheme.scheme,
    'duplicated' as basis,
    listed.soc_code,
    listed.cluster_id,
    listed.sub_cluster_id,
    1.0 as weight,
    1.0 as evidence_weight,
    1.0 as cluster_evidence_weight
from scheme
cross join reference.soc_sub_cluster as listed
union all
select
    scheme.scheme,
    'unduplicated:' || allocation.overlay_id as basis,
    allocation.soc_code,
    allocation.cluster_id,
    allocation.sub_cluster_id,
    allocation.weight,
    case when allocation.sub_cluster_has_evidence then allocation.weight else 0 end as evidence_weight,
    case when allocation.cluster_has_evidence then allocation.weight else 0 end as cluster_evidence_weight
from scheme
inner join overlay_allocation as allocation
    on allocation.state_id = scheme.state_id
    and allocation.area_id = scheme.weights_of
where allocation.weight > 0
union all
select
    scheme.scheme,
    'duplicated:' || allocation.overlay_id as basis,
    allocation.soc_code,
    allocation.cluster_id,
    allocation.sub_cluster_id,
    1.0 as weight,
    1.0 as evidence_weight,
    1.0 as cluster_evidence_weight
from scheme
inner join overlay_allocation as allocation
    on allocation.state_id = scheme.state_id
    and allocation.area_id = 'US'
order by scheme, basis, soc_code, cluster_id, sub_cluster_id
