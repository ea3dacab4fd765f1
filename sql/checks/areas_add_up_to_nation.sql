-- The estimates of all metro and nonmetro areas together come close to the nation's, which is published almost in full.
-- Territories without metro and nonmetro areas, and jobs that no area has, are the rest.
-- table: marts.cluster_indicators
-- severity: error
-- expected: areas between 95 and 103 percent of the nation in every cluster
with

summed as (
    select
        indicator.cluster_id,
        sum(indicator.employment) filter (where area.area_type in ('metro', 'nonmetro')) as areas_employment,
        sum(indicator.employment) filter (where area.area_type = 'national') as nation_employment
    from marts.cluster_indicators as indicator
    inner join reference.area as area on area.area_id = indicator.area_id
    where indicator.level = 'cluster'
        and indicator.basis = 'unduplicated'
    group by indicator.cluster_id
)

select cluster_id, areas_employment, nation_employment
from summed
where not coalesce(areas_employment between 0.95 * nation_employment and 1.03 * nation_employment, false)
order by cluster_id
