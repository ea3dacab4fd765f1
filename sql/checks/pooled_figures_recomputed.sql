-- Employment, mean wage and relative standard error of every node recomputed from weights and published cells:
-- duplicated as plain sums over the member occupations, unduplicated weighted.
-- table: marts.cluster_indicators
-- severity: error
-- expected: jobs and mean wage within 0.01 (a top-coded one at its bound), error within 0.001 points; missing alike
-- keys: area_id, level, cluster_id, sub_cluster_id, basis
-- figures: employment within 0.01; wage_mean_usd within 0.01; employment_rse_pct within 0.001
with

member_cell as (select * from member_cells),

expected as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        basis,
        sum(jobs) as employment,
        sum(jobs * wage_mean_usd) / nullif(sum(jobs) filter (where wage_mean_usd is not null), 0) as wage_mean_usd,
        sqrt(sum(power(jobs * employment_rse_pct, 2))) / nullif(sum(jobs), 0) as employment_rse_pct
    from member_cell
    group by all
),

found as (
    select *
    from marts.cluster_indicators
    where level <> 'all'
        and coalesce(employment, wage_mean_usd, employment_rse_pct) is not null
)

select * from differences
