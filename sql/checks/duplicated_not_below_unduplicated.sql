-- Counting every occupation in full never gives fewer jobs than counting each job once.
-- table: marts.cluster_indicators
-- severity: error
-- expected: duplicated employment at least the unduplicated, within 0.01 jobs
select
    unduplicated.area_id,
    unduplicated.cluster_id,
    unduplicated.sub_cluster_id,
    unduplicated.employment as unduplicated_employment,
    duplicated.employment as duplicated_employment
from marts.cluster_indicators as unduplicated
left join marts.cluster_indicators as duplicated
    on duplicated.area_id = unduplicated.area_id
    and duplicated.level = unduplicated.level
    and duplicated.cluster_id = unduplicated.cluster_id
    and duplicated.sub_cluster_id = unduplicated.sub_cluster_id
    and duplicated.basis = replace(unduplicated.basis, 'unduplicated', 'duplicated')
where starts_with(unduplicated.basis, 'unduplicated')
    and unduplicated.employment is not null
    and coalesce(duplicated.employment, -1) < unduplicated.employment - 0.01
order by unduplicated.area_id, unduplicated.cluster_id, unduplicated.sub_cluster_id
