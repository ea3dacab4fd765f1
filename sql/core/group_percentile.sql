-- Pooled wage percentiles of every group of occupations in every area, solved exactly. The published P10 to P90 of an
-- occupation give its cumulative distribution: linear in the log wage between them, with a short tail at either end.
-- The distribution of a group is the sum over its occupations, weighted by jobs. It is linear between knots too, so one
-- sweep over the knots with running sums of slope, offset and steps finds every percentile. Results from
-- top_coded_from_usd on are lower bounds, because a top-coded percentile is itself one.
with

parameter as (
    select
        max(value) filter (where parameter = 'wage_tail_floor') as tail_floor,
        max(value) filter (where parameter = 'wage_tail_ceiling') as tail_ceiling
    from reference.method_parameter
),

-- numbers as keys of the sweep: they sort faster than text
group_number as (
    select group_id, row_number() over (order by group_id) as group_no
    from (select distinct group_id from core.occupation_group) as occupation_group
),

-- area_no * stride + group_no is a number of its own for each pair, because stride is above every group_no
stride as (
    select greatest(count(*) + 1, 10000) as stride
    from group_number
),

area_number as (
    select area_id, scheme, row_number() over (order by area_id) as area_no
    from core.area_group_scheme
),

-- an occupation is numbered per scheme, because its groups and weights differ between schemes
occupation_number as (
    select scheme, soc_code, row_number() over (order by scheme, soc_code) as occupation_no
    from (select distinct scheme, soc_code from core.occupation_group) as occupation
),

member as (
    select occupation_number.occupation_no, group_number.group_no, occupation_group.weight
    from core.occupation_group as occupation_group
    inner join group_number on group_number.group_id = occupation_group.group_id
    inner join occupation_number
        on occupation_number.scheme = occupation_group.scheme
        and occupation_number.soc_code = occupation_group.soc_code
),

cell as (
    select
        area_number.area_no,
        occupation_number.occupation_no,
        area_part.share * wage.employment as employment,
        wage.wage_p10_usd as p10,
        wage.wage_p25_usd as p25,
        wage.wage_p50_usd as p50,
        wage.wage_p75_usd as p75,
        wage.wage_p90_usd as p90,
        wage.top_coded_from_usd
    from core.occupation_wage as wage
    inner join core.area_part as area_part on area_part.part_area_id = wage.area_id
    inner join area_number on area_number.area_id = area_part.area_id
    inner join occupation_number
        on occupation_number.scheme = area_number.scheme
        and occupation_number.soc_code = wage.soc_code
    where wage.occupation_group in ('detailed', 'total')
        and wage.employment > 0
        and wage.has_percentiles
),

segment as (
    select area_no, occupation_no, ln(p10 * tail_floor) as low, ln(p10) as high, 0.10 * employment as jobs
    from cell cross join parameter
    union all
    select area_no, occupation_no, ln(p10) as low, ln(p25) as high, 0.15 * employment as jobs from cell
    union all
    select area_no, occupation_no, ln(p25) as low, ln(p50) as high, 0.25 * employment as jobs from cell
    union all
    select area_no, occupation_no, ln(p50) as low, ln(p75) as high, 0.25 * employment as jobs from cell
    union all
    select area_no, occupation_no, ln(p75) as low, ln(p90) as high, 0.15 * employment as jobs from cell
    union all
    select area_no, occupation_no, ln(p90) as low, ln(p90 * tail_ceiling) as high, 0.10 * employment as jobs
    from cell cross join parameter
),

-- Between knots the distribution is slope * log wage - offset. A segment's slope starts at its low end and stops at its
-- high end; equal percentiles make a step, which lowers the offset by its jobs.
turn as (
    select area_no, occupation_no, low as log_wage, jobs / (high - low) as slope, 0.0 as step
    from segment
    where high > low
    union all
    select area_no, occupation_no, high as log_wage, - jobs / (high - low) as slope, 0.0 as step
    from segment
    where high > low
    union all
    select area_no, occupation_no, low as log_wage, 0.0 as slope, jobs as step
    from segment
    where high <= low
),

