-- On the unduplicated basis the clusters of an area add up to its published detailed occupations, each job once.
-- table: marts.cluster_indicators
-- severity: error
-- expected: sum of clusters = sum of detailed occupations, within 0.05 jobs (14 figures rounded to 3 decimals)
with

detail as (
    select area_id, coalesce(sum(employment), 0) as employment
    from core.oews_area_occupation
    where occupation_group = 'detailed'
    group by area_id
),

clusters as (
    select area_id, coalesce(sum(employment), 0) as employment
    from marts.cluster_indicators
    where level = 'cluster'
        and basis = 'unduplicated'
    group by area_id
)

select
    coalesce(detail.area_id, clusters.area_id) as area_id,
    detail.employment as detail_employment,
    clusters.employment as cluster_employment
from detail
full outer join clusters on clusters.area_id = detail.area_id
where detail.area_id is null
    or clusters.area_id is null
    or abs(clusters.employment - detail.employment) > 0.05
order by area_id
