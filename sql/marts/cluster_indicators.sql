-- Labor market indicators of every area for its total, each cluster and each sub-cluster, on every basis
-- of the area's scheme.
-- The total is as published; cluster figures are sums, pooled percentiles and combined errors of published cells.
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

-- regions in the same form: sums and pooled percentiles of their areas
figure as (
    select
        occupation_group,
        cast(null as varchar) as employment_status,
        area_id,
        period,
        employment,
        employment_rse_pct,
        wage_mean_usd,
        wage_mean_status,
        wage_p10_usd,
        wage_p10_status,
        wage_p25_usd,
        wage_p25_status,
        wage_p50_usd,
        wage_p50_status,
        wage_p75_usd,
        wage_p75_status,
        wage_p90_usd,
        wage_p90_status
    from core.occupation_wage
    where occupation_group in ('detailed', 'total')
    union all
    select
        occupation_group,
        employment_status,
        area_id,
        period,
        employment,
        employment_rse_pct,
        wage_mean_usd,
        wage_mean_status,
        wage_p10_usd,
        wage_p10_status,
        wage_p25_usd,
        wage_p25_status,
        wage_p50_usd,
        wage_p50_status,
        wage_p75_usd,
        wage_p75_status,
        wage_p90_usd,
        wage_p90_status
    from core.region_wage
),

area_total as (
    select
        figure.*,
        region.area_id is not null as is_region,
        region.region_coverage_pct
    from figure
    left join marts.region_coverage as region on region.area_id = figure.area_id
    where figure.occupation_group = 'total'
),

nation as (
    select employment as national_employment
    from area_total
    where area_id = 'US'
),

detail as (
    select
        area_id,
        count(*) as occupations,
        count(*) - count(employment) as occupations_without_employment,
        coalesce(sum(employment), 0) as employment
    from figure
    where occupation_group = 'detailed'
    group by area_id
),

area_basis as (
    select distinct area_scheme.area_id, place.basis
    from core.area_group_scheme as area_scheme
    inner join core.scheme_place as place on place.scheme = area_scheme.scheme
),

total_row as (
    select
        area_total.area_id,
        'all' as level,
        'all' as cluster_id,
        'all' as sub_cluster_id,
        area_basis.basis,
        area_total.employment,
        100.0 as employment_share_pct,
        1.0 as location_quotient,
        area_total.wage_mean_usd,
        area_total.wage_mean_status,
        area_total.wage_p10_usd,
        area_total.wage_p10_status,
        area_total.wage_p25_usd,
        area_total.wage_p25_status,
        area_total.wage_p50_usd,
        area_total.wage_p50_status,
        area_total.wage_p75_usd,
        area_total.wage_p75_status,
        area_total.wage_p90_usd,
        area_total.wage_p90_status,
        area_total.employment_rse_pct,
        100.0 * coalesce(detail.employment, 0) / area_total.employment
            * case when area_total.is_region then area_total.region_coverage_pct / 100 else 1.0 end as coverage_pct,
        case when area_total.wage_p50_usd is null then 0.0 else 100.0 end as wage_coverage_pct,
        coalesce(detail.occupations, 0) as occupations,
        coalesce(detail.occupations_without_employment, 0) as occupations_without_employment,
        case
            when area_total.employment is null then 'withheld'
            when area_total.employment_status = 'modelled' then 'modelled'
            when area_total.is_region and coalesce(area_total.region_coverage_pct, 0) < 99.9999 then 'partial'
            else 'ok'
        end as status
    from area_total
    inner join area_basis on area_basis.area_id = area_total.area_id
    left join detail on detail.area_id = area_total.area_id
),

defined as (
    select scheme, group_id, count(*) as occupations
    from core.occupation_group
    group by scheme, group_id
),

-- every cluster and sub-cluster has a row in every area, whatever is known of it
place as (
    select
        area_scheme.area_id,
        place.level,
        place.cluster_id,
        place.sub_cluster_id,
        place.basis,
        place.basis || '/' || place.cluster_id || '/' || place.sub_cluster_id as group_id,
        defined.occupations as occupations_defined
    from core.area_group_scheme as area_scheme
    inner join core.scheme_place as place on place.scheme = area_scheme.scheme
    left join defined
        on defined.scheme = place.scheme
        and defined.group_id = place.basis || '/' || place.cluster_id || '/' || place.sub_cluster_id
),

pooled as (
    select
        area_total.area_id,
        place.level,
        place.cluster_id,
        place.sub_cluster_id,
        place.basis,
        area_total.employment as area_employment,
        area_total.employment_status as area_employment_status,
        percentile.top_coded_from_usd,
        nation.national_employment as nation_employment,
        place.occupations_defined,
        total.employment,
        total.employment_rse_pct,
        total.wage_mean_usd,
        total.has_top_coded_mean,
        total.wage_mean_coverage_pct,
        total.wage_coverage_pct,
        case when place.occupations_defined is not null then coalesce(total.coverage_pct, 0) end
            * case when area_total.is_region then area_total.region_coverage_pct / 100 else 1.0 end as coverage_pct,
        total.national_employment_published,
        coalesce(total.occupations, 0) as occupations,
        coalesce(total.occupations_without_employment, 0) as occupations_without_employment,
        percentile.wage_p10_usd,
        percentile.wage_p25_usd,
        percentile.wage_p50_usd,
        percentile.wage_p75_usd,
        percentile.wage_p90_usd
    from area_total
    cross join nation
    inner join place on place.area_id = area_total.area_id
    left join core.group_total as total
        on total.area_id = area_total.area_id
        and total.group_id = place.group_id
    left join core.group_percentile as percentile
        on percentile.area_id = area_total.area_id
        and percentile.group_id = place.group_id
),

