-- Occupation indicators are the detailed cells of OEWS: none lost, none multiplied, figures as published. Regions are
-- sums of areas (see region_adds_up).
-- table: marts.occupation_indicators
-- severity: error
-- expected: one row for each detailed cell, with the employment of OEWS and the wages of core.occupation_wage
with

published as (
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

as_published as (
    select indicator.*
    from marts.occupation_indicators as indicator
    left join marts.region_coverage as region on region.area_id = indicator.area_id
    where region.area_id is null
),

counted as (
    select area_id, soc_code, count(*) as indicator_rows
    from as_published
    group by area_id, soc_code
)

select
    coalesce(published.area_id, indicator.area_id) as area_id,
    coalesce(published.soc_code, indicator.soc_code) as soc_code,
    coalesce(counted.indicator_rows, 0) as indicator_rows,
    published.employment as published_employment,
    indicator.employment,
    published.wage_p50_usd as published_wage_p50_usd,
    indicator.wage_p50_usd
from published
full outer join as_published as indicator
    on indicator.area_id = published.area_id
    and indicator.soc_code = published.soc_code
left join counted
    on counted.area_id = indicator.area_id
    and counted.soc_code = indicator.soc_code
where published.area_id is null
    or indicator.area_id is null
    or counted.indicator_rows <> 1
    or indicator.employment is distinct from published.employment
    or cast(indicator.wage_mean_usd as double) is distinct from published.wage_mean_usd
    or cast(indicator.wage_p10_usd as double) is distinct from published.wage_p10_usd
    or cast(indicator.wage_p25_usd as double) is distinct from published.wage_p25_usd
    or cast(indicator.wage_p50_usd as double) is distinct from published.wage_p50_usd
    or cast(indicator.wage_p75_usd as double) is distinct from published.wage_p75_usd
    or cast(indicator.wage_p90_usd as double) is distinct from published.wage_p90_usd
order by area_id, soc_code
