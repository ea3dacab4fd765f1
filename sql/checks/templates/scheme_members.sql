select scheme, basis, 'sub_cluster' as level, cluster_id, sub_cluster_id, soc_code, weight
    from core.scheme_membership
    union all
    -- an occupation in several sub-clusters is in their cluster once
    select
        scheme,
        basis,
        'cluster' as level,
        cluster_id,
        'all' as sub_cluster_id,
        soc_code,
        case when starts_with(basis, 'duplicated') then 1.0 else sum(weight) end as weight
    from core.scheme_membership
    group by scheme, basis, cluster_id, soc_code
