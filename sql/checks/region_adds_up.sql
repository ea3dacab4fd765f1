-- A region's jobs are those of its metro and nonmetro areas, each by its share: in total, and for every occupation
-- that one of them publishes. Its wages lie between their lowest and highest; medians are read on a grid.
-- table: marts.occupation_indicators
-- severity: error
-- expected: a row for each detailed occupation of the region's areas; jobs within 0.5, wages between (0.4 percent)
with

part as (
    select area_id, part_area_id, share
    from core.area_part
    where area_id <> part_area_id
),

expected as (
    select
        part.area_id,
        figure.soc_code,
        sum(part.share * figure.employment) as employment,
        min(wage.wage_p50_usd) as lowest_p50,
        max(wage.wage_p50_usd) as highest_p50,
        min(wage.wage_mean_usd) as lowest_mean,
        max(wage.wage_mean_usd) as highest_mean
    from part
    inner join core.oews_area_occupation as figure on figure.area_id = part.part_area_id
    inner join core.occupation_wage as wage
        on wage.area_id = figure.area_id
        and wage.soc_code = figure.soc_code
    where figure.occupation_group = 'detailed'
    group by part.area_id, figure.soc_code
),

found as (
    select indicator.area_id, indicator.soc_code, indicator.employment, indicator.wage_p50_usd, indicator.wage_mean_usd
    from marts.occupation_indicators as indicator
    inner join reference.area as area on area.area_id = indicator.area_id
    where area.area_type = 'region'
),

total as (
    select
        part.area_id,
        sum(part.share * figure.employment) as employment,
        count(figure.employment) = count(*) as is_whole
    from part
    left join core.oews_area_occupation as figure
        on figure.area_id = part.part_area_id
        and figure.occupation_group = 'total'
    group by part.area_id
),

found_total as (
    select indicator.area_id, indicator.basis, indicator.employment
    from marts.cluster_indicators as indicator
    inner join reference.area as area on area.area_id = indicator.area_id
    where area.area_type = 'region'
        and indicator.level = 'all'
)

select
    coalesce(expected.area_id, found.area_id) as area_id,
    coalesce(expected.soc_code, found.soc_code) as soc_code,
    expected.employment as expected_employment,
    found.employment,
    found.wage_p50_usd
from expected
full outer join found
    on found.area_id = expected.area_id
    and found.soc_code = expected.soc_code
where expected.area_id is null
    or found.area_id is null
    or (found.employment is null) <> (expected.employment is null)
    or abs(found.employment - expected.employment) > 0.5001
    or found.wage_p50_usd < 0.996 * expected.lowest_p50
    or found.wage_p50_usd > 1.004 * expected.highest_p50
    or found.wage_mean_usd < expected.lowest_mean - 1
    or found.wage_mean_usd > expected.highest_mean + 1
union all
select
    coalesce(total.area_id, found_total.area_id) as area_id,
    '00-0000' as soc_code,
    total.employment as expected_employment,
    found_total.employment,
    null as wage_p50_usd
from total
full outer join found_total on found_total.area_id = total.area_id
where total.area_id is null
    or found_total.area_id is null
    or (found_total.employment is not null) <> total.is_whole
    or abs(found_total.employment - total.employment) > 0.001
order by area_id, soc_code
