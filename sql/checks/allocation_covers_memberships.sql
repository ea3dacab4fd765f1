-- Every membership of an occupation in a sub-cluster has its weight, and no weight stands without a membership.
-- table: marts.soc_allocation
-- severity: error
-- expected: the same pairs of occupation and sub-cluster as in reference.soc_sub_cluster
-- keys: soc_code, cluster_id, sub_cluster_id
with

found as (
    select soc_code, cluster_id, sub_cluster_id
    from marts.soc_allocation
    where weight is not null
),

expected as (
    select soc_code, cluster_id, sub_cluster_id
    from reference.soc_sub_cluster
)

select * from differences
