-- Location quotients recomputed from weights and published employment. The nation counts only occupations that the
-- area publishes; in a region those that its areas publish, each by its share of the region's jobs. There is no
-- quotient where too little of a cluster is published.
-- table: marts.cluster_indicators
-- severity: error
-- expected: the same quotient within 1e-5 of its size plus 1e-6, none below the parameter's least coverage
with

parameter as (
    select max(value) as min_coverage_pct
    from reference.method_parameter
    where parameter = 'lq_min_coverage_pct'
),

nation as (
    select soc_code, cast(employment as double) as employment
    from core.oews_area_occupation
    where area_id = 'US'
),

nation_total as (
    select employment
    from nation
    where soc_code = '00-0000'
),

published_total as (
    select area_id, cast(employment as double) as employment
    from core.oews_area_occupation
    where soc_code = '00-0000'
),

area_total as (
    select part.area_id, sum(part.share * published_total.employment) as employment
    from core.area_part as part
    inner join published_total on published_total.area_id = part.part_area_id
    group by part.area_id
),

member as (select * from scheme_members),

summed as (
    select
        part.area_id,
        member.cluster_id,
        member.sub_cluster_id,
        member.basis,
        sum(member.weight * part.share * figure.employment) as employment,
        sum(member.weight * nation.employment * part.share * part_total.employment) / max(area_total.employment)
            as national_employment
    from core.oews_area_occupation as figure
    inner join core.area_part as part on part.part_area_id = figure.area_id
    inner join core.area_group_scheme as area_scheme on area_scheme.area_id = part.area_id
    inner join member
        on member.scheme = area_scheme.scheme
        and member.soc_code = figure.soc_code
    inner join nation on nation.soc_code = figure.soc_code
    inner join published_total as part_total on part_total.area_id = figure.area_id
    inner join area_total on area_total.area_id = part.area_id
    where figure.occupation_group = 'detailed'
        and figure.employment is not null
    group by part.area_id, member.cluster_id, member.sub_cluster_id, member.basis
),

expected as (
    select
        summed.area_id,
        summed.cluster_id,
        summed.sub_cluster_id,
        summed.basis,
        (summed.employment / area_total.employment) / nullif(summed.national_employment / nation_total.employment, 0)
            as location_quotient
    from summed
    inner join area_total on area_total.area_id = summed.area_id
    cross join nation_total
)

select
    indicator.area_id,
    indicator.cluster_id,
    indicator.sub_cluster_id,
    indicator.basis,
    indicator.coverage_pct,
    indicator.location_quotient,
    expected.location_quotient as expected_location_quotient
from marts.cluster_indicators as indicator
cross join parameter
left join expected
    on expected.area_id = indicator.area_id
    and expected.cluster_id = indicator.cluster_id
    and expected.sub_cluster_id = indicator.sub_cluster_id
    and expected.basis = indicator.basis
where indicator.level <> 'all'
    and (
        abs(indicator.location_quotient - coalesce(expected.location_quotient, -1))
            > 1e-6 + 1e-5 * indicator.location_quotient
        or (indicator.location_quotient is not null and indicator.coverage_pct < parameter.min_coverage_pct - 0.001)
        or (indicator.location_quotient is null and expected.location_quotient is not null
            and indicator.coverage_pct > parameter.min_coverage_pct + 0.001)
    )
order by indicator.area_id, indicator.cluster_id, indicator.sub_cluster_id, indicator.basis
