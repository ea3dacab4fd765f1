-- Each step of the index is the change of the year, which is recomputed from the publisher's cells elsewhere
-- (industry_figures_recomputed), and the average growth is that of the index. Without a change there is no step.
-- table: marts.cluster_trend
-- severity: error
-- expected: steps within 1e-6 of their size, growth within 1e-5 percent; missing alike
-- parts: area_id
-- keys: area_id, level, cluster_id, sub_cluster_id, ownership, year
-- figures: step within 1e-6 * abs(expected.step) + 1e-6; employment_cagr_pct within 1e-5
with

trend as (
    select
        *,
        lag(year) over place as year_before,
        lag(base_year) over place as base_year_before,
        lag(employment_index) over place as index_before
    from marts.cluster_trend
    window place as (partition by area_id, level, cluster_id, sub_cluster_id, ownership order by year)
),

expected as (
    select
        indicator.area_id,
        indicator.level,
        indicator.cluster_id,
        indicator.sub_cluster_id,
        indicator.ownership,
        indicator.year,
        1 + indicator.employment_change_pct / 100 as step,
        case
            when trend.employment_index > 0 and trend.year > trend.base_year
                then 100 * exp(ln(trend.employment_index / 100) / (trend.year - trend.base_year)) - 100
        end as employment_cagr_pct
    from marts.industry_indicators as indicator
    left join trend
        on trend.area_id = indicator.area_id
        and trend.level = indicator.level
        and trend.cluster_id = indicator.cluster_id
        and trend.sub_cluster_id = indicator.sub_cluster_id
        and trend.ownership = indicator.ownership
        and trend.year = indicator.year
),

found as (
    select
        *,
        case
            when base_year = base_year_before and year_before = year - 1 then employment_index / index_before
        end as step
    from trend
)

select * from differences
