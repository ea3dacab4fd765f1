-- Mean wage and relative standard error of every cluster recomputed from weights and published cells.
-- table: marts.cluster_indicators
-- severity: error
-- expected: mean wage within 0.01 USD (a top-coded one at its bound), error within 0.001 points; missing alike
-- keys: area_id, level, cluster_id, sub_cluster_id, basis
-- figures: wage_mean_usd within 0.01; employment_rse_pct within 0.001
with

member as (select * from scheme_members),

expected as (
    select
        part.area_id,
        member.level,
        member.cluster_id,
        member.sub_cluster_id,
        member.basis,
        sum(member.weight * part.share * wage.employment * wage.wage_mean_usd)
            / nullif(
                sum(member.weight * part.share * wage.employment) filter (where wage.wage_mean_usd is not null), 0
            )
            as wage_mean_usd,
        sqrt(sum(power(member.weight * part.share * wage.employment * wage.employment_rse_pct, 2)))
            / nullif(sum(member.weight * part.share * wage.employment), 0) as employment_rse_pct
    from core.occupation_wage as wage
    inner join core.area_part as part on part.part_area_id = wage.area_id
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = part.area_id
    inner join member
        on member.scheme = area_scheme.scheme
        and member.soc_code = wage.soc_code
    where wage.occupation_group = 'detailed'
        and wage.employment is not null
    group by part.area_id, member.level, member.cluster_id, member.sub_cluster_id, member.basis
),

found as (
    select area_id, level, cluster_id, sub_cluster_id, basis, wage_mean_usd, employment_rse_pct
    from marts.cluster_indicators
    where level <> 'all'
        and coalesce(employment, wage_mean_usd, employment_rse_pct) is not null
)

select * from differences
