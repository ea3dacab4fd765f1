-- Indicators of every area: its total, each cluster and sub-cluster of its scheme on every basis, and each legacy
-- cluster. Totals are as published. Groups are sums, pooled percentiles and combined errors of published cells.
-- Status, lower bounds of top-coded wages, interval and grade are decided here for all marts that show groups.
with

parameter as (
    select
        max(value) filter (where parameter = 'interval_z') as interval_z,
        max(value) filter (where parameter = 'reliability_a_below') as a_below,
        max(value) filter (where parameter = 'reliability_b_below') as b_below,
        max(value) filter (where parameter = 'reliability_c_below') as c_below,
        max(value) filter (where parameter = 'lq_min_coverage_pct') as lq_min_coverage_pct
    from reference.method_parameter
),

-- figures of a region are those of its areas, which may cover only a part of it
figure as (
    select *, 100.0 as region_coverage_pct
    from core.occupation_wage
    where occupation_group in ('detailed', 'total')
    union all by name
    select wage.*, coverage.region_coverage_pct
    from core.region_wage as wage
    left join marts.region_coverage as coverage on coverage.area_id = wage.area_id
),

area as (
    select *
    from figure
    where occupation_group = 'total'
),

detail as (
    select
        area_id,
        count(*) as occupations,
        count(*) - count(employment) as occupations_without_employment,
        sum(employment) as employment
    from figure
    where occupation_group = 'detailed'
    group by area_id
),

total_row as (
    select
        area.*,
        'all' as level,
        'all' as cluster_id,
        'all' as sub_cluster_id,
        basis.basis,
        100.0 as employment_share_pct,
        1.0 as location_quotient,
        100.0 * coalesce(detail.employment, 0) / area.employment * (area.region_coverage_pct / 100) as coverage_pct,
        case when area.wage_p50_usd is null then 0.0 else 100.0 end as wage_coverage_pct,
        coalesce(detail.occupations, 0) as occupations,
        coalesce(detail.occupations_without_employment, 0) as occupations_without_employment,
        true as has_occupations,
        area.region_coverage_pct as complete_pct
    from area
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = area.area_id
    inner join (select distinct scheme, basis from core.scheme_node) as basis on basis.scheme = area_scheme.scheme
    left join detail on detail.area_id = area.area_id
),

-- every node has a row in every area of its scheme, whatever is known of it; regions have no legacy clusters
node as (
    select scheme, basis, level, cluster_id, sub_cluster_id
    from core.scheme_node
    union all
    select
        scheme.scheme,
        'former' as basis,
        'legacy_cluster' as level,
        legacy.legacy_cluster_id as cluster_id,
        'all' as sub_cluster_id
    from (select distinct scheme from core.scheme_node) as scheme
    cross join reference.legacy_cluster as legacy
    where right(scheme.scheme, 8) <> '_regions'
),

group_with_occupations as (
    select distinct scheme, group_id
    from core.occupation_group
),

pooled as (
    select
        area.area_id,
        node.level,
        node.cluster_id,
        node.sub_cluster_id,
        node.basis,
        area.employment as area_employment,
        nation.employment as nation_employment,
        total.employment,
        total.national_employment_published,
        total.employment_rse_pct,
        total.wage_mean_usd,
        total.has_top_coded_mean,
        total.wage_mean_coverage_pct,
        total.wage_coverage_pct,
        case
            when defined.group_id is not null then coalesce(total.coverage_pct, 0) * (area.region_coverage_pct / 100)
        end as coverage_pct,
        coalesce(total.occupations, 0) as occupations,
        coalesce(total.occupations_without_employment, 0) as occupations_without_employment,
        defined.group_id is not null as has_occupations,
        -- the solver may stop a hair below the bound
        percentile.top_coded_from_usd - 0.005 as bound_usd,
        -- from the bound on, the bound is the answer
        least(percentile.wage_p10_usd, percentile.top_coded_from_usd) as wage_p10_usd,
        least(percentile.wage_p25_usd, percentile.top_coded_from_usd) as wage_p25_usd,
        least(percentile.wage_p50_usd, percentile.top_coded_from_usd) as wage_p50_usd,
        least(percentile.wage_p75_usd, percentile.top_coded_from_usd) as wage_p75_usd,
        least(percentile.wage_p90_usd, percentile.top_coded_from_usd) as wage_p90_usd,
        case
            when defined.group_id is null then 'no_occupations'
            when percentile.area_id is null then 'withheld'
            when total.wage_coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as percentile_status
    from area
    inner join area as nation on nation.area_id = 'US'
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = area.area_id
    inner join node on node.scheme = area_scheme.scheme
    left join group_with_occupations as defined
        on defined.scheme = node.scheme
        and defined.group_id = node.basis || '/' || node.cluster_id || '/' || node.sub_cluster_id
    left join core.group_total as total
        on total.area_id = area.area_id
        and total.group_id = defined.group_id
    left join core.group_percentile as percentile
        on percentile.area_id = area.area_id
        and percentile.group_id = defined.group_id
),

