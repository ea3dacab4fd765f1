-- The groups of detailed occupations that figures are pooled for, with each occupation's weight, by scheme: clusters
-- and sub-clusters on every basis, legacy clusters, and the publisher's own groups, which test the method. In regions
-- each occupation, and all of them together, is a group too, because they are pooled from several areas.
with

detailed as (
    select soc_code, major_code
    from reference.oews_occupation
    where occupation_group = 'detailed'
),

scheme as (
    select distinct scheme
    from core.area_group_scheme
),

membership as (
    select membership.*
    from core.scheme_membership as membership
    inner join detailed on detailed.soc_code = membership.soc_code
),

legacy as (
    select membership.*
    from reference.soc_legacy_cluster as membership
    inner join detailed on detailed.soc_code = membership.soc_code
),

grouped as (
    -- an occupation in several sub-clusters of a cluster counts in it once: the sum of its shares, or in full
    select scheme, 'cluster' as level, cluster_id, 'all' as sub_cluster_id, basis, soc_code,
        case when starts_with(basis, 'duplicated') then 1.0 else sum(weight) end as weight,
        case when starts_with(basis, 'duplicated') then 1.0 else sum(cluster_evidence_weight) end as evidence_weight
    from membership
    group by scheme, basis, cluster_id, soc_code
    union all
    select scheme, 'sub_cluster' as level, cluster_id, sub_cluster_id, basis, soc_code, weight, evidence_weight
    from membership
    union all
    select scheme.scheme, 'soc_major' as level, detailed.major_code as cluster_id, 'all' as sub_cluster_id,
        'publisher' as basis, detailed.soc_code, 1.0 as weight, 1.0 as evidence_weight
    from scheme
    cross join detailed
    union all
    select scheme.scheme, 'soc_all' as level, '00-0000' as cluster_id, 'all' as sub_cluster_id,
        'publisher' as basis, detailed.soc_code, 1.0 as weight, 1.0 as evidence_weight
    from scheme
    cross join detailed
    union all
    select scheme.scheme, 'legacy_cluster' as level, legacy.legacy_cluster_id as cluster_id, 'all' as sub_cluster_id,
        'former' as basis, legacy.soc_code, legacy.weight,
        -- shares of several legacy clusters are equal shares
        case when legacy.weight > 1 - 1e-9 then legacy.weight else 0 end as evidence_weight
    from scheme
    cross join legacy
    union all
    select scheme.scheme, 'occupation' as level, occupation.soc_code as cluster_id, 'all' as sub_cluster_id,
        'occupation' as basis, occupation.soc_code, 1.0 as weight, 1.0 as evidence_weight
    from scheme
    cross join reference.oews_occupation as occupation
    where right(scheme.scheme, 8) = '_regions'
        and occupation.occupation_group in ('detailed', 'total')
)

select
    scheme,
    basis || '/' || cluster_id || '/' || sub_cluster_id as group_id,
    level,
    cluster_id,
    sub_cluster_id,
    basis,
    soc_code,
    cast(weight as double) as weight,
    cast(evidence_weight as double) as evidence_weight
from grouped
where weight > 0
order by scheme, group_id, soc_code
