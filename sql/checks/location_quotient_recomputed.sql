-- Location quotients recomputed from weights and published employment. The nation counts only occupations that the
-- area publishes; in a region those that its areas publish, each by its share of the region's jobs. There is no
-- quotient where too little of a cluster is published.
-- table: marts.cluster_indicators
-- severity: error
-- expected: the same quotient within 1e-5 of its size plus 1e-6, none below the parameter's least coverage
with

member_cell as (select * from member_cells),

parameter as (
    select value as min_coverage_pct
    from reference.method_parameter
    where parameter = 'lq_min_coverage_pct'
),

expected as (
    select area_id, cluster_id, sub_cluster_id, basis,
        sum(jobs / area_jobs) / nullif(sum(national_jobs), 0) as share_of_area_by_national_jobs
    from member_cell
    group by all
),

compared as (
    select
        indicator.area_id,
        indicator.cluster_id,
        indicator.sub_cluster_id,
        indicator.basis,
        indicator.coverage_pct - parameter.min_coverage_pct as spare_coverage_pct,
        indicator.location_quotient,
        expected.share_of_area_by_national_jobs * nation.employment as expected_location_quotient
    from marts.cluster_indicators as indicator
    cross join parameter
    left join core.oews_area_occupation as nation
        on nation.area_id = 'US'
        and nation.soc_code = '00-0000'
    left join expected
        on expected.area_id = indicator.area_id
        and expected.cluster_id = indicator.cluster_id
        and expected.sub_cluster_id = indicator.sub_cluster_id
        and expected.basis = indicator.basis
    where indicator.level <> 'all'
)

select *
from compared
where abs(location_quotient - coalesce(expected_location_quotient, -1)) > 1e-6 + 1e-5 * location_quotient
    or (location_quotient is not null and spare_coverage_pct < -0.001)
    or (location_quotient is null and expected_location_quotient is not null and spare_coverage_pct > 0.001)
order by area_id, cluster_id, sub_cluster_id, basis