occupation_knot as (
    select area_no, occupation_no, log_wage, sum(slope) as slope, sum(step) as step
    from turn
    group by area_no, occupation_no, log_wage
),

pooled_jobs as (
    select
        cell.area_no,
        member.group_no,
        cell.area_no * max(stride.stride) + member.group_no as sweep_no,
        sum(member.weight * cell.employment) as jobs,
        min(cell.top_coded_from_usd) as top_coded_from_usd
    from cell
    inner join member on member.occupation_no = cell.occupation_no
    cross join stride
    group by cell.area_no, member.group_no
),

-- occupations that share a knot keep a row each: merging them costs more than it saves
knot as (
    select
        occupation_knot.area_no * stride.stride + member.group_no as sweep_no,
        occupation_knot.log_wage,
        member.weight * occupation_knot.slope as slope,
        member.weight * (occupation_knot.slope * occupation_knot.log_wage - occupation_knot.step) as turn_offset
    from occupation_knot
    inner join member on member.occupation_no = occupation_knot.occupation_no
    cross join stride
),

swept as (
    select
        sweep_no,
        log_wage,
        slope,
        turn_offset,
        lag(log_wage) over sweep as previous_log_wage,
        sum(slope) over sweep as slope_after,
        sum(turn_offset) over sweep as offset_after
    from knot
    window sweep as (
        partition by sweep_no order by log_wage rows between unbounded preceding and current row
    )
),

height as (
    select
        sweep_no,
        log_wage,
        slope_after - slope as slope_before,
        offset_after - turn_offset as offset_before,
        coalesce(log_wage > previous_log_wage, false) as ends_a_slope,
        coalesce((slope_after - slope) * previous_log_wage - (offset_after - turn_offset), 0) as jobs_at_previous,
        (slope_after - slope) * log_wage - (offset_after - turn_offset) as jobs_below_step,
        slope_after * log_wage - offset_after as jobs_at
    from swept
),

-- slightly below the share itself, so that rounding never skips a knot that meets it exactly
target as (
    select
        pooled_jobs.sweep_no,
        quantile.percentile,
        (quantile.percentile / 100.0 - 1e-10) * pooled_jobs.jobs as jobs
    from pooled_jobs
    cross join (select unnest([10, 25, 50, 75, 90]) as percentile) as quantile
),

-- the first knot that reaches the share, on the slope before it or else on its step
met as (
    select
        target.sweep_no,
        target.percentile,
        exp(
            arg_min(
                case
                    when height.jobs_below_step < target.jobs then height.log_wage
                    else (target.jobs + height.offset_before) / height.slope_before
                end,
                height.log_wage
            )
        ) as wage_usd
    from target
    inner join height
        on height.sweep_no = target.sweep_no
        and height.jobs_at >= target.jobs
        and height.jobs_at_previous <= target.jobs * (1 + 1e-6)
        and (height.ends_a_slope or height.jobs_below_step < target.jobs)
    group by target.sweep_no, target.percentile
)

-- rounded far below the published digits, so that every run gives the same figures
select
    area_number.area_id,
    group_number.group_id,
    round(max(met.wage_usd) filter (where met.percentile = 10), 6) as wage_p10_usd,
    round(max(met.wage_usd) filter (where met.percentile = 25), 6) as wage_p25_usd,
    round(max(met.wage_usd) filter (where met.percentile = 50), 6) as wage_p50_usd,
    round(max(met.wage_usd) filter (where met.percentile = 75), 6) as wage_p75_usd,
    round(max(met.wage_usd) filter (where met.percentile = 90), 6) as wage_p90_usd,
    min(pooled_jobs.top_coded_from_usd) as top_coded_from_usd
from met
inner join pooled_jobs on pooled_jobs.sweep_no = met.sweep_no
inner join area_number on area_number.area_no = pooled_jobs.area_no
inner join group_number on group_number.group_no = pooled_jobs.group_no
group by area_number.area_id, group_number.group_id
order by area_id, group_id
