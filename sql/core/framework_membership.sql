-- The memberships that jobs are allocated by: the framework's own, and those of a state's overlay.
with

industry_cluster as (
    select distinct cluster_id
    from reference.naics_sub_cluster
),

membership as (
    select
        'national' as framework,
        membership.soc_code,
        membership.cluster_id,
        membership.sub_cluster_id,
        cluster.is_cross_cutting,
        cast(null as double) as given_weight
    from reference.soc_sub_cluster as membership
    inner join reference.cluster as cluster on cluster.cluster_id = membership.cluster_id
    union all
    select
        node.overlay_id as framework,
        membership.soc_code,
        membership.cluster_id,
        membership.sub_cluster_id,
        node.is_cross_cutting,
        membership.given_weight
    from seed.overlay_membership as membership
    inner join reference.overlay_node as node
        on node.cluster_id = membership.cluster_id
        and node.sub_cluster_id = membership.sub_cluster_id
)

select
    membership.framework,
    membership.soc_code,
    membership.cluster_id,
    membership.sub_cluster_id,
    membership.is_cross_cutting,
    membership.is_cross_cutting or industry_cluster.cluster_id is not null as has_evidence,
    membership.given_weight
from membership
left join industry_cluster on industry_cluster.cluster_id = membership.cluster_id
order by membership.framework, membership.soc_code, membership.cluster_id, membership.sub_cluster_id
