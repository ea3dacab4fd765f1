-- Counted in full, a cluster or sub-cluster has all jobs of each of its occupations, once.
-- table: marts.cluster_range
-- severity: error
-- expected: employment_in_full = the jobs of the occupations that the framework lists there, within 0.01
-- keys: area_id, level, cluster_id, sub_cluster_id
-- figures: employment_in_full within 0.01
with

place as (
    select distinct soc_code, 'cluster' as level, cluster_id, 'all' as sub_cluster_id
    from reference.soc_sub_cluster
    union all
    select soc_code, 'sub_cluster' as level, cluster_id, sub_cluster_id
    from reference.soc_sub_cluster
),

found as (
    select area_id, level, cluster_id, sub_cluster_id, employment_in_full
    from marts.cluster_range
),

expected as (
    select
        part.area_id,
        place.level,
        place.cluster_id,
        place.sub_cluster_id,
        sum(part.share * figure.employment) as employment_in_full
    from core.area_part as part
    inner join core.occupation_wage as figure
        on figure.area_id = part.part_area_id
        and figure.occupation_group = 'detailed'
    inner join place on place.soc_code = figure.soc_code
    where figure.employment is not null
    group by part.area_id, place.level, place.cluster_id, place.sub_cluster_id
)

select * from differences
