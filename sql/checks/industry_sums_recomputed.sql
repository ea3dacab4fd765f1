-- Jobs, the part of them that is estimated, and average pay recomputed from the publisher's cells and the estimates of
-- withheld ones. What follows from these sums is recomputed elsewhere (industry_figures_recomputed).
-- table: marts.industry_indicators
-- severity: error
-- expected: the same figures within 1e-6 of their size plus 1e-6, pay to a cent and the rounding of jobs; missing alike
-- parts: year
-- keys: area_id, level, cluster_id, sub_cluster_id, ownership, year
-- figures: employment within 1e-6 * abs(expected.employment) + 1e-6
-- figures: employment_published within 1e-6 * abs(expected.employment_published) + 1e-6
-- figures: modelled within 1e-6 * abs(expected.employment) + 1e-3
-- figures: pay_annual_avg_usd within 1e-6 * expected.pay_annual_avg_usd / expected.employment_published + 0.006
with

figure as (select * from qcew_sums),

expected as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        ownership,
        year,
        estimate as employment,
        published as employment_published,
        case when estimate is not null then modelled end as modelled,
        pay_annual_avg_usd
    from figure
),

found as (
    select *, employment * modelled_pct / 100 as modelled
    from marts.industry_indicators
)

select * from differences
