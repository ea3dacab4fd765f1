-- What each scheme says of every occupation: the sub-clusters it counts in on each basis, with its weight there. The
-- national scheme is the framework's memberships in full and the shares of marts.soc_allocation.
with

scheme as (
    select distinct scheme
    from core.area_group_scheme
),

national as (
    select 'unduplicated' as basis, soc_code, cluster_id, sub_cluster_id, weight
    from marts.soc_allocation
    where weight > 0
    union all
    select 'duplicated' as basis, soc_code, cluster_id, sub_cluster_id, 1.0 as weight
    from reference.soc_sub_cluster
)

select
    scheme.scheme,
    national.basis,
    national.soc_code,
    national.cluster_id,
    national.sub_cluster_id,
    cast(national.weight as double) as weight
from scheme
cross join national
order by scheme.scheme, national.basis, national.soc_code, national.cluster_id, national.sub_cluster_id
