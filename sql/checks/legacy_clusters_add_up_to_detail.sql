-- The published jobs of an area's legacy clusters add up to its published detailed occupations, each job counted once.
-- table: marts.legacy_cluster_indicators
-- severity: error
-- expected: sum of legacy clusters = sum of the detailed occupations that had one, within 0.05 jobs (rounded figures)
-- keys: area_id
-- figures: employment within 0.05
with

expected as (
    select figure.area_id, coalesce(sum(figure.employment) filter (where former.soc_code is not null), 0) as employment
    from core.oews_area_occupation as figure
    left join (select distinct soc_code from reference.soc_legacy_cluster) as former
        on former.soc_code = figure.soc_code
        and figure.occupation_group = 'detailed'
    group by figure.area_id
),

found as (
    select area_id, coalesce(sum(employment_published), 0) as employment
    from marts.legacy_cluster_indicators
    group by area_id
)

select * from differences
