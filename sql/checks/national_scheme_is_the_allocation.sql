-- The national scheme shares jobs out as marts.soc_allocation does, and its duplicated basis is the framework's list.
-- table: core.scheme_membership
-- severity: error
-- expected: unduplicated the same pairs and weights (those above zero), duplicated the same pairs with a weight of 1
with

wanted as (
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

select
    coalesce(wanted.basis, found.basis) as basis,
    coalesce(wanted.soc_code, found.soc_code) as soc_code,
    coalesce(wanted.sub_cluster_id, found.sub_cluster_id) as sub_cluster_id,
    wanted.weight as expected_weight,
    found.weight
from wanted
full outer join found
    on found.basis = wanted.basis
    and found.soc_code = wanted.soc_code
    and found.cluster_id = wanted.cluster_id
    and found.sub_cluster_id = wanted.sub_cluster_id
where wanted.weight is null
    or found.weight is null
    or abs(found.weight - wanted.weight) > 1e-12
order by basis, soc_code, sub_cluster_id
