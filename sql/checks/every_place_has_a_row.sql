-- Every area of OEWS has one row for its total, each cluster and each sub-cluster on every basis of its scheme, in
-- the period of the figures. The framework's own nodes are there on both national bases, whatever the scheme.
-- table: marts.cluster_indicators
-- severity: error
-- expected: areas x (1 + clusters + sub-clusters) x bases, each exactly once, and nothing else
-- keys: area_id, level, cluster_id, sub_cluster_id, basis, period
-- figures: found_rows
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
    select
        area.area_id,
        framework_place.level,
        framework_place.cluster_id,
        framework_place.sub_cluster_id,
        national_basis.basis
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

expected as (
    select
        place.area_id,
        place.level,
        place.cluster_id,
        place.sub_cluster_id,
        place.basis,
        period.period,
        1 as found_rows
    from place
    cross join period
),

found as (
    select area_id, level, cluster_id, sub_cluster_id, basis, period, count(*) as found_rows
    from marts.cluster_indicators
    group by area_id, level, cluster_id, sub_cluster_id, basis, period
)

select * from differences
