-- How one job of an occupation is shared among the sub-clusters it belongs to, on the unduplicated basis: by where the
-- people of that occupation work, in the nation (US) by OEWS, in a state by its own QCEW jobs and national staffing
-- patterns. A state's shares rest on sums of fractions, whose last digits follow the order of adding: they are rounded,
-- so that every run makes the same.
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
    evidence_soc_code,
    cluster_home_employment,
    sub_cluster_home_employment
from core.framework_allocation
where framework = 'national'
order by area_id, soc_code, cluster_id, sub_cluster_id
