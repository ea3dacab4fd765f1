-- Clusters on the unduplicated basis add up to the area's published total: every occupation is in a cluster, and
-- withheld jobs are estimated from what the published totals leave. Published figures are rounded to tens.
-- table: marts.cluster_indicators
-- severity: error
-- expected: sum of clusters within 0.2 percent or 100 jobs of the total, whichever is more, where the area has a total
with

summed as (
    select
        area_id,
        sum(employment) filter (where level = 'cluster') as clusters_employment,
        max(employment) filter (where level = 'all') as total_employment
    from marts.cluster_indicators
    where basis = 'unduplicated'
    group by area_id
)

select area_id, clusters_employment, total_employment
from summed
where total_employment is not null
    and not coalesce(
        abs(clusters_employment - total_employment) <= greatest(0.002 * total_employment, 100), false
    )
order by area_id
