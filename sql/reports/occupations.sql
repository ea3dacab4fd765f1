-- The largest occupations of each cluster in each area, by the jobs that count in the cluster on a basis.
-- `weights_of` is the area whose weights share the jobs out; withheld jobs cannot be ranked and are left out.
with allocation as (
    select area_id, '' as overlay_id, soc_code, cluster_id, cluster_weight
    from marts.area_soc_allocation
    union all
    select area_id, overlay_id, soc_code, cluster_id, cluster_weight
    from marts.overlay_allocation
),

cluster_share as (
    select
        scheme.area_id,
        scheme.weights_of,
        allocation.overlay_id,
        allocation.soc_code,
        allocation.cluster_id,
        case when starts_with($basis, 'duplicated') then 1 else max(allocation.cluster_weight) end as cluster_weight
    from core.area_group_scheme as scheme
    inner join allocation
        on allocation.area_id = scheme.weights_of
        and allocation.overlay_id = split_part($basis, ':', 2)
    where scheme.area_id in (select unnest($areas))
        and (starts_with($basis, 'duplicated') or allocation.cluster_weight > 0)
    group by scheme.area_id, scheme.weights_of, allocation.overlay_id, allocation.soc_code, allocation.cluster_id
)

select
    occupation.*,
    share.cluster_id,
    share.weights_of,
    share.overlay_id,
    share.cluster_weight,
    row_number() over (
        partition by occupation.area_id, share.cluster_id
        order by occupation.employment * share.cluster_weight desc, occupation.soc_code
    ) as cluster_rank
from marts.occupation_indicators as occupation
inner join cluster_share as share
    on share.area_id = occupation.area_id
    and share.soc_code = occupation.soc_code
where occupation.area_id in (select unnest($areas)) and occupation.employment is not null
qualify cluster_rank <= $per_cluster
order by occupation.area_id, cluster_rank
