-- Counting each occupation in full never gives fewer jobs or openings than counting each job once.
-- table: marts.cluster_outlook
-- severity: error
-- expected: jobs and openings on the duplicated basis at least those on the unduplicated one
select
    whole.area_id,
    whole.level,
    whole.cluster_id,
    whole.sub_cluster_id,
    once.base_jobs as unduplicated_base_jobs,
    whole.base_jobs as duplicated_base_jobs
from marts.cluster_outlook as once
inner join marts.cluster_outlook as whole
    on whole.area_id = once.area_id
    and whole.level = once.level
    and whole.cluster_id = once.cluster_id
    and whole.sub_cluster_id = once.sub_cluster_id
    and whole.projection_period = once.projection_period
where once.basis = 'unduplicated'
    and whole.basis = 'duplicated'
    and once.base_jobs is not null
    and not coalesce(
        whole.base_jobs >= once.base_jobs - 0.01
        -- of one of them too little may be projected to give more
        and coalesce(whole.projected_jobs >= once.projected_jobs - 0.01, true)
        and coalesce(whole.annual_openings >= once.annual_openings - 0.01, true),
        false
    )
order by whole.area_id, whole.level, whole.cluster_id, whole.sub_cluster_id
