-- Occupation indicators are the detailed cells of OEWS: none lost, none duplicated, figures as published. Regions
-- are sums of areas (see region_adds_up).
-- table: marts.occupation_indicators
-- severity: error
-- expected: one row for each detailed cell, with the employment of OEWS and the wages of core.occupation_wage
-- keys: area_id, soc_code
-- figures: employment; wage_mean_usd; wage_p10_usd; wage_p25_usd; wage_p50_usd; wage_p75_usd; wage_p90_usd
with

expected as (
    select
        figure.area_id,
        figure.soc_code,
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
    select *
    from marts.occupation_indicators
    where area_id not in (select region.area_id from marts.region_coverage as region)
)

select * from differences
