-- How one job of an occupation is shared among its sub-clusters, each job counted once: by its function, or by where
-- people in it work, in the nation (US) by OEWS, in a state by its own QCEW jobs and national staffing patterns. A
-- state's shares are sums of fractions whose last digits depend on the order of adding, so they are rounded.
select
    area_id,
    soc_code,
    cluster_id,
    sub_cluster_id,
    case when area_id = 'US' then weight else round(weight, 11) end as weight,
    case when area_id = 'US' then cluster_weight else round(cluster_weight, 11) end as cluster_weight,
    case when area_id = 'US' then weight_in_cluster else round(weight_in_cluster, 11) end as weight_in_cluster,
    cluster_method,
    sub_cluster_method,
    cluster_has_evidence,
    sub_cluster_has_evidence,
    evidence_soc_code,
    cluster_home_employment,
    sub_cluster_home_employment
from core.framework_allocation
where framework = 'national'
order by area_id, soc_code, cluster_id, sub_cluster_id
