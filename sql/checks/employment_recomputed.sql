-- Cluster employment recomputed: duplicated as the plain sum of the member occupations' published employment,
-- unduplicated as the sum of weight times employment.
-- table: marts.cluster_indicators
-- severity: error
-- expected: the same employment within 0.01 jobs, on both bases and both levels, missing where nothing is published
-- keys: area_id, level, cluster_id, sub_cluster_id, basis
-- figures: employment within 0.01
with

member as (select * from scheme_members),

expected as (
    select
        part.area_id,
        member.level,
        member.cluster_id,
        member.sub_cluster_id,
        member.basis,
        sum(member.weight * part.share * figure.employment) as employment
    from core.oews_area_occupation as figure
    inner join core.area_part as part on part.part_area_id = figure.area_id
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = part.area_id
    inner join member
        on member.scheme = area_scheme.scheme
        and member.soc_code = figure.soc_code
    where figure.occupation_group = 'detailed'
        and member.weight > 0
    group by part.area_id, member.level, member.cluster_id, member.sub_cluster_id, member.basis
    having sum(figure.employment) is not null
),

found as (
    select area_id, level, cluster_id, sub_cluster_id, basis, employment
    from marts.cluster_indicators
    where level <> 'all'
        and employment is not null
)

select * from differences
