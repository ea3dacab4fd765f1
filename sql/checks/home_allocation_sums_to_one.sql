-- In every home, each job of an occupation counts once among clusters and sub-clusters.
-- table: core.home_allocation
-- severity: error
-- expected: weights of each occupation and home add up to 1, for every detailed occupation with a sub-cluster
with

summed as (
    select soc_code, home_cluster_id, sum(weight) as weight
    from core.home_allocation
    group by soc_code, home_cluster_id
)

select allocation.soc_code, summed.home_cluster_id, summed.weight
from (
    select distinct allocation.soc_code
    from marts.soc_allocation as allocation
    inner join reference.oews_occupation as occupation
        on occupation.soc_code = allocation.soc_code
        and occupation.occupation_group = 'detailed'
) as allocation
left join summed on summed.soc_code = allocation.soc_code
where summed.weight is null
    or abs(summed.weight - 1) > 1e-9
order by allocation.soc_code, summed.home_cluster_id
