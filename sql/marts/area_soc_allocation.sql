-- How one job of an occupation is shared among the sub-clusters it belongs to, on the unduplicated basis: by where the
-- people of that occupation work, in the nation (US) by OEWS, in a state by its own QCEW jobs and national staffing
-- patterns.
select
    area_id,
    soc_code,
    cluster_id,
    sub_cluster_id,
    weight,
    cluster_weight,
    weight_in_cluster,
    cluster_method,
    sub_cluster_method,
    evidence_soc_code,
    cluster_home_employment,
    sub_cluster_home_employment
from core.framework_allocation
where framework = 'national'
order by area_id, soc_code, cluster_id, sub_cluster_id
