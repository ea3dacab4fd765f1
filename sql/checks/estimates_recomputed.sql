-- All jobs and the mean wage of every node recomputed from the cells, published and estimated.
-- table: marts.cluster_indicators
-- severity: error
-- expected: jobs and mean wage within 0.01; missing alike
-- keys: area_id, cluster_id, sub_cluster_id, basis
-- figures: employment within 0.01; wage_mean_usd within 0.011
with

estimate_cell as (select * from estimate_cells),

expected as (
    select
        area_id,
        cluster_id,
        sub_cluster_id,
        basis,
        sum(jobs) as employment,
        sum(jobs * wage_mean_usd) / nullif(sum(jobs) filter (where wage_mean_usd is not null), 0) as wage_mean_usd
    from estimate_cell
    where jobs > 0
    group by all
),

found as (
    select *
    from marts.cluster_indicators
    where level <> 'all'
        and employment is not null
)

select * from differences
