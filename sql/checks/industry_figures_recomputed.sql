-- Share, location quotient, change and growth recomputed from the sums of cells, which industry_sums_recomputed
-- compares with the publisher's. A rate is given only where enough of its figures is published and, over years, where
-- both hold the same industries and the same land.
-- table: marts.industry_indicators
-- severity: error
-- expected: the same figures within 1e-6 of their size plus 1e-6; missing alike
-- parts: year, area_id
-- years_before: 1, 5
-- in_every_part: area_id = 'US'
-- keys: area_id, level, cluster_id, sub_cluster_id, ownership, year
-- figures: employment_share_pct within 1e-6 * abs(expected.employment_share_pct) + 1e-6
-- figures: location_quotient within 1e-6 * abs(expected.location_quotient) + 1e-6
-- figures: employment_change_pct within 1e-6 * abs(expected.employment_change_pct) + 1e-6
-- figures: employment_cagr_5yr_pct within 1e-6 * abs(expected.employment_cagr_5yr_pct) + 1e-6
with

figure as (select * from industry_sums),

pair as (select * from qcew_pairs),

expected as (
    select
        figure.area_id,
        figure.level,
        figure.cluster_id,
        figure.sub_cluster_id,
        figure.ownership,
        figure.year,
        100.0 * figure.estimate / nullif(total.estimate, 0) as employment_share_pct,
        (figure.comparable / nullif(total.comparable, 0))
        / nullif(nation.comparable / nullif(nation_total.comparable, 0), 0) as location_quotient,
        100.0 * (before.comparable / nullif(before.comparable_from, 0) - 1) as employment_change_pct,
        100.0 * (power(nullif(earlier.comparable, 0) / nullif(earlier.comparable_from, 0), 0.2) - 1)
            as employment_cagr_5yr_pct
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
    left join pair as before
        on before.area_id = figure.area_id
        and before.level = figure.level
        and before.cluster_id = figure.cluster_id
        and before.sub_cluster_id = figure.sub_cluster_id
        and before.ownership = figure.ownership
        and before.year = figure.year
        and before.year_from = figure.year - 1
    left join pair as earlier
        on earlier.area_id = figure.area_id
        and earlier.level = figure.level
        and earlier.cluster_id = figure.cluster_id
        and earlier.sub_cluster_id = figure.sub_cluster_id
        and earlier.ownership = figure.ownership
        and earlier.year = figure.year
        and earlier.year_from = figure.year - 5
),

found as (
    select *
    from marts.industry_indicators
)

select * from differences
