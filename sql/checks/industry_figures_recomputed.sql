-- Jobs, share, location quotient, change and growth worked out anew from the publisher's cells. A rate stands on figures
-- that are published in full, or it is missing.
-- table: marts.industry_indicators
-- severity: error
-- expected: the same figures within 1e-6 of their size plus 1e-6, missing in the same places
with

-- a region has the cells of its counties, in the years for which all of them have figures
published as (
    select area_id, year, own_code, naics_code, establishments, employment, wages_usd, status
    from raw.qcew
    union all
    select
        county.region_area_id as area_id,
        cell.year,
        cell.own_code,
        cell.naics_code,
        cell.establishments,
        cell.employment,
        cell.wages_usd,
        cell.status
    from core.region_county as county
    inner join raw.qcew as cell
        on cell.area_id = county.area_id
        and cell.year = county.year
    where county.is_whole_region
),

ownership as (
    select own_code, case when own_code = '5' then 'private' else 'government' end as ownership
    from (select unnest(['1', '2', '3', '5']) as own_code) as owner
    union all
    select unnest(['1', '2', '3', '5']) as own_code, 'all' as ownership
),

place as (
    select year, naics_code, 'cluster' as level, cluster_id, 'all' as sub_cluster_id
    from core.qcew_industry
    where is_cluster_frontier
    union all
    select year, naics_code, 'sub_cluster' as level, cluster_id, sub_cluster_id
    from core.qcew_industry
    where is_sub_cluster_frontier
    union all
    select year, naics_code, 'all' as level, 'all' as cluster_id, 'all' as sub_cluster_id
    from core.qcew_industry
    where depth = 0
),

figure as (
    select
        cell.area_id,
        place.level,
        place.cluster_id,
        place.sub_cluster_id,
        ownership.ownership,
        cell.year,
        sum(cell.employment) as published,
        case when count(cell.employment) = count(*) then sum(cell.employment) end as whole
    from published as cell
    inner join place
        on place.year = cell.year
        and place.naics_code = cell.naics_code
    inner join ownership on ownership.own_code = cell.own_code
    group by cell.area_id, place.level, place.cluster_id, place.sub_cluster_id, ownership.ownership, cell.year
),

expected as (
    select
        figure.area_id,
        figure.level,
        figure.cluster_id,
        figure.sub_cluster_id,
        figure.ownership,
        figure.year,
        figure.published as employment,
        100.0 * figure.published / nullif(total.whole, 0) as employment_share_pct,
        (figure.whole / nullif(total.whole, 0)) / nullif(nation.whole / nullif(nation_total.whole, 0), 0) as location_quotient,
        100.0 * (figure.whole / nullif(before.whole, 0) - 1) as employment_change_pct,
        100.0 * (power(nullif(figure.whole, 0) / nullif(earlier.whole, 0), 0.2) - 1) as employment_cagr_5yr_pct
    from figure
    left join figure as total
        on total.level = 'all'
        and total.area_id = figure.area_id
        and total.ownership = figure.ownership
        and total.year = figure.year
    left join figure as nation
        on nation.area_id = 'US'
        and nation.level = figure.level
        and nation.cluster_id = figure.cluster_id
        and nation.sub_cluster_id = figure.sub_cluster_id
        and nation.ownership = figure.ownership
        and nation.year = figure.year
    left join figure as nation_total
        on nation_total.area_id = 'US'
        and nation_total.level = 'all'
        and nation_total.ownership = figure.ownership
        and nation_total.year = figure.year
    left join figure as before
        on before.area_id = figure.area_id
        and before.level = figure.level
        and before.cluster_id = figure.cluster_id
        and before.sub_cluster_id = figure.sub_cluster_id
        and before.ownership = figure.ownership
        and before.year = figure.year - 1
    left join figure as earlier
        on earlier.area_id = figure.area_id
        and earlier.level = figure.level
        and earlier.cluster_id = figure.cluster_id
        and earlier.sub_cluster_id = figure.sub_cluster_id
        and earlier.ownership = figure.ownership
        and earlier.year = figure.year - 5
)

select
    coalesce(indicator.area_id, expected.area_id) as area_id,
    coalesce(indicator.level, expected.level) as level,
    coalesce(indicator.cluster_id, expected.cluster_id) as cluster_id,
    coalesce(indicator.sub_cluster_id, expected.sub_cluster_id) as sub_cluster_id,
    coalesce(indicator.ownership, expected.ownership) as ownership,
    coalesce(indicator.year, expected.year) as year,
    indicator.employment,
    expected.employment as expected_employment,
    indicator.employment_share_pct,
    expected.employment_share_pct as expected_share_pct,
    indicator.location_quotient,
    expected.location_quotient as expected_location_quotient,
    indicator.employment_change_pct,
    expected.employment_change_pct as expected_change_pct,
    indicator.employment_cagr_5yr_pct,
    expected.employment_cagr_5yr_pct as expected_cagr_5yr_pct
from marts.industry_indicators as indicator
full join expected
    on expected.area_id = indicator.area_id
    and expected.level = indicator.level
    and expected.cluster_id = indicator.cluster_id
    and expected.sub_cluster_id = indicator.sub_cluster_id
    and expected.ownership = indicator.ownership
    and expected.year = indicator.year
where indicator.area_id is null
    or expected.area_id is null
    or (indicator.employment is null) <> (expected.employment is null)
    or (indicator.employment_share_pct is null) <> (expected.employment_share_pct is null)
    or (indicator.location_quotient is null) <> (expected.location_quotient is null)
    or (indicator.employment_change_pct is null) <> (expected.employment_change_pct is null)
    or (indicator.employment_cagr_5yr_pct is null) <> (expected.employment_cagr_5yr_pct is null)
    or abs(indicator.employment - expected.employment) > 1e-6 * expected.employment + 1e-6
    or abs(indicator.employment_share_pct - expected.employment_share_pct) > 1e-6 * expected.employment_share_pct + 1e-6
    or abs(indicator.location_quotient - expected.location_quotient) > 1e-6 * expected.location_quotient + 1e-6
    or abs(indicator.employment_change_pct - expected.employment_change_pct) > 1e-6 * abs(expected.employment_change_pct) + 1e-6
    or abs(indicator.employment_cagr_5yr_pct - expected.employment_cagr_5yr_pct) > 1e-6 * abs(expected.employment_cagr_5yr_pct) + 1e-6
order by area_id, level, cluster_id, sub_cluster_id, ownership, year
