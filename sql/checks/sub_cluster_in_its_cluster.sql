-- Wherever a row names a cluster and a sub-cluster, the sub-cluster belongs to that cluster: in the framework or, on
-- bases of an overlay, in the overlay.
-- table: reference.sub_cluster
-- severity: error
-- expected: each pair of cluster and sub-cluster is a pair of reference.sub_cluster, or of reference.overlay_node
with

known as (
    select false as is_of_overlay, cluster_id, sub_cluster_id
    from reference.sub_cluster
    union all
    select true as is_of_overlay, cluster_id, sub_cluster_id
    from reference.overlay_node
),

pair as (
    select distinct 'reference.soc_sub_cluster' as named_in, '' as basis, cluster_id, sub_cluster_id
    from reference.soc_sub_cluster
    union all
    select distinct 'reference.naics_sub_cluster' as named_in, '' as basis, cluster_id, sub_cluster_id
    from reference.naics_sub_cluster
    union all
    select distinct 'core.oews_industry' as named_in, '' as basis, home_cluster_id as cluster_id,
        home_sub_cluster_id as sub_cluster_id
    from core.oews_industry
    union all
    select distinct 'core.occupation_home_employment' as named_in, '' as basis, home_cluster_id as cluster_id,
        home_sub_cluster_id as sub_cluster_id
    from core.occupation_home_employment
    union all
    select distinct 'core.occupation_group' as named_in, basis, cluster_id, sub_cluster_id
    from core.occupation_group
    union all
    select distinct 'core.scheme_membership' as named_in, basis, cluster_id, sub_cluster_id
    from core.scheme_membership
    union all
    select distinct 'marts.soc_allocation' as named_in, '' as basis, cluster_id, sub_cluster_id
    from marts.soc_allocation
    union all
    select distinct 'marts.cluster_indicators' as named_in, basis, cluster_id, sub_cluster_id
    from marts.cluster_indicators
    union all
    select distinct 'marts.industry_employment' as named_in, '' as basis, cluster_id, sub_cluster_id
    from marts.industry_employment
    union all
    select distinct 'marts.cross_cutting_context' as named_in, '' as basis, cluster_id, sub_cluster_id
    from marts.cross_cutting_context
)

select pair.named_in, pair.basis, pair.cluster_id, pair.sub_cluster_id
from pair
left join known
    on known.is_of_overlay = contains(pair.basis, ':')
    and known.cluster_id = pair.cluster_id
    and known.sub_cluster_id = pair.sub_cluster_id
where pair.sub_cluster_id not in ('all', 'unassigned')
    and known.sub_cluster_id is null
order by pair.named_in, pair.basis, pair.cluster_id, pair.sub_cluster_id
