select year, naics_code, 'cluster' as level, cluster_id, 'all' as sub_cluster_id
    from core.qcew_industry
    where is_cluster_frontier
    union all
    select year, naics_code, 'sub_cluster' as level, cluster_id, sub_cluster_id
    from core.qcew_industry
    where is_sub_cluster_frontier
    union all
    select year, naics_code, 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id
    from core.qcew_industry
    where depth = 0