group_row as (
    select
        pooled.*,
        100.0 * pooled.employment / pooled.area_employment as employment_share_pct,
        -- the nation counts the same occupations that the area publishes
        case
            when pooled.coverage_pct >= parameter.lq_min_coverage_pct
                then (pooled.employment / pooled.area_employment)
                    / nullif(pooled.national_employment_published / pooled.nation_employment, 0)
        end as location_quotient,
        case
            when not pooled.has_occupations then 'no_occupations'
            when pooled.wage_mean_usd is null then 'withheld'
            when pooled.has_top_coded_mean then 'top_coded'
            when pooled.wage_mean_coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as wage_mean_status,
        case when pooled.wage_p10_usd >= pooled.bound_usd then 'top_coded' else pooled.percentile_status end
            as wage_p10_status,
        case when pooled.wage_p25_usd >= pooled.bound_usd then 'top_coded' else pooled.percentile_status end
            as wage_p25_status,
        case when pooled.wage_p50_usd >= pooled.bound_usd then 'top_coded' else pooled.percentile_status end
            as wage_p50_status,
        case when pooled.wage_p75_usd >= pooled.bound_usd then 'top_coded' else pooled.percentile_status end
            as wage_p75_status,
        case when pooled.wage_p90_usd >= pooled.bound_usd then 'top_coded' else pooled.percentile_status end
            as wage_p90_status,
        pooled.coverage_pct as complete_pct
    from pooled
    cross join parameter
),

indicator as (
    select * from total_row
    union all by name
    select * from group_row
)

select
    indicator.area_id,
    indicator.level,
    indicator.cluster_id,
    indicator.sub_cluster_id,
    indicator.basis,
    area.period,
    round(indicator.employment, 3) as employment,
    round(indicator.employment_share_pct, 6) as employment_share_pct,
    round(indicator.location_quotient, 6) as location_quotient,
    round(indicator.wage_mean_usd, 2) as wage_mean_usd,
    round(indicator.wage_p10_usd, 2) as wage_p10_usd,
    round(indicator.wage_p25_usd, 2) as wage_p25_usd,
    round(indicator.wage_p50_usd, 2) as wage_p50_usd,
    round(indicator.wage_p75_usd, 2) as wage_p75_usd,
    round(indicator.wage_p90_usd, 2) as wage_p90_usd,
    indicator.wage_mean_status,
    indicator.wage_p10_status,
    indicator.wage_p25_status,
    indicator.wage_p50_status,
    indicator.wage_p75_status,
    indicator.wage_p90_status,
    round(100.0 * (indicator.wage_p50_usd / area.wage_p50_usd - 1), 4) as wage_premium_pct,
    round(indicator.employment_rse_pct, 4) as employment_rse_pct,
    case
        when indicator.employment_rse_pct is null then null
        when indicator.employment_rse_pct < parameter.a_below then 'A'
        when indicator.employment_rse_pct < parameter.b_below then 'B'
        when indicator.employment_rse_pct < parameter.c_below then 'C'
        else 'D'
    end as reliability,
    -- greatest() ignores missing values, so a withheld figure would come out as 0
    case
        when indicator.employment_rse_pct is not null
            then greatest(
                round(indicator.employment * (1 - parameter.interval_z * indicator.employment_rse_pct / 100), 3), 0
            )
    end as employment_low,
    round(indicator.employment * (1 + parameter.interval_z * indicator.employment_rse_pct / 100), 3) as employment_high,
    round(indicator.coverage_pct, 4) as coverage_pct,
    round(indicator.wage_coverage_pct, 4) as wage_coverage_pct,
    indicator.occupations,
    indicator.occupations_without_employment,
    case
        when not indicator.has_occupations then 'no_occupations'
        when indicator.employment is null then 'withheld'
        when area.employment_status = 'modelled' then 'modelled'
        when coalesce(indicator.complete_pct, 0) < 99.9999 then 'partial'
        else 'ok'
    end as status
from indicator
inner join area on area.area_id = indicator.area_id
cross join parameter
order by
    indicator.area_id,
    indicator.basis desc,
    indicator.level,
    indicator.cluster_id,
    indicator.sub_cluster_id
