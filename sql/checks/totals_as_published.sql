-- The total of an area is the published one, not a sum of ours. A region has none (see region_adds_up).
-- table: marts.cluster_indicators
-- severity: error
-- expected: on level all, employment, error and wages equal to the published row of all occupations (00-0000)
select
    indicator.area_id,
    indicator.basis,
    published.employment as published_employment,
    indicator.employment,
    wage.wage_p50_usd as published_wage_p50_usd,
    indicator.wage_p50_usd
from marts.cluster_indicators as indicator
left join marts.region_coverage as region on region.area_id = indicator.area_id
left join core.oews_area_occupation as published
    on published.area_id = indicator.area_id
    and published.soc_code = '00-0000'
left join core.occupation_wage as wage
    on wage.area_id = indicator.area_id
    and wage.soc_code = '00-0000'
where indicator.level = 'all'
    and region.area_id is null
    and (
        published.area_id is null
        or wage.area_id is null
        or indicator.employment is distinct from cast(published.employment as double)
        or indicator.employment_rse_pct is distinct from published.employment_rse_pct
        or indicator.wage_mean_usd is distinct from wage.wage_mean_usd
        or indicator.wage_p10_usd is distinct from wage.wage_p10_usd
        or indicator.wage_p25_usd is distinct from wage.wage_p25_usd
        or indicator.wage_p50_usd is distinct from wage.wage_p50_usd
        or indicator.wage_p75_usd is distinct from wage.wage_p75_usd
        or indicator.wage_p90_usd is distinct from wage.wage_p90_usd
    )
order by indicator.area_id, indicator.basis
