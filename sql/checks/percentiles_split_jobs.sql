-- A pooled percentile splits the jobs as it says. By the published percentiles of the occupations alone, whatever lies
-- between them, at least so many jobs pay less than a wage and at most so many: jobs without published percentiles may
-- lie on either side. The percentile must lie between the two.
-- table: marts.cluster_indicators
-- severity: error
-- expected: the percentile between both bounds, at wages 0.4 percent lower and higher (wages are read on a grid)
with

member_cell as (select * from member_cells),

wage as (select * from pooled_percentiles),

point as (
    select
        wage.area_id,
        wage.basis,
        wage.cluster_id,
        wage.sub_cluster_id,
        wage.percentile,
        wage.wage_usd,
        percentile.wage_employment as jobs
    from wage
    inner join core.group_percentile as percentile
        on percentile.area_id = wage.area_id
        and percentile.group_id = wage.basis || '/' || wage.cluster_id || '/' || wage.sub_cluster_id
    where wage.wage_status in ('ok', 'modelled', 'partial')
),

bounded as (
    select
        point.area_id,
        point.basis,
        point.cluster_id,
        point.sub_cluster_id,
        point.percentile,
        max(point.jobs) as jobs,
        sum(cell.jobs) as published_jobs,
        sum(
            cell.jobs * case
                when 0.996 * point.wage_usd >= cell.wage_p90_usd then 0.90
                when 0.996 * point.wage_usd >= cell.wage_p75_usd then 0.75
                when 0.996 * point.wage_usd >= cell.wage_p50_usd then 0.50
                when 0.996 * point.wage_usd >= cell.wage_p25_usd then 0.25
                when 0.996 * point.wage_usd >= cell.wage_p10_usd then 0.10
                else 0
            end
        ) as least_below,
        sum(
            cell.jobs * case
                when 1.004 * point.wage_usd <= cell.wage_p10_usd then 0.10
                when 1.004 * point.wage_usd <= cell.wage_p25_usd then 0.25
                when 1.004 * point.wage_usd <= cell.wage_p50_usd then 0.50
                when 1.004 * point.wage_usd <= cell.wage_p75_usd then 0.75
                when 1.004 * point.wage_usd <= cell.wage_p90_usd then 0.90
                else 1
            end
        ) as most_below
    from point
    inner join member_cell as cell
        on cell.area_id = point.area_id
        and cell.basis = point.basis
        and cell.cluster_id = point.cluster_id
        and cell.sub_cluster_id = point.sub_cluster_id
    where cell.has_percentiles
    group by all
)

select
    area_id,
    basis,
    cluster_id,
    sub_cluster_id,
    percentile,
    100 * least_below / jobs as least_pct,
    100 * (most_below + greatest(jobs - published_jobs, 0)) / jobs as most_pct
from bounded
where 100 * least_below / jobs > percentile + 0.01
    or 100 * (most_below + greatest(jobs - published_jobs, 0)) / jobs < percentile - 0.01
order by area_id, basis, cluster_id, sub_cluster_id, percentile
