-- The former clusters of an area add up to its published detailed occupations, each job once.
-- table: marts.legacy_cluster_indicators
-- severity: error
-- expected: sum of former clusters = sum of the detailed occupations that had one, within 0.05 jobs (rounded figures)
with

detail as (
    select figure.area_id, coalesce(sum(figure.employment), 0) as employment
    from core.oews_area_occupation as figure
    where figure.occupation_group = 'detailed'
        and figure.soc_code in (select former.soc_code from reference.soc_legacy_cluster as former)
    group by figure.area_id
),

clusters as (
    select area_id, coalesce(sum(employment), 0) as employment
    from marts.legacy_cluster_indicators
    group by area_id
)

select
    coalesce(detail.area_id, clusters.area_id) as area_id,
    detail.employment as detail_employment,
    clusters.employment as legacy_cluster_employment
from detail
full outer join clusters on clusters.area_id = detail.area_id
where detail.area_id is null
    or clusters.area_id is null
    or abs(clusters.employment - detail.employment) > 0.05
order by area_id