cluster_row as (
    select
        pooled.area_id,
        pooled.level,
        pooled.cluster_id,
        pooled.sub_cluster_id,
        pooled.basis,
        pooled.employment,
        100.0 * pooled.employment / pooled.area_employment as employment_share_pct,
        -- the nation counts the same occupations that the area publishes
        case when pooled.coverage_pct >= parameter.lq_min_coverage_pct
             then (pooled.employment / pooled.area_employment)
                / nullif(pooled.national_employment_published / pooled.nation_employment, 0) end as location_quotient,
        pooled.wage_mean_usd,
        case
            when pooled.occupations_defined is null then 'no_occupations'
            when pooled.wage_mean_usd is null then 'withheld'
            when pooled.has_top_coded_mean then 'top_coded'
            when pooled.wage_mean_coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as wage_mean_status,
        case when pooled.wage_p10_usd >= pooled.top_coded_from_usd - 0.005 then pooled.top_coded_from_usd
             else pooled.wage_p10_usd end as wage_p10_usd,
        case
            when pooled.occupations_defined is null then 'no_occupations'
            when pooled.wage_p10_usd is null then 'withheld'
            when pooled.wage_p10_usd >= pooled.top_coded_from_usd - 0.005 then 'top_coded'
            when pooled.wage_coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as wage_p10_status,
        case when pooled.wage_p25_usd >= pooled.top_coded_from_usd - 0.005 then pooled.top_coded_from_usd
             else pooled.wage_p25_usd end as wage_p25_usd,
        case
            when pooled.occupations_defined is null then 'no_occupations'
            when pooled.wage_p25_usd is null then 'withheld'
            when pooled.wage_p25_usd >= pooled.top_coded_from_usd - 0.005 then 'top_coded'
            when pooled.wage_coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as wage_p25_status,
        case when pooled.wage_p50_usd >= pooled.top_coded_from_usd - 0.005 then pooled.top_coded_from_usd
             else pooled.wage_p50_usd end as wage_p50_usd,
        case
            when pooled.occupations_defined is null then 'no_occupations'
            when pooled.wage_p50_usd is null then 'withheld'
            when pooled.wage_p50_usd >= pooled.top_coded_from_usd - 0.005 then 'top_coded'
            when pooled.wage_coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as wage_p50_status,
        case when pooled.wage_p75_usd >= pooled.top_coded_from_usd - 0.005 then pooled.top_coded_from_usd
             else pooled.wage_p75_usd end as wage_p75_usd,
        case
            when pooled.occupations_defined is null then 'no_occupations'
            when pooled.wage_p75_usd is null then 'withheld'
            when pooled.wage_p75_usd >= pooled.top_coded_from_usd - 0.005 then 'top_coded'
            when pooled.wage_coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as wage_p75_status,
        case when pooled.wage_p90_usd >= pooled.top_coded_from_usd - 0.005 then pooled.top_coded_from_usd
             else pooled.wage_p90_usd end as wage_p90_usd,
        case
            when pooled.occupations_defined is null then 'no_occupations'
            when pooled.wage_p90_usd is null then 'withheld'
            when pooled.wage_p90_usd >= pooled.top_coded_from_usd - 0.005 then 'top_coded'
            when pooled.wage_coverage_pct < 99.9999 then 'partial'
            else 'ok'
        end as wage_p90_status,
        pooled.employment_rse_pct,
        pooled.coverage_pct,
        pooled.wage_coverage_pct,
        pooled.occupations,
        pooled.occupations_without_employment,
        case
            when pooled.occupations_defined is null then 'no_occupations'
            when pooled.employment is null then 'withheld'
            when pooled.area_employment_status = 'modelled' then 'modelled'
            when coalesce(pooled.coverage_pct, 0) < 99.9999 then 'partial'
            else 'ok'
        end as status
    from pooled
    cross join parameter
),

indicator as (
    select * from total_row
    union all
    select * from cluster_row
)

select
    indicator.area_id,
    indicator.level,
    indicator.cluster_id,
    indicator.sub_cluster_id,
    indicator.basis,
    area_total.period,
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
    round(100.0 * (indicator.wage_p50_usd / area_total.wage_p50_usd - 1), 4) as wage_premium_pct,
    round(indicator.employment_rse_pct, 4) as employment_rse_pct,
    case
        when indicator.employment_rse_pct is null then null
        when indicator.employment_rse_pct < parameter.a_below then 'A'
        when indicator.employment_rse_pct < parameter.b_below then 'B'
        when indicator.employment_rse_pct < parameter.c_below then 'C'
        else 'D'
    end as reliability,
    -- greatest() passes over missing values, so a withheld figure must not come near it
    case when indicator.employment_rse_pct is not null
         then round(greatest(indicator.employment * (1 - parameter.interval_z * indicator.employment_rse_pct / 100), 0), 3)
    end as employment_low,
    round(indicator.employment * (1 + parameter.interval_z * indicator.employment_rse_pct / 100), 3) as employment_high,
    round(indicator.coverage_pct, 4) as coverage_pct,
    round(indicator.wage_coverage_pct, 4) as wage_coverage_pct,
    indicator.occupations,
    indicator.occupations_without_employment,
    indicator.status
from indicator
inner join area_total on area_total.area_id = indicator.area_id
cross join parameter
order by
    indicator.area_id,
    indicator.basis desc,
    indicator.level,
    indicator.cluster_id,
    indicator.sub_cluster_id
