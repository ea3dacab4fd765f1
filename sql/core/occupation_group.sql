-- Groups of detailed occupations that figures are pooled for, with the weight of each occupation: clusters and
-- sub-clusters on both bases, the former clusters, and the publisher's own groups, which the method is held against.
with

detailed as (
    select soc_code, major_code
    from reference.oews_occupation
    where occupation_group = 'detailed'
),

membership as (
    select allocation.soc_code, allocation.cluster_id, allocation.sub_cluster_id, allocation.weight
    from marts.soc_allocation as allocation
    inner join detailed on detailed.soc_code = allocation.soc_code
),

former as (
    select membership.soc_code, membership.legacy_cluster_id, membership.weight
    from reference.soc_legacy_cluster as membership
    inner join detailed on detailed.soc_code = membership.soc_code
),

grouped as (
    select 'cluster' as level, cluster_id, 'all' as sub_cluster_id, 'unduplicated' as basis, soc_code, sum(weight) as weight
    from membership
    group by cluster_id, soc_code
    union all
    select distinct 'cluster' as level, cluster_id, 'all' as sub_cluster_id, 'duplicated' as basis, soc_code, 1.0 as weight
    from membership
    union all
    select 'sub_cluster' as level, cluster_id, sub_cluster_id, 'unduplicated' as basis, soc_code, weight
    from membership
    union all
    select 'sub_cluster' as level, cluster_id, sub_cluster_id, 'duplicated' as basis, soc_code, 1.0 as weight
    from membership
    union all
    select 'legacy_cluster' as level, legacy_cluster_id as cluster_id, 'all' as sub_cluster_id,
        'former' as basis, soc_code, weight
    from former
    union all
    select 'soc_major' as level, major_code as cluster_id, 'all' as sub_cluster_id, 'publisher' as basis, soc_code, 1.0 as weight
    from detailed
    union all
    select 'soc_all' as level, '00-0000' as cluster_id, 'all' as sub_cluster_id, 'publisher' as basis, soc_code, 1.0 as weight
    from detailed
)

select
    basis || '/' || cluster_id || '/' || sub_cluster_id as group_id,
    level,
    cluster_id,
    sub_cluster_id,
    basis,
    soc_code,
    cast(weight as double) as weight
from grouped
where weight > 0
order by group_id, soc_code
