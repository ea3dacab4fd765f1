-- Counties with the median wage of their metro area, those of areas that reach in from another state among them, or of
-- their state's nonmetro area. Where a state has several nonmetro areas no source says which one a county counts in:
-- it has no area then, and `wage_low_usd` and `wage_high_usd` are the lowest and the highest median of them.
with median_wage as (
    select area_id, wage_p50_usd
    from marts.cluster_indicators
    where level = 'all' and basis = 'unduplicated'
),

nonmetro as (
    select
        area.state_id,
        case when count(*) = 1 then min(area.area_id) end as area_id,
        case when count(*) = 1 then min(median_wage.wage_p50_usd) end as wage_p50_usd,
        min(median_wage.wage_p50_usd) as wage_low_usd,
        max(median_wage.wage_p50_usd) as wage_high_usd
    from reference.area as area
    inner join median_wage on median_wage.area_id = area.area_id
    where area.area_type = 'nonmetro'
    group by area.state_id
)

select
    county.state_id,
    county.state_fips,
    county.area_id as county_fips,
    metro.area_id is null as is_nonmetro,
    coalesce(metro.area_id, nonmetro.area_id) as area_id,
    case when metro.area_id is null then nonmetro.wage_p50_usd else median_wage.wage_p50_usd end as wage_p50_usd,
    nonmetro.wage_low_usd,
    nonmetro.wage_high_usd
from reference.area as county
left join reference.area as metro on metro.area_id = county.cbsa_area_id
left join median_wage on median_wage.area_id = metro.area_id
left join nonmetro on nonmetro.state_id = county.state_id
where county.area_type = 'county'
    and county.last_year is null
    and (metro.area_id is not null or nonmetro.state_id is not null)
order by county.area_id
