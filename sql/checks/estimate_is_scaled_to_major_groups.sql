-- Scaled estimates add up to the area's published major groups. Major groups that are not published stay as
-- estimated.
-- table: marts.cluster_by_industry_estimate
-- severity: error
-- expected: jobs of each area = its published major groups + the estimate of the others, within 1e-6 and a job
with

estimated as (
    select home.area_id, occupation.major_code, sum(home.employment) as employment
    from core.area_home_employment as home
    inner join reference.oews_occupation as occupation on occupation.soc_code = home.soc_code
    group by home.area_id, occupation.major_code
),

expected as (
    select
        estimated.area_id,
        sum(coalesce(cast(published.employment as double), estimated.employment)) as employment,
        100.0 * coalesce(sum(estimated.employment) filter (where published.employment is not null), 0)
            / sum(estimated.employment)
            as scaled_pct
    from estimated
    left join core.oews_area_occupation as published
        on published.area_id = estimated.area_id
        and published.soc_code = estimated.major_code
        and published.occupation_group = 'major'
    group by estimated.area_id
),

found as (
    select
        area_id,
        sum(employment) as employment,
        sum(qcew_jobs * scaled_pct) / nullif(sum(qcew_jobs), 0) as scaled_pct
    from marts.cluster_by_industry_estimate
    where level = 'all'
    group by area_id
)

select
    expected.area_id,
    expected.employment as expected_employment,
    found.employment,
    expected.scaled_pct as expected_scaled_pct,
    found.scaled_pct
from expected
left join found on found.area_id = expected.area_id
where found.area_id is null
    or abs(found.employment - expected.employment) > 1 + 1e-6 * expected.employment
    or abs(found.scaled_pct - expected.scaled_pct) > 0.001
order by expected.area_id
