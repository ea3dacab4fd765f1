-- The unduplicated shares of an area's clusters add up to the share of its total that is published in detail.
-- table: marts.cluster_indicators
-- severity: error
-- expected: sum of cluster shares = coverage of the area's total, within 0.001 points (rounded figures)
with

shares as (
    select area_id, coalesce(sum(employment_share_pct), 0) as share_pct
    from marts.cluster_indicators
    where level = 'cluster'
        and basis = 'unduplicated'
    group by area_id
),

total as (
    select area_id, coverage_pct
    from marts.cluster_indicators
    where level = 'all'
        and basis = 'unduplicated'
)

select total.area_id, total.coverage_pct, shares.share_pct
from total
left join shares on shares.area_id = total.area_id
left join marts.region_coverage as region on region.area_id = total.area_id
where (total.coverage_pct is null and (region.area_id is null or region.region_coverage_pct is not null))
    or shares.share_pct is null
    -- a region's coverage is of all of it, its shares are of the jobs of its areas
    or abs(total.coverage_pct - shares.share_pct * coalesce(region.region_coverage_pct, 100) / 100) > 0.001
order by total.area_id
