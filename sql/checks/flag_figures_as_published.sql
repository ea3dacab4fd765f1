-- The figure that decides a flag is the occupation's published figure.
-- table: marts.occupation_flag
-- severity: error
-- expected: wage values are those of marts.occupation_indicators, openings and growth those of the area's projections
with

newest as (
    select area_id, max(projection_period) as projection_period
    from marts.occupation_outlook
    group by area_id
),

outlook as (
    select outlook.area_id, outlook.soc_code, outlook.annual_openings, outlook.growth_pct
    from marts.occupation_outlook as outlook
    inner join newest
        on newest.area_id = outlook.area_id
        and newest.projection_period = outlook.projection_period
),

compared as (
    select
        flag.policy,
        flag.area_id,
        flag.soc_code,
        flag.high_wage_measure,
        flag.high_wage_value,
        case flag.high_wage_measure
            when 'wage_mean_usd' then occupation.wage_mean_usd
            when 'wage_p10_usd' then occupation.wage_p10_usd
            when 'wage_p25_usd' then occupation.wage_p25_usd
            when 'wage_p50_usd' then occupation.wage_p50_usd
            when 'wage_p75_usd' then occupation.wage_p75_usd
            when 'wage_p90_usd' then occupation.wage_p90_usd
        end as published_wage,
        flag.in_demand_measure,
        flag.in_demand_value,
        case flag.in_demand_measure
            when 'annual_openings' then outlook.annual_openings
            when 'growth_pct' then outlook.growth_pct
        end as projected_figure
    from marts.occupation_flag as flag
    left join marts.occupation_indicators as occupation
        on occupation.area_id = flag.area_id
        and occupation.soc_code = flag.soc_code
    left join outlook
        on outlook.area_id = flag.demand_area_id
        and outlook.soc_code = flag.soc_code
)

select
    policy,
    area_id,
    soc_code,
    high_wage_measure,
    high_wage_value,
    published_wage,
    in_demand_measure,
    in_demand_value,
    projected_figure
from compared
where (high_wage_measure <> 'wage_p75_p25_ratio' and high_wage_value is distinct from published_wage)
    or (in_demand_measure in ('annual_openings', 'growth_pct') and in_demand_value is distinct from projected_figure)
order by policy, area_id, soc_code
