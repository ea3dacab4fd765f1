-- Each job of an occupation is distributed exactly once: over its sub-clusters, and inside each of its clusters.
-- table: marts.soc_allocation
-- severity: error
-- expected: weights of an occupation sum to 1, weights inside a cluster sum to 1, weight is their product (1e-9)
with

shared as (
    select
        soc_code,
        cluster_id,
        sum(weight) as weight,
        max(cluster_weight) as cluster_weight,
        sum(weight_in_cluster) as weight_in_cluster,
        max(abs(weight - cluster_weight * weight_in_cluster)) as product_error,
        min(weight) as least_weight
    from marts.soc_allocation
    group by soc_code, cluster_id
),

summed as (
    select
        soc_code,
        sum(weight) as weight,
        max(abs(weight_in_cluster - 1)) as in_cluster_error,
        max(abs(weight - cluster_weight)) as cluster_error,
        max(product_error) as product_error,
        min(least_weight) as least_weight
    from shared
    group by soc_code
)

select soc_code, weight, in_cluster_error, cluster_error, product_error, least_weight
from summed
where not (
    abs(weight - 1) <= 1e-9
    and in_cluster_error <= 1e-9
    and cluster_error <= 1e-9
    and product_error <= 1e-9
    and least_weight >= 0
)
order by soc_code
