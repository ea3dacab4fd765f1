-- The nation's sums of QCEW cells, beside which each area's concentration stands.
select
    level,
    cluster_id,
    sub_cluster_id,
    ownership,
    year,
    employment,
    modelled_pct,
    area_employment,
    area_modelled_pct
from core.industry_sum
where area_id = 'US'
order by year, ownership, level, cluster_id, sub_cluster_id
