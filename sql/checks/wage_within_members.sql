-- A pooled percentile or mean lies between the lowest and the highest of the occupations it is pooled from.
-- table: marts.cluster_indicators
-- severity: error
-- expected: p10, p50, p90 and mean within the range of the member occupations in the area, within 0.01 USD
with

member as (select * from scheme_members),

bound as (
    select
        part.area_id,
        member.level,
        member.cluster_id,
        member.sub_cluster_id,
        member.basis,
        min(wage.wage_mean_usd) as mean_low,
        max(wage.wage_mean_usd) as mean_high,
        min(wage.wage_p10_usd) as p10_low,
        max(wage.wage_p10_usd) as p10_high,
        min(wage.wage_p50_usd) as p50_low,
        max(wage.wage_p50_usd) as p50_high,
        min(wage.wage_p90_usd) as p90_low,
        max(wage.wage_p90_usd) as p90_high,
        min(wage.top_coded_from_usd) as top_coded_from_usd
    from core.occupation_wage as wage
    inner join core.area_part as part on part.part_area_id = wage.area_id
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = part.area_id
    inner join member
        on member.scheme = area_scheme.scheme
        and member.soc_code = wage.soc_code
    where wage.occupation_group = 'detailed'
        and wage.employment > 0
    group by part.area_id, member.level, member.cluster_id, member.sub_cluster_id, member.basis
)

select
    indicator.area_id,
    indicator.cluster_id,
    indicator.sub_cluster_id,
    indicator.basis,
    indicator.wage_p50_usd,
    bound.p50_low,
    bound.p50_high,
    indicator.wage_mean_usd,
    bound.mean_low,
    bound.mean_high
from marts.cluster_indicators as indicator
left join bound
    on bound.area_id = indicator.area_id
    and bound.level = indicator.level
    and bound.cluster_id = indicator.cluster_id
    and bound.sub_cluster_id = indicator.sub_cluster_id
    and bound.basis = indicator.basis
where indicator.level <> 'all'
    and (
        (bound.area_id is null and coalesce(indicator.wage_mean_usd, indicator.wage_p50_usd) is not null)
        or indicator.wage_mean_usd < bound.mean_low - 0.01
        or indicator.wage_mean_usd > bound.mean_high + 0.01
        or indicator.wage_p10_usd < least(bound.p10_low, coalesce(bound.top_coded_from_usd, bound.p10_low)) - 0.01
        or indicator.wage_p10_usd > bound.p10_high + 0.01
        or indicator.wage_p50_usd < least(bound.p50_low, coalesce(bound.top_coded_from_usd, bound.p50_low)) - 0.01
        or indicator.wage_p50_usd > bound.p50_high + 0.01
        or indicator.wage_p90_usd < least(bound.p90_low, coalesce(bound.top_coded_from_usd, bound.p90_low)) - 0.01
        or indicator.wage_p90_usd > bound.p90_high + 0.01
    )
order by indicator.area_id, indicator.cluster_id, indicator.sub_cluster_id, indicator.basis
