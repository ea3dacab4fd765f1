-- What each scheme says of every occupation: the sub-clusters it counts in on each basis, with its weight there. The
-- national scheme is the framework's memberships in full and the shares of marts.soc_allocation; a state's has its own
-- shares where the release is made with weights by state.
with

own_weights as (
    select distinct allocation.area_id
    from marts.area_soc_allocation as allocation
    inner join reference.setting as setting
        on setting.setting = 'weights'
        and setting.setting_value = 'state'
),

scheme as (
    select area_scheme.scheme, coalesce(own_weights.area_id, 'US') as weights_of
    from (select distinct scheme from core.area_group_scheme) as area_scheme
    left join own_weights on own_weights.area_id = area_scheme.scheme
),

membership as (
    select scheme.scheme, 'unduplicated' as basis, allocation.soc_code, allocation.cluster_id, allocation.sub_cluster_id, allocation.weight
    from scheme
    inner join marts.area_soc_allocation as allocation on allocation.area_id = scheme.weights_of
    where allocation.weight > 0
    union all
    select scheme.scheme, 'duplicated' as basis, listed.soc_code, listed.cluster_id, listed.sub_cluster_id, 1.0 as weight
    from scheme
    cross join reference.soc_sub_cluster as listed
)

select
    scheme,
    basis,
    soc_code,
    cluster_id,
    sub_cluster_id,
    cast(weight as double) as weight
from membership
order by scheme, basis, soc_code, cluster_id, sub_cluster_id
