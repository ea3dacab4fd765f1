-- Where the function decides, every area shares the occupation by its weights, and the method says so.
-- table: marts.area_soc_allocation
-- severity: error
-- expected: weight = function_weight (1e-9); its share among clusters by function, unless it has one cluster only
select
    allocation.area_id,
    allocation.soc_code,
    allocation.sub_cluster_id,
    allocation.weight,
    decided.function_weight,
    allocation.cluster_method,
    allocation.sub_cluster_method
from marts.area_soc_allocation as allocation
inner join reference.soc_function as decided
    on decided.soc_code = allocation.soc_code
    and decided.sub_cluster_id = allocation.sub_cluster_id
    and decided.decision = 'function'
where not (
    abs(allocation.weight - decided.function_weight) <= 1e-9
    and allocation.cluster_method in ('function', 'single')
    and (decided.function_weight = 0 or allocation.sub_cluster_has_evidence)
)
order by allocation.area_id, allocation.soc_code, allocation.sub_cluster_id
