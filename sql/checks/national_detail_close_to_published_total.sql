-- The nation's clusters, each job counted once, come close to the total that BLS publishes: hardly anything is
-- withheld there.
-- table: marts.cluster_indicators
-- severity: error
-- expected: sum of the nation's clusters within 0.1 percent of its published total
with

clusters as (
    select sum(employment) as employment
    from marts.cluster_indicators
    where area_id = 'US'
        and level = 'cluster'
        and basis = 'unduplicated'
),

total as (
    select max(employment) as employment
    from core.oews_area_occupation
    where area_id = 'US'
        and occupation_group = 'total'
)

select
    clusters.employment as cluster_employment,
    total.employment as published_employment
from clusters
cross join total
where clusters.employment is null
    or total.employment is null
    or abs(clusters.employment - total.employment) > 0.001 * total.employment
