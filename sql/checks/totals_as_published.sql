-- The total of an area is the published one, not a sum of ours. A region has none (see region_adds_up).
-- table: marts.cluster_indicators
-- severity: error
-- expected: on level all, employment, error and wages equal to the published row of all occupations (00-0000)
-- keys: area_id, basis
-- figures: employment; employment_rse_pct
-- figures: wage_mean_usd; wage_p10_usd; wage_p25_usd; wage_p50_usd; wage_p75_usd; wage_p90_usd
with

expected as (
    select
        basis.basis,
        wage.* replace (figure.employment as employment, figure.employment_rse_pct as employment_rse_pct)
    from core.oews_area_occupation as figure
    inner join core.occupation_wage as wage
        on wage.area_id = figure.area_id
        and wage.soc_code = figure.soc_code
    inner join (select distinct area_id, basis from marts.cluster_indicators) as basis on basis.area_id = figure.area_id
    where figure.soc_code = '00-0000'
),

found as (
    select *
    from marts.cluster_indicators
    where level = 'all'
        and area_id not in (select region.area_id from marts.region_coverage as region)
)

select * from differences
