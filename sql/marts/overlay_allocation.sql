-- As marts.area_soc_allocation, for the memberships and clusters of the release's overlay, in the nation and the
-- overlay's state. The state's own weights replace those of the method.
select
    framework as overlay_id,
    area_id,
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
from core.framework_allocation
where framework not in ('national', 'industries_only')
order by overlay_id, area_id, soc_code, cluster_id, sub_cluster_id
