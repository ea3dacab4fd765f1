-- The national scheme has the weights of marts.soc_allocation, and its duplicated basis is the framework's list.
-- table: core.scheme_membership
-- severity: error
-- expected: unduplicated the same pairs and weights (those above zero), duplicated the same pairs with a weight of 1
-- keys: basis, soc_code, cluster_id, sub_cluster_id
-- figures: weight within 1e-12
with

expected as (
    select 'unduplicated' as basis, soc_code, cluster_id, sub_cluster_id, weight
    from marts.soc_allocation
    where weight > 0
    union all
    select 'duplicated' as basis, soc_code, cluster_id, sub_cluster_id, 1.0 as weight
    from reference.soc_sub_cluster
),

found as (
    select basis, soc_code, cluster_id, sub_cluster_id, weight
    from core.scheme_membership
    where scheme = 'national'
)

select * from differences
