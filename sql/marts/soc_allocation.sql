-- How one job of an occupation is shared among its sub-clusters, each job counted once: by its function, or by where
-- people in that occupation work in the nation.
select
    soc_code,
    cluster_id,
    sub_cluster_id,
    weight,
    cluster_weight,
    weight_in_cluster,
    cluster_method,
    sub_cluster_method,
    cluster_has_evidence,
    sub_cluster_has_evidence,
    evidence_soc_code,
    cluster_home_employment,
    sub_cluster_home_employment
from marts.area_soc_allocation
where area_id = 'US'
order by soc_code, cluster_id, sub_cluster_id
