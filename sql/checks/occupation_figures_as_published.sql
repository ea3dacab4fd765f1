-- Occupation indicators are the detailed cells of OEWS: none lost, none duplicated, figures as published. Regions
-- are sums of areas (see region_adds_up).
-- table: marts.occupation_indicators
-- severity: error
-- expected: one row for each detailed cell, with the employment of OEWS and the wages of core.occupation_wage
-- keys: area_id, soc_code
-- figures: found_rows; employment; wage_mean_usd; wage_p10_usd; wage_p25_usd; wage_p50_usd; wage_p75_usd; wage_p90_usd
with

expected as (
    select
        figure.area_id,
        figure.soc_code,
        1 as found_rows,
        figure.employment,
        wage.wage_mean_usd,
        wage.wage_p10_usd,
        wage.wage_p25_usd,
        wage.wage_p50_usd,
        wage.wage_p75_usd,
        wage.wage_p90_usd
    from core.oews_area_occupation as figure
    left join core.occupation_wage as wage
        on wage.area_id = figure.area_id
        and wage.soc_code = figure.soc_code
    where figure.occupation_group = 'detailed'
),

found as (
    select
        indicator.area_id,
        indicator.soc_code,
        count(*) over (partition by indicator.area_id, indicator.soc_code) as found_rows,
        indicator.employment,
        cast(indicator.wage_mean_usd as double) as wage_mean_usd,
        cast(indicator.wage_p10_usd as double) as wage_p10_usd,
        cast(indicator.wage_p25_usd as double) as wage_p25_usd,
        cast(indicator.wage_p50_usd as double) as wage_p50_usd,
        cast(indicator.wage_p75_usd as double) as wage_p75_usd,
        cast(indicator.wage_p90_usd as double) as wage_p90_usd
    from marts.occupation_indicators as indicator
    left join marts.region_coverage as region on region.area_id = indicator.area_id
    where region.area_id is null
)

select * from differences
