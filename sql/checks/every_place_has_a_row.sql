-- Every area of OEWS has one row for its total, each cluster and each sub-cluster on every basis of its scheme, in
-- the period of the figures. The framework's own nodes are there on both national bases, whatever the scheme.
-- table: marts.cluster_indicators
-- severity: error
-- expected: areas x (1 + clusters + sub-clusters) x bases, each exactly once, and nothing else
-- keys: area_id, level, cluster_id, sub_cluster_id, basis, period
with

scheme_place as (select * from scheme_places),

-- on the national bases every OEWS area has the nation's rows
national_place as (
    select area.area_id, scheme_place.* exclude (area_id)
    from reference.area as area
    cross join scheme_place
    where area.oews_area_code is not null
        and scheme_place.area_id = 'US'
    union
    select *
    from scheme_place
),

expected as (
    select national_place.*, period.period
    from national_place
    cross join (select distinct period from core.oews_area_occupation) as period
),

found as (
    select *
    from marts.cluster_indicators
)

select * from differences
