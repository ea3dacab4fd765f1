-- The memberships that jobs are allocated by: the framework's own, the same without what functions decide
-- ('industries_only', for marts.cluster_range), and those of a state's overlay. A function is decided among the
-- framework's memberships, so it decides nothing for an occupation to which an overlay adds one, or leaves none of
-- those that it names.
with

membership as (
    select
        unnest(['national', 'industries_only']) as framework,
        soc_code,
        cluster_id,
        sub_cluster_id,
        cast(null as double) as given_weight
    from reference.soc_sub_cluster
    union all
    select node.overlay_id as framework, listed.soc_code, listed.cluster_id, listed.sub_cluster_id, listed.given_weight
    from seed.overlay_membership as listed
    inner join reference.overlay_node as node
        on node.cluster_id = listed.cluster_id
        and node.sub_cluster_id = listed.sub_cluster_id
),

decided as (
    select
        membership.*,
        stated.function_weight,
        count(*) over occupation = count(stated.soc_code) over occupation
        and max(coalesce(stated.function_weight, 1)) over occupation > 0 as is_decided
    from membership
    left join reference.soc_function as stated
        on membership.framework <> 'industries_only'
        and stated.soc_code = membership.soc_code
        and stated.sub_cluster_id = membership.sub_cluster_id
    window occupation as (partition by membership.framework, membership.soc_code)
)

select
    framework,
    soc_code,
    cluster_id,
    sub_cluster_id,
    case when is_decided then function_weight end as function_weight,
    given_weight
from decided
order by framework, soc_code, cluster_id, sub_cluster_id
