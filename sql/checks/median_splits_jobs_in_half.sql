-- By the occupations' own wage distributions, half of the jobs are below a pooled median. This evaluates the
-- distributions at the published median, a different calculation from the one that found it.
-- table: marts.cluster_indicators
-- severity: error
-- expected: at most 50.01 percent of jobs below the median less a cent, at least 49.99 percent up to it and a cent
with

parameter as (
    select
        max(value) filter (where parameter = 'wage_tail_floor') as tail_floor,
        max(value) filter (where parameter = 'wage_tail_ceiling') as tail_ceiling
    from reference.method_parameter
),

figure as (
    select
        part.area_id,
        area_scheme.scheme,
        wage.soc_code,
        part.share * wage.employment as employment,
        ln(wage.wage_p10_usd * parameter.tail_floor) as knot_0,
        ln(wage.wage_p10_usd) as knot_10,
        ln(wage.wage_p25_usd) as knot_25,
        ln(wage.wage_p50_usd) as knot_50,
        ln(wage.wage_p75_usd) as knot_75,
        ln(wage.wage_p90_usd) as knot_90,
        ln(wage.wage_p90_usd * parameter.tail_ceiling) as knot_100
    from core.occupation_wage as wage
    inner join core.area_part as part on part.part_area_id = wage.area_id
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = part.area_id
    cross join parameter
    where wage.occupation_group = 'detailed'
        and wage.employment > 0
        and wage.has_percentiles
),

member as (
    select scheme, basis || '/' || cluster_id || '/' || sub_cluster_id as place_id, soc_code, weight
    from (select * from scheme_members) as member
),

-- a cent to either side, for the median is rounded to cents
point as (
    select
        area_id,
        basis || '/' || cluster_id || '/' || sub_cluster_id as place_id,
        'before' as side,
        ln(wage_p50_usd - 0.01) as log_wage
    from marts.cluster_indicators
    where level <> 'all'
        and wage_p50_status in ('ok', 'partial')
    union all
    select
        area_id,
        basis || '/' || cluster_id || '/' || sub_cluster_id as place_id,
        'after' as side,
        ln(wage_p50_usd + 0.01) as log_wage
    from marts.cluster_indicators
    where level <> 'all'
        and wage_p50_status in ('ok', 'partial')
),

placed as (
    select
        figure.area_id,
        member.place_id,
        member.weight * figure.employment as jobs,
        figure.knot_0,
        figure.knot_10,
        figure.knot_25,
        figure.knot_50,
        figure.knot_75,
        figure.knot_90,
        figure.knot_100
    from figure
    inner join member
        on member.scheme = figure.scheme
        and member.soc_code = figure.soc_code
    where member.weight > 0
),

evaluated as (
    select
        point.area_id,
        point.place_id,
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
    select area_id, place_id, side, 100.0 * sum(jobs * share_below) / sum(jobs) as below_pct
    from evaluated
    group by area_id, place_id, side
)

select area_id, place_id, side, below_pct
from summed
where below_pct is null
    or (side = 'before' and below_pct > 50.01)
    or (side = 'after' and below_pct < 49.99)
order by area_id, place_id, side
