-- Published jobs and sampling error of every node recomputed from weights and published cells: duplicated as plain sums
-- over the member occupations, unduplicated weighted.
-- table: marts.cluster_indicators
-- severity: error
-- expected: jobs within 0.01, error within 0.001 points; missing alike
-- keys: area_id, level, cluster_id, sub_cluster_id, basis
-- figures: employment_published within 0.01; employment_rse_pct within 0.001
with

member_cell as (select * from member_cells),

expected as (
    select
        area_id,
        level,
        cluster_id,
        sub_cluster_id,
        basis,
        sum(jobs) as employment_published,
        sqrt(sum(power(jobs * employment_rse_pct, 2))) / nullif(sum(jobs), 0) as employment_rse_pct
    from member_cell
    group by all
),

found as (
    select *
    from marts.cluster_indicators
    where level <> 'all'
        and employment_published > 0
)

select * from differences
