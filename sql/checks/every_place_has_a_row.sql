-- Every area of OEWS has one row for its total, each cluster and each sub-cluster on every basis of its scheme, in the
-- period of the figures; the framework's own clusters and sub-clusters on both national bases whatever the scheme.
-- table: marts.cluster_indicators
-- severity: error
-- expected: areas x (1 + clusters + sub-clusters) x bases, each exactly once, and nothing else
with

framework_place as (
    select 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id
    union all
    select 'cluster' as level, cluster_id, 'all' as sub_cluster_id
    from reference.cluster
    union all
    select 'sub_cluster' as level, cluster_id, sub_cluster_id
    from reference.sub_cluster
),

national_basis as (
    select 'unduplicated' as basis
    union all
    select 'duplicated' as basis
),

period as (
    select distinct period
    from core.oews_area_occupation
),

place as (
    select area.area_id, framework_place.level, framework_place.cluster_id, framework_place.sub_cluster_id, national_basis.basis
    from reference.area as area
    cross join framework_place
    cross join national_basis
    where area.oews_area_code is not null
    union
    select area_scheme.area_id, place.level, place.cluster_id, place.sub_cluster_id, place.basis
    from core.area_group_scheme as area_scheme
    inner join core.scheme_node as place on place.scheme = area_scheme.scheme
    union
    select area_scheme.area_id, 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id, place.basis
    from core.area_group_scheme as area_scheme
    inner join core.scheme_node as place on place.scheme = area_scheme.scheme
),

wanted as (
    select place.area_id, place.level, place.cluster_id, place.sub_cluster_id, place.basis, period.period
    from place
    cross join period
),

found as (
    select area_id, level, cluster_id, sub_cluster_id, basis, period, count(*) as found_rows
    from marts.cluster_indicators
    group by area_id, level, cluster_id, sub_cluster_id, basis, period
)

select
    coalesce(wanted.area_id, found.area_id) as area_id,
    coalesce(wanted.cluster_id, found.cluster_id) as cluster_id,
    coalesce(wanted.sub_cluster_id, found.sub_cluster_id) as sub_cluster_id,
    coalesce(wanted.basis, found.basis) as basis,
    coalesce(wanted.period, found.period) as period,
    coalesce(found.found_rows, 0) as found_rows,
    wanted.area_id is not null as is_wanted
from wanted
full outer join found
    on found.area_id = wanted.area_id
    and found.level = wanted.level
    and found.cluster_id = wanted.cluster_id
    and found.sub_cluster_id = wanted.sub_cluster_id
    and found.basis = wanted.basis
    and found.period = wanted.period
where wanted.area_id is null
    or found.area_id is null
    or found.found_rows <> 1
order by area_id, cluster_id, sub_cluster_id, basis, period
