-- Indicators of every area for the 16 clusters of the framework before 2024, each job once, made from the same figures
-- in the same way as those of the present clusters.
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

area_total as (
    select area_id, period, employment, wage_p50_usd
    from core.occupation_wage
    where occupation_group = 'total'
),

nation as (
    select employment as national_employment
    from area_total
    where area_id = 'US'
),

pooled as (
    select
        area_total.area_id,
        area_total.period,
        legacy_cluster.legacy_cluster_id,
        area_total.employment as area_employment,
        area_total.wage_p50_usd as area_wage_p50_usd,
        nation.national_employment as nation_employment,
        total.employment,
        total.employment_rse_pct,
        total.wage_mean_usd,
        total.has_top_coded_mean,
        total.wage_mean_coverage_pct,
        total.wage_coverage_pct,
        coalesce(total.coverage_pct, 0) as coverage_pct,
        total.national_employment_published,
        coalesce(total.occupations, 0) as occupations,
        coalesce(total.occupations_without_employment, 0) as occupations_without_employment,
        percentile.top_coded_from_usd,
        percentile.wage_p25_usd,
        percentile.wage_p50_usd,
        percentile.wage_p75_usd
    from area_total
    cross join nation
    cross join reference.legacy_cluster as legacy_cluster
    left join core.group_total as total
        on total.area_id = area_total.area_id
        and total.group_id = 'former/' || legacy_cluster.legacy_cluster_id || '/all'
    left join core.group_percentile as percentile
        on percentile.area_id = area_total.area_id
        and percentile.group_id = 'former/' || legacy_cluster.legacy_cluster_id || '/all'
),

-- from the lowest top-coded wage on, an answer is a lower bound
bounded as (
    select
        area_id,
        legacy_cluster_id,
        case when wage_p25_usd >= top_coded_from_usd - 0.005 then top_coded_from_usd
             else wage_p25_usd end as wage_p25_usd,
        coalesce(wage_p25_usd >= top_coded_from_usd - 0.005, false) as is_p25_bound,
        case when wage_p50_usd >= top_coded_from_usd - 0.005 then top_coded_from_usd
             else wage_p50_usd end as wage_p50_usd,
        coalesce(wage_p50_usd >= top_coded_from_usd - 0.005, false) as is_p50_bound,
        case when wage_p75_usd >= top_coded_from_usd - 0.005 then top_coded_from_usd
             else wage_p75_usd end as wage_p75_usd,
        coalesce(wage_p75_usd >= top_coded_from_usd - 0.005, false) as is_p75_bound
    from pooled
    where wage_p50_usd is not null
)

select
    pooled.area_id,
    pooled.legacy_cluster_id,
    pooled.period,
    round(pooled.employment, 3) as employment,
    round(100.0 * pooled.employment / pooled.area_employment, 6) as employment_share_pct,
    -- the nation counts the same occupations that the area publishes
    case when pooled.coverage_pct >= parameter.lq_min_coverage_pct
         then round(
             (pooled.employment / pooled.area_employment)
             / nullif(pooled.national_employment_published / pooled.nation_employment, 0), 6
         ) end as location_quotient,
    round(pooled.wage_mean_usd, 2) as wage_mean_usd,
    round(bounded.wage_p25_usd, 2) as wage_p25_usd,
    round(bounded.wage_p50_usd, 2) as wage_p50_usd,
    round(bounded.wage_p75_usd, 2) as wage_p75_usd,
    case
        when pooled.wage_mean_usd is null then 'withheld'
        when pooled.has_top_coded_mean then 'top_coded'
        when pooled.wage_mean_coverage_pct < 99.9999 then 'partial'
        else 'ok'
    end as wage_mean_status,
    case
        when bounded.wage_p25_usd is null then 'withheld'
        when bounded.is_p25_bound then 'top_coded'
        when pooled.wage_coverage_pct < 99.9999 then 'partial'
        else 'ok'
    end as wage_p25_status,
    case
        when bounded.wage_p50_usd is null then 'withheld'
        when bounded.is_p50_bound then 'top_coded'
        when pooled.wage_coverage_pct < 99.9999 then 'partial'
        else 'ok'
    end as wage_p50_status,
    case
        when bounded.wage_p75_usd is null then 'withheld'
        when bounded.is_p75_bound then 'top_coded'
        when pooled.wage_coverage_pct < 99.9999 then 'partial'
        else 'ok'
    end as wage_p75_status,
    round(100.0 * (bounded.wage_p50_usd / pooled.area_wage_p50_usd - 1), 4) as wage_premium_pct,
    round(pooled.employment_rse_pct, 4) as employment_rse_pct,
    case
        when pooled.employment_rse_pct is null then null
        when pooled.employment_rse_pct < parameter.a_below then 'A'
        when pooled.employment_rse_pct < parameter.b_below then 'B'
        when pooled.employment_rse_pct < parameter.c_below then 'C'
        else 'D'
    end as reliability,
    -- greatest() passes over missing values, so a withheld figure must not come near it
    case when pooled.employment_rse_pct is not null
         then round(greatest(pooled.employment * (1 - parameter.interval_z * pooled.employment_rse_pct / 100), 0), 3)
    end as employment_low,
    round(pooled.employment * (1 + parameter.interval_z * pooled.employment_rse_pct / 100), 3) as employment_high,
    round(pooled.coverage_pct, 4) as coverage_pct,
    round(pooled.wage_coverage_pct, 4) as wage_coverage_pct,
    pooled.occupations,
    pooled.occupations_without_employment,
    case
        when pooled.employment is null then 'withheld'
        when pooled.coverage_pct < 99.9999 then 'partial'
        else 'ok'
    end as status
from pooled
left join bounded
    on bounded.area_id = pooled.area_id
    and bounded.legacy_cluster_id = pooled.legacy_cluster_id
cross join parameter
order by pooled.area_id, pooled.legacy_cluster_id
