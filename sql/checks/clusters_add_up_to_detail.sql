-- On an unduplicated basis, the published jobs of an area's clusters add up to its published detailed occupations,
-- each job counted once. On an overlay's basis they add up to the occupations that the overlay places in a cluster.
-- table: marts.cluster_indicators
-- severity: error
-- expected: sum of clusters = sum of detailed occupations, within 0.05 jobs (14 figures rounded to 3 decimals)
-- keys: area_id, basis
-- figures: employment within 0.05
with

placed as (
    select scheme.scheme, 'unduplicated' as basis, occupation.soc_code
    from (select distinct scheme from core.area_group_scheme) as scheme
    cross join reference.oews_occupation as occupation
    union all
    select distinct scheme, basis, soc_code
    from core.scheme_membership
    where starts_with(basis, 'unduplicated:')
),

expected as (
    select part.area_id, placed.basis, coalesce(sum(part.share * figure.employment), 0) as employment
    from core.area_part as part
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = part.area_id
    inner join placed on placed.scheme = area_scheme.scheme
    left join core.oews_area_occupation as figure
        on figure.area_id = part.part_area_id
        and figure.soc_code = placed.soc_code
        and figure.occupation_group = 'detailed'
    group by part.area_id, placed.basis
),

found as (
    select area_id, basis, coalesce(sum(employment_published), 0) as employment
    from marts.cluster_indicators
    where level = 'cluster'
        and starts_with(basis, 'unduplicated')
    group by area_id, basis
)

select * from differences
