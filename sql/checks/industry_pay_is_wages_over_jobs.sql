-- Average pay is wages over jobs of the same cells, recomputed from the publisher's rows.
-- table: marts.industry_indicators
-- severity: error
-- expected: pay of each cluster = sum of wages / sum of jobs over its published cells
-- parts: year
with

published as (select * from qcew_cells),

recomputed as (
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
)

select
    indicator.area_id,
    indicator.cluster_id,
    indicator.year,
    indicator.pay_annual_avg_usd,
    recomputed.pay_annual_avg_usd as expected_pay
from marts.industry_indicators as indicator
left join recomputed
    on recomputed.area_id = indicator.area_id
    and recomputed.year = indicator.year
    and recomputed.cluster_id = indicator.cluster_id
where indicator.level = 'cluster'
    and indicator.ownership = 'all'
    and abs(coalesce(indicator.pay_annual_avg_usd, -1) - coalesce(recomputed.pay_annual_avg_usd, -1)) > 0.006
order by indicator.area_id, indicator.cluster_id, indicator.year
