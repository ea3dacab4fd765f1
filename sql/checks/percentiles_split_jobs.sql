-- By the occupations' own wage distributions, as many percent of the jobs are below a pooled percentile as it says.
-- This evaluates the distributions at the published wage, a different calculation from the one that found it.
-- table: marts.cluster_indicators
-- severity: error
-- expected: within 0.01 points, for a median at most 50.01 percent a cent below it and at least 49.99 a cent above
with

member_cell as (select * from member_cells),

wage as (select * from pooled_percentiles),

parameter as (
    select
        max(value) filter (where parameter = 'wage_tail_floor') as tail_floor,
        max(value) filter (where parameter = 'wage_tail_ceiling') as tail_ceiling
    from reference.method_parameter
),

placed as (
    select
        member_cell.area_id,
        member_cell.basis || '/' || member_cell.cluster_id || '/' || member_cell.sub_cluster_id as place_id,
        member_cell.jobs,
        ln(member_cell.wage_p10_usd * parameter.tail_floor) as knot_0,
        ln(member_cell.wage_p10_usd) as knot_10,
        ln(member_cell.wage_p25_usd) as knot_25,
        ln(member_cell.wage_p50_usd) as knot_50,
        ln(member_cell.wage_p75_usd) as knot_75,
        ln(member_cell.wage_p90_usd) as knot_90,
        ln(member_cell.wage_p90_usd * parameter.tail_ceiling) as knot_100
    from member_cell
    cross join parameter
    where member_cell.jobs > 0
        and member_cell.has_percentiles
),

-- a cent to either side, for wages are rounded to cents
point as (
    select
        area_id,
        basis || '/' || cluster_id || '/' || sub_cluster_id as place_id,
        percentile,
        unnest(['before', 'after']) as side,
        unnest([ln(wage_usd - 0.01), ln(wage_usd + 0.01)]) as log_wage
    from wage
    where wage_status in ('ok', 'partial')
),

evaluated as (
    select
        point.area_id,
        point.place_id,
        point.percentile,
        point.side,
        placed.jobs,
        0.10 * case when log_wage >= knot_10 then 1 when log_wage <= knot_0 then 0
                    else (log_wage - knot_0) / (knot_10 - knot_0) end
        + 0.15 * case when log_wage >= knot_25 then 1 when log_wage <= knot_10 then 0
                      else (log_wage - knot_10) / (knot_25 - knot_10) end
        + 0.25 * case when log_wage >= knot_50 then 1 when log_wage <= knot_25 then 0
                      else (log_wage - knot_25) / (knot_50 - knot_25) end
        + 0.25 * case when log_wage >= knot_75 then 1 when log_wage <= knot_50 then 0
                      else (log_wage - knot_50) / (knot_75 - knot_50) end
        + 0.15 * case when log_wage >= knot_90 then 1 when log_wage <= knot_75 then 0
                      else (log_wage - knot_75) / (knot_90 - knot_75) end
        + 0.10 * case when log_wage >= knot_100 then 1 when log_wage <= knot_90 then 0
                      else (log_wage - knot_90) / (knot_100 - knot_90) end as share_below
    from point
    left join placed
        on placed.area_id = point.area_id
        and placed.place_id = point.place_id
),

summed as (
    select area_id, place_id, percentile, side, 100.0 * sum(jobs * share_below) / sum(jobs) as below_pct
    from evaluated
    group by all
)

select area_id, place_id, percentile, side, below_pct
from summed
where below_pct is null
    or (side = 'before' and below_pct > percentile + 0.01)
    or (side = 'after' and below_pct < percentile - 0.01)
order by area_id, place_id, percentile, side
