-- Each step of the index recomputed from the publisher's cells and the estimates of withheld ones, for years that hold
-- the same industries and the same land; the average growth since its first year from the index.
-- table: marts.cluster_trend
-- severity: error
-- expected: the same steps within 1e-5 of their size, growth within a millionth of a percent; missing alike
-- keys: area_id, level, cluster_id, sub_cluster_id, ownership, year
-- figures: step within 1e-5 * abs(expected.step) + 1e-5
-- figures: employment_cagr_pct within 1e-5
with

figure as (select * from qcew_figures),

pair as (select * from qcew_pairs),

trend as (
    select
        now.*,
        before.employment_index as index_before,
        before.base_year as base_year_before
    from marts.cluster_trend as now
    left join marts.cluster_trend as before
        on before.area_id = now.area_id
        and before.level = now.level
        and before.cluster_id = now.cluster_id
        and before.sub_cluster_id = now.sub_cluster_id
        and before.ownership = now.ownership
        and before.year = now.year - 1
),

expected as (
    select
        figure.area_id,
        figure.level,
        figure.cluster_id,
        figure.sub_cluster_id,
        figure.ownership,
        figure.year,
        pair.comparable / nullif(pair.comparable_from, 0) as step,
        case
            when trend.employment_index > 0 and trend.year > trend.base_year
                then 100 * exp(ln(trend.employment_index / 100) / (trend.year - trend.base_year)) - 100
        end as employment_cagr_pct
    from figure
    left join pair
        on pair.area_id = figure.area_id
        and pair.level = figure.level
        and pair.cluster_id = figure.cluster_id
        and pair.sub_cluster_id = figure.sub_cluster_id
        and pair.ownership = figure.ownership
        and pair.year = figure.year
        and pair.year_from = figure.year - 1
    left join trend
        on trend.area_id = figure.area_id
        and trend.level = figure.level
        and trend.cluster_id = figure.cluster_id
        and trend.sub_cluster_id = figure.sub_cluster_id
        and trend.ownership = figure.ownership
        and trend.year = figure.year
),

found as (
    select
        *,
        case when base_year = base_year_before then employment_index / index_before end as step
    from trend
)

select * from differences
