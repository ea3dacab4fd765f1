-- Every membership of an occupation in a sub-cluster has its weight, and no weight stands without a membership.
-- table: marts.soc_allocation
-- severity: error
-- expected: the same pairs of occupation and sub-cluster as in reference.soc_sub_cluster
select
    coalesce(membership.soc_code, allocation.soc_code) as soc_code,
    coalesce(membership.sub_cluster_id, allocation.sub_cluster_id) as sub_cluster_id,
    case when membership.soc_code is null then 'no membership' else 'no weight' end as problem
from reference.soc_sub_cluster as membership
full outer join marts.soc_allocation as allocation
    on allocation.soc_code = membership.soc_code
    and allocation.cluster_id = membership.cluster_id
    and allocation.sub_cluster_id = membership.sub_cluster_id
where membership.soc_code is null
    or allocation.soc_code is null
    or allocation.weight is null
order by soc_code, sub_cluster_id
