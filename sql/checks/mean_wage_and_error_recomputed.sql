-- Mean wage and relative standard error of every cluster worked out anew from weights and published cells.
-- table: marts.cluster_indicators
-- severity: error
-- expected: mean wage within 0.01 USD (a top-coded one at its bound), error within 0.001 points; missing alike
with

sub_cluster_member as (
    select 'unduplicated' as basis, cluster_id, sub_cluster_id, soc_code, weight
    from marts.soc_allocation
    where weight > 0
    union all
    select 'duplicated' as basis, cluster_id, sub_cluster_id, soc_code, 1.0 as weight
    from reference.soc_sub_cluster
),

member as (
    select basis, 'sub_cluster' as level, cluster_id, sub_cluster_id, soc_code, weight
    from sub_cluster_member
    union all
    -- an occupation in several sub-clusters is in their cluster once
    select
        basis,
        'cluster' as level,
        cluster_id,
        'all' as sub_cluster_id,
        soc_code,
        case when basis = 'duplicated' then 1.0 else sum(weight) end as weight
    from sub_cluster_member
    group by basis, cluster_id, soc_code
),

expected as (
    select
        wage.area_id,
        member.level,
        member.cluster_id,
        member.sub_cluster_id,
        member.basis,
        sum(member.weight * wage.employment * wage.wage_mean_usd)
            / nullif(sum(case when wage.wage_mean_usd is not null then member.weight * wage.employment end), 0)
            as wage_mean_usd,
        sqrt(sum(power(member.weight * wage.employment * wage.employment_rse_pct, 2)))
            / nullif(sum(member.weight * wage.employment), 0) as employment_rse_pct
    from core.occupation_wage as wage
    inner join member on member.soc_code = wage.soc_code
    where wage.occupation_group = 'detailed'
        and wage.employment is not null
    group by wage.area_id, member.level, member.cluster_id, member.sub_cluster_id, member.basis
)

select
    indicator.area_id,
    indicator.cluster_id,
    indicator.sub_cluster_id,
    indicator.basis,
    indicator.wage_mean_usd,
    expected.wage_mean_usd as expected_wage_mean_usd,
    indicator.employment_rse_pct,
    expected.employment_rse_pct as expected_employment_rse_pct
from marts.cluster_indicators as indicator
left join expected
    on expected.area_id = indicator.area_id
    and expected.level = indicator.level
    and expected.cluster_id = indicator.cluster_id
    and expected.sub_cluster_id = indicator.sub_cluster_id
    and expected.basis = indicator.basis
where indicator.level <> 'all'
    and (
        (indicator.wage_mean_usd is null) <> (expected.wage_mean_usd is null)
        or abs(indicator.wage_mean_usd - expected.wage_mean_usd) > 0.01
        or (indicator.employment_rse_pct is null) <> (expected.employment_rse_pct is null)
        or abs(indicator.employment_rse_pct - expected.employment_rse_pct) > 0.001
    )
order by indicator.area_id, indicator.cluster_id, indicator.sub_cluster_id, indicator.basis
