-- The clusters by industry home add up to the area: establishments always, and jobs where nothing is withheld.
-- Elsewhere the area's jobs lie within the summed bounds. The publisher rounds every cell, so half a unit a cell is
-- allowed.
-- table: marts.industry_indicators
-- severity: error
-- expected: sum of clusters and unassigned = total in establishments; total jobs between the sums of low and high
-- parts: year, area_id
with

cluster as (
    select
        area_id,
        ownership,
        year,
        sum(establishments) as establishments,
        sum(employment_low) as employment_low,
        case when count(employment_high) = count(*) then sum(employment_high) end as employment_high,
        sum(cells) as cells
    from marts.industry_indicators
    where level = 'cluster'
    group by area_id, ownership, year
),

total as (
    select area_id, ownership, year, establishments, employment, employment_low, employment_high
    from marts.industry_indicators
    where level = 'all'
)

select
    total.area_id,
    total.ownership,
    total.year,
    total.establishments,
    cluster.establishments as establishments_of_clusters,
    total.employment,
    cluster.employment_low,
    cluster.employment_high
from total
left join cluster
    on cluster.area_id = total.area_id
    and cluster.ownership = total.ownership
    and cluster.year = total.year
where cluster.area_id is null
    or abs(total.establishments - cluster.establishments) > 0.5 * cluster.cells
    or total.employment_high < cluster.employment_low - 0.5 * cluster.cells
    or total.employment_low > cluster.employment_high + 0.5 * cluster.cells
order by total.area_id, total.ownership, total.year
