-- A pooled percentile is known up to the lowest top-coded percentile of its occupations. Above that, this bound is
-- the answer, marked as top-coded.
-- table: marts.cluster_indicators
-- severity: error
-- expected: status top_coded exactly at the bound, within 0.01 USD, and no percentile above it
with

member as (select * from scheme_members),

bound as (
    select
        part.area_id,
        member.basis,
        member.cluster_id,
        member.sub_cluster_id,
        min(wage.top_coded_from_usd) as bound_usd
    from core.occupation_wage as wage
    inner join core.area_part as part on part.part_area_id = wage.area_id
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = part.area_id
    inner join member
        on member.scheme = area_scheme.scheme
        and member.soc_code = wage.soc_code
    where wage.occupation_group = 'detailed'
        and wage.employment > 0
        and wage.has_percentiles
    group by part.area_id, member.basis, member.cluster_id, member.sub_cluster_id
),

wage as (
    select area_id, basis, cluster_id, sub_cluster_id, 'p10' as statistic,
        wage_p10_usd as wage_usd, wage_p10_status as wage_status
    from marts.cluster_indicators
    where level <> 'all'
    union all
    select area_id, basis, cluster_id, sub_cluster_id, 'p25' as statistic,
        wage_p25_usd as wage_usd, wage_p25_status as wage_status
    from marts.cluster_indicators
    where level <> 'all'
    union all
    select area_id, basis, cluster_id, sub_cluster_id, 'p50' as statistic,
        wage_p50_usd as wage_usd, wage_p50_status as wage_status
    from marts.cluster_indicators
    where level <> 'all'
    union all
    select area_id, basis, cluster_id, sub_cluster_id, 'p75' as statistic,
        wage_p75_usd as wage_usd, wage_p75_status as wage_status
    from marts.cluster_indicators
    where level <> 'all'
    union all
    select area_id, basis, cluster_id, sub_cluster_id, 'p90' as statistic,
        wage_p90_usd as wage_usd, wage_p90_status as wage_status
    from marts.cluster_indicators
    where level <> 'all'
)

select
    wage.area_id,
    wage.cluster_id,
    wage.sub_cluster_id,
    wage.basis,
    wage.statistic,
    wage.wage_status,
    wage.wage_usd,
    bound.bound_usd
from wage
left join bound
    on bound.area_id = wage.area_id
    and bound.basis = wage.basis
    and bound.cluster_id = wage.cluster_id
    and bound.sub_cluster_id = wage.sub_cluster_id
where wage.wage_usd > bound.bound_usd + 0.01
    or (wage.wage_status = 'top_coded' and abs(wage.wage_usd - coalesce(bound.bound_usd, 0)) > 0.01)
    or (wage.wage_status <> 'top_coded' and wage.wage_usd > bound.bound_usd - 0.001)
order by wage.area_id, wage.cluster_id, wage.sub_cluster_id, wage.basis, wage.statistic
