-- Percentiles of clusters recomputed from the wage distributions of their occupations, another way: just below the wage
-- are at most so many jobs, just above it at least so many. In the nation and the states, on the unduplicated basis.
-- table: marts.cluster_indicators
-- severity: error
-- expected: jobs below 0.996 x wage <= percentile <= jobs below 1.004 x wage, within 0.01 points
with

estimate_cell as (select * from estimate_cells),

wage as (select * from pooled_percentiles),

-- the shares of jobs that a distribution's 29 wages stand for
parameter as (
    select
        [
            0, 0.01, 0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45,
            0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.875, 0.9, 0.925, 0.95, 0.975, 0.99, 1
        ] as shares,
        (select list(wage_scale order by wage_line) from core.wage_scale) as lines
),

member as (
    select
        wage.area_id,
        wage.cluster_id,
        wage.percentile,
        unnest([0.996, 1.004]) as factor,
        10000 * ln(unnest([0.996, 1.004]) * wage.wage_usd / 5000) as step,
        cell.jobs,
        distribution.log_wage_steps as steps
    from wage
    inner join reference.area as area
        on area.area_id = wage.area_id
        and area.area_type in ('national', 'state')
    inner join estimate_cell as cell
        on cell.area_id = wage.area_id
        and cell.basis = wage.basis
        and cell.cluster_id = wage.cluster_id
        and cell.sub_cluster_id = wage.sub_cluster_id
    inner join core.wage_distribution as distribution
        on distribution.area_id = cell.area_id
        and distribution.soc_code = cell.soc_code
    where wage.wage_status in ('ok', 'modelled', 'partial')
        and wage.basis = 'unduplicated'
        and wage.sub_cluster_id = 'all'
        and cell.jobs > 0
),

located as (
    select *, len(list_filter(steps, lambda x: x < step)) as place
    from member
),

-- the wage and the points on both sides of it, on the scale
placed as (
    select
        located.*,
        parameter.shares,
        list_transform(
            [located.step, located.steps[located.place], located.steps[located.place + 1]],
            lambda x: coalesce(
                parameter.lines[cast(floor(x / 100) as integer) + 1]
                + (x / 100 - floor(x / 100)) * (
                    parameter.lines[cast(floor(x / 100) as integer) + 2]
                    - parameter.lines[cast(floor(x / 100) as integer) + 1]
                ),
                -- beyond the last line the scale is the log wage
                ln(5000) + x / 10000
            )
        ) as at
    from located
    cross join parameter
),

below as (
    select
        placed.area_id,
        placed.cluster_id,
        placed.percentile,
        placed.factor,
        100 * sum(
            placed.jobs * case
                when placed.place = 0 then 0
                when placed.place = 29 then 1
                else placed.shares[placed.place]
                    + (placed.shares[placed.place + 1] - placed.shares[placed.place])
                    * (placed.at[1] - placed.at[2]) / (placed.at[3] - placed.at[2])
            end
        ) / sum(placed.jobs) as jobs_pct
    from placed
    group by placed.area_id, placed.cluster_id, placed.percentile, placed.factor
)

select area_id, cluster_id, percentile, min(jobs_pct) as below_pct, max(jobs_pct) as above_pct
from below
group by area_id, cluster_id, percentile
having min(jobs_pct) > percentile + 0.01
    or max(jobs_pct) < percentile - 0.01
order by area_id, cluster_id, percentile
