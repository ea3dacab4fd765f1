-- The occupations of every cluster and sub-cluster, and of all jobs together, with their weights, by scheme and basis.
-- An occupation in several sub-clusters of a cluster counts in it once: the sum of its shares, or in full.
select scheme, basis, 'cluster' as level, cluster_id, 'all' as sub_cluster_id, soc_code,
    case when starts_with(basis, 'duplicated') then 1.0 else sum(weight) end as weight
from core.scheme_membership
group by scheme, basis, cluster_id, soc_code
union all
select scheme, basis, 'sub_cluster' as level, cluster_id, sub_cluster_id, soc_code, weight
from core.scheme_membership
union all
select distinct scheme, basis, 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id, soc_code, 1.0 as weight
from core.scheme_membership
order by scheme, basis, level, cluster_id, sub_cluster_id, soc_code
