-- Average pay is wages over jobs of the same cells, recomputed from the publisher's rows.
-- table: marts.industry_indicators
-- severity: error
-- expected: pay of each cluster = sum of wages / sum of jobs over its published cells
-- parts: year
-- keys: area_id, year, cluster_id
-- figures: pay_annual_avg_usd within 0.006
with

published as (select * from qcew_cells),

expected as (
    select
        qcew.area_id,
        qcew.year,
        industry.cluster_id,
        sum(qcew.wages_usd) / nullif(sum(qcew.employment), 0) as pay_annual_avg_usd
    from published as qcew
    inner join core.qcew_industry as industry
        on industry.year = qcew.year
        and industry.naics_code = qcew.naics_code
        and industry.is_cluster_frontier
    where qcew.own_code <> '0'
        and qcew.status = 'ok'
    group by qcew.area_id, qcew.year, industry.cluster_id
    having sum(qcew.employment) > 0
),

found as (
    select area_id, year, cluster_id, pay_annual_avg_usd
    from marts.industry_indicators
    where level = 'cluster'
        and ownership = 'all'
        and pay_annual_avg_usd is not null
)

select * from differences
